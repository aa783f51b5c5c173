"""A DNS server on this machine, and a resolver that asks nobody else."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from martlet_connector_pool._async_resolver import AsyncResolver

__all__ = ["AAAA", "A", "Server", "World", "served"]

A, AAAA = 1, 28
NO_ERROR, SERVER_FAILURE, NAME_ERROR, REFUSED = 0, 2, 3, 5

# What the server knows: a name's addresses, or the code of its error (RFC 1035 section 4.1.1).
ZONE: dict[str, list[str] | int] = {
    "both.test": ["192.0.2.7", "2001:db8::7"],
    "four.test": ["192.0.2.4", "192.0.2.5"],
    "six.test": ["2001:db8::6"],
    "none.test": [],
    "nowhere.test": NAME_ERROR,
    "broken.test": SERVER_FAILURE,
    "refused.test": REFUSED,
    "xn--bcher-kva.test": ["192.0.2.8"],
}


class Server(asyncio.DatagramProtocol):
    """A DNS server (RFC 1035). It does not answer for names below silent.test."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.silences = asyncio.Semaphore(0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)
        self.port: int = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        labels = []
        position = 12
        while length := data[position]:
            labels.append(data[position + 1 : position + 1 + length].decode())
            position += 1 + length
        name = ".".join(labels).lower()
        (kind,) = struct.unpack_from("!H", data, position + 1)
        self.asked.append((name, kind))
        if name.endswith("silent.test"):
            self.silences.release()
            return
        known = ZONE.get(name, NAME_ERROR)
        code, addresses = (known, []) if isinstance(known, int) else (NO_ERROR, known)
        answers = [record for address in addresses if (record := self.record(address, kind))]
        head = data[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(answers), 0, 0)
        self.transport.sendto(head + data[12 : position + 5] + b"".join(answers), addr)

    def record(self, address: str, kind: int) -> bytes | None:
        if kind != (AAAA if ":" in address else A):
            return None
        packed = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
        # The name is the one in the question, at 12.
        return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(packed)) + packed


class World:
    """A server and a resolver that asks it."""

    def __init__(self, server: Server, timeout: float) -> None:
        self.server = server
        self.resolver = AsyncResolver(
            None, ["127.0.0.1"], udp_port=server.port, timeout=timeout, tries=1
        )

    async def found(self, host: str, family: socket.AddressFamily = socket.AF_INET) -> list[str]:
        return [result["host"] for result in await self.resolver.resolve(host, 80, family)]

    async def error(self, host: str, family: socket.AddressFamily = socket.AF_INET) -> OSError:
        with pytest.raises(socket.gaierror) as caught:
            await self.resolver.resolve(host, 80, family)
        return caught.value


@asynccontextmanager
async def served(
    sock: socket.socket | None = None, timeout: float = 30
) -> AsyncIterator[tuple[Server, World]]:
    loop = asyncio.get_running_loop()
    complaints: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    where: dict[str, Any] = {"sock": sock} if sock else {"local_addr": ("127.0.0.1", 0)}
    transport, server = await loop.create_datagram_endpoint(Server, **where)
    world = World(server, timeout)
    try:
        yield server, world
    finally:
        await world.resolver.close()
        transport.close()
        await asyncio.sleep(0)
    assert complaints == []
