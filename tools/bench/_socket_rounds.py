"""Rounds of the WebSocket scenarios: messages that are echoed, and sockets that rest."""

import resource
from itertools import cycle, islice

from ._idle_memory import open_connections, private_bytes
from ._meter import Meter
from ._payloads import socket_messages
from ._sample import Sample
from ._scenarios import IDLE_SOCKETS, Scenario
from .clients.shape import BadAnswerError, SocketClient

_WARMUP = 100
_OTHER_FILES = 500
_OPENED_AT_ONCE = 100


async def echo(scenario: Scenario, client: SocketClient, count: int) -> Sample:
    """Have messages sent back, on the socket that is open. Raises if a byte is missing."""
    messages = islice(cycle(socket_messages(scenario)), count)
    meter = Meter()
    with meter:
        got = await client.echo(messages, scenario.concurrency, text=scenario.compress)
    if got != count * scenario.length:
        raise BadAnswerError(f"{got} bytes of messages in place of {count * scenario.length}")
    return meter.sample(count)


def possible_sockets() -> int:
    """How many idle sockets the limit of open files leaves room for, at most those wanted."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return IDLE_SOCKETS
    return min(IDLE_SOCKETS, soft - _OTHER_FILES)


async def measure_idle_sockets(client: SocketClient, url: str, counter: int, count: int) -> Sample:
    """Open sockets, let them rest and compare with the state before.

    *counter* is the port of the server that counts its connections.
    """
    # Whatever is made once, with the first sockets, belongs to none.
    await client.rest(url, _WARMUP, _OPENED_AT_ONCE)
    before, opened_before = private_bytes(), open_connections(counter)
    await client.rest(url, count, _OPENED_AT_ONCE)
    opened = open_connections(counter) - opened_before
    if opened != count:
        raise BadAnswerError(f"{opened} sockets were open in place of {count}")
    return Sample(operations=count, memory=private_bytes() - before)
