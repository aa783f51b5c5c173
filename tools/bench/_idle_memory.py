"""How much memory a process holds for each idle connection of its pool."""

import asyncio
import ctypes
import gc
import itertools
import socket
from pathlib import Path

from ._sample import Sample
from .clients.shape import BadAnswerError, Client

_ANSWER = len(b"Hello, World!")
_WARMUP = 200


def private_bytes() -> int:
    """Memory of this process alone, without what its allocators keep but do not use."""
    for _ in range(3):
        gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    with Path("/proc/self/smaps_rollup").open() as lines:
        for line in lines:
            # Clean pages belong to files: whether they are private depends on other processes.
            if line.startswith("Private_Dirty:"):
                return int(line.split()[1]) * 1024
    raise BadAnswerError("the kernel does not say how much memory is private")


def open_connections(counter: int) -> int:
    """How many connections the server sees, this one not counted."""
    # Never over TLS: its context would be memory of this process.
    with socket.create_connection(("127.0.0.1", counter), timeout=10) as asking:
        asking.sendall(b"GET /open HTTP/1.1\r\nHost: bench\r\n\r\n")
        return int(asking.recv(4096).rpartition(b"\r\n")[2]) - 1


async def measure_idle(client: Client, base: str, counter: int, connections: int) -> Sample:
    """Open all connections at once, let them rest and compare with the state before.

    *counter* is the port of the server that counts its connections.
    """
    # Whatever is made once, at the first requests, belongs to no connection.
    await client.get(itertools.repeat(f"{base}/now", _WARMUP))
    before = private_bytes()
    opened_before = open_connections(counter)
    answers = await asyncio.gather(
        *(client.get(iter([f"{base}/hold/{connections}"])) for _ in range(connections))
    )
    if sum(answers) != connections * _ANSWER:
        raise BadAnswerError(f"{sum(answers)} bytes in place of {connections * _ANSWER}")
    del answers
    # Callbacks of the last answers still hold their responses.
    await asyncio.sleep(0.2)
    opened = open_connections(counter)
    if opened < connections:
        raise BadAnswerError(f"only {opened} of {connections} connections were kept alive")
    after = private_bytes()
    return Sample(operations=opened - opened_before, memory=after - before)
