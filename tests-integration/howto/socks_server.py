"""A SOCKS5 server (RFC 1928): CONNECT, with username and password (RFC 1929) or without.

It writes down what it is asked for, and leads names to servers of this machine, so a test can tell
that a connection went this way and no other.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["NOT_ALLOWED", "REFUSED", "UNREACHABLE", "Asked", "SocksServer", "serve_socks"]

NOT_ALLOWED: Final = 2
"""Connection not allowed by ruleset (section 6)."""
UNREACHABLE: Final = 4
"""Host unreachable (section 6)."""
REFUSED: Final = 5
"""Connection refused (section 6)."""

_HERE: Final = "127.0.0.1"
_VERSION: Final = 5
_NO_AUTHENTICATION: Final = 0
_PASSWORD: Final = 2
_NOT_ACCEPTABLE: Final = 255
_CONNECT: Final = 1
_SUCCEEDED: Final = 0
_COMMAND_NOT_SUPPORTED: Final = 7
_LENGTHS: Final = MappingProxyType({1: 4, 4: 16})
_NAME: Final = 3
_SOME: Final = 64 * 1024


class Asked(NamedTuple):
    """What a client wanted to be connected with."""

    host: str
    port: int
    user: str | None


class SocksServer:
    """Connects clients with who they ask for, or with nobody.

    *passwords*: of the users; without any, nobody is asked who he is. *routes*: the ports of
    127.0.0.1 to which hosts and ports lead; 127.0.0.1 itself can be reached on all its ports, and
    no other host at all. *refuse*: the reply code for everybody, instead of a connection. *silent*:
    nobody gets as much as an answer to his greeting.
    """

    def __init__(
        self,
        *,
        passwords: Mapping[str, str],
        routes: Mapping[tuple[str, int], int],
        refuse: int | None = None,
        silent: bool = False,
        hangs_up: bool = False,
    ) -> None:
        self.asked: list[Asked] = []
        self.port = 0
        self._passwords = passwords
        self._routes = routes
        self._refuse = refuse
        self._silent = silent
        self._hangs_up = hangs_up
        self._open: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        """Where it is, with the credentials of its first user, if there are any."""
        who = "".join(f"{user}:{word}@" for user, word in [*self._passwords.items()][:1])
        return f"socks5://{who}{_HERE}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client until either end is done."""
        task = asyncio.current_task()
        self._open[task] = writer
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            await _end(writer)
            del self._open[task]

    async def close(self) -> None:
        """Cut all connections; each notices by itself and ends."""
        tasks = [task for task in self._open if task is not None]
        for writer in self._open.values():
            writer.transport.abort()
        await asyncio.gather(*tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._silent:
            await reader.read()
        if self._silent or self._hangs_up:
            return
        accepted, user = await self._greet(reader, writer)
        if not accepted:
            return
        _version, command, _reserved, kind = await reader.readexactly(4)
        host = await _host(reader, kind)
        port = int.from_bytes(await reader.readexactly(2))
        self.asked.append(Asked(host, port, user))
        if command != _CONNECT or self._refuse is not None:
            _reply(writer, _COMMAND_NOT_SUPPORTED if self._refuse is None else self._refuse)
            return
        known = any(host == name for name, _ in self._routes)
        if not known and host != _HERE:
            _reply(writer, UNREACHABLE)
            return
        try:
            here = self._routes[host, port] if known else port
            there = await asyncio.open_connection(_HERE, here)
        except (KeyError, OSError):
            _reply(writer, REFUSED)
            return
        _reply(writer, _SUCCEEDED)
        try:
            await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))
        finally:
            await _end(there[1])

    async def _greet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[bool, str | None]:
        """Agree on a method and do it; tell whether the client may go on, and who it is."""
        _version, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        method = _PASSWORD if self._passwords else _NO_AUTHENTICATION
        if method not in offered:
            writer.write(bytes([_VERSION, _NOT_ACCEPTABLE]))
            return False, None
        writer.write(bytes([_VERSION, method]))
        if method == _NO_AUTHENTICATION:
            return True, None
        await reader.readexactly(1)
        user, password = [(await _sized(reader)).decode() for _ in range(2)]
        right = self._passwords.get(user) == password
        writer.write(bytes([1, 0 if right else 1]))
        return right, user


@asynccontextmanager
async def serve_socks(
    *,
    passwords: Mapping[str, str] = MappingProxyType({}),
    routes: Mapping[tuple[str, int], int] = MappingProxyType({}),
    refuse: int | None = None,
    silent: bool = False,
    hangs_up: bool = False,
) -> AsyncIterator[SocksServer]:
    """Run a `SocksServer` on 127.0.0.1 until the end of the block."""
    served = SocksServer(
        passwords=passwords, routes=routes, refuse=refuse, silent=silent, hangs_up=hangs_up
    )
    server = await asyncio.start_server(served.serve, _HERE, 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        await served.close()
        await server.wait_closed()


def _reply(writer: asyncio.StreamWriter, code: int) -> None:
    # The address that it connected from, which nobody has to tell.
    writer.write(bytes([_VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]))


async def _host(reader: asyncio.StreamReader, kind: int) -> str:
    if kind == _NAME:
        return (await _sized(reader)).decode("ascii")
    return str(ip_address(await reader.readexactly(_LENGTHS[kind])))


async def _sized(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly((await reader.readexactly(1))[0])


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_SOME):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
