"""One test's world: a loop, a fault server, a session; and what has to hold at its end."""

import asyncio
import gc
import re
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import cache
from typing import Any, Final

import pytest
import trustme
import uvloop

import martlet
from open_sockets import socket_names

from .fault_server import FaultServer, Step

__all__ = ["LOOPS", "World", "client_context", "run", "server_context"]

LoopFactory = Callable[[], asyncio.AbstractEventLoop]

LOOPS: Final = pytest.mark.parametrize(
    "loop_factory",
    [
        pytest.param(asyncio.new_event_loop, id="asyncio"),
        pytest.param(uvloop.new_event_loop, id="uvloop"),
    ],
)
# Cleaning up takes iterations of the loop, but never time.
_FEW: Final = 10
_QUIET: Final = re.compile(
    r"<TCPConnector (unused|Pool 0 active, \d+ idle, 0 dialling, 0 waiting)>"
)


@cache
def authority() -> trustme.CA:
    return trustme.CA()


@cache
def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@cache
def client_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


class World:
    """What a test gets."""

    def __init__(self, server: FaultServer, session: martlet.ClientSession) -> None:
        self.server = server
        self.session = session
        self.url = server.url
        self.complaints: list[dict[str, Any]] = []
        self.others: list[asyncio.Task[Any]] = []
        self.sessions: list[martlet.ClientSession] = [session]

    async def fetch(self, url: str = "", **options: Any) -> bytes:
        """Make a GET request and read the body."""
        async with self.session.get(url or self.url, **options) as response:
            return await response.read()

    def beside(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Let something else go on at the same time; it has to succeed."""
        self.others.append(asyncio.get_running_loop().create_task(coroutine))

    def replace_session(self, **options: Any) -> None:
        """Take another session."""
        self.session = martlet.ClientSession(**options)
        self.sessions.append(self.session)

    async def check(self, sockets: int) -> None:
        """Hold the invariants: nothing stays behind, and the next request works."""
        self.server.gate.set()
        for other in self.others:
            await other
        await until(lambda: all(_is_quiet(session) for session in self.sessions))
        self.server.scripts.clear()
        if self.session.closed:
            self.replace_session(connector=_connector())
        assert await self.fetch() == b"ok", "the next request"
        for session in self.sessions:
            await session.close()
        gc.collect()
        await until(lambda: not self._strangers())
        await until(lambda: foreign_sockets(self.server.port) == sockets)
        ours = [complaint for complaint in self.complaints if not _is_of_the_server(complaint)]
        assert ours == []
        assert self.server.errors == []

    def _strangers(self) -> set[asyncio.Task[Any]]:
        return asyncio.all_tasks() - self.server.tasks - {asyncio.current_task(), None}


def _is_of_the_server(complaint: dict[str, Any]) -> bool:
    # It lives in the same loop, which says so when a client leaves during the handshake.
    return isinstance(complaint.get("protocol"), asyncio.StreamReaderProtocol)


def _is_quiet(session: martlet.ClientSession) -> bool:
    return session.closed or _QUIET.fullmatch(repr(session.connector)) is not None


async def until(condition: Callable[[], bool]) -> None:
    """Grant a few iterations of the loop until *condition* holds."""
    for _ in range(_FEW):
        if condition():
            return
        await asyncio.sleep(0)
    assert condition()


def foreign_sockets(port: int) -> int:
    """Count the sockets of this process, but for those of the server at *port*."""
    return sum(not (isinstance(name, tuple) and name[1] == port) for name in socket_names())


def _connector(**options: Any) -> martlet.TCPConnector:
    return martlet.TCPConnector(ssl=client_context(), **options)


def run(
    loop_factory: LoopFactory,
    scenario: Callable[[World], Awaitable[None]],
    *scripts: Sequence[Step],
    tls: bool = False,
    connector: dict[str, Any] | None = None,
    **session_options: Any,
) -> None:
    """Run *scenario* against a server with *scripts*, and hold the invariants after it."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = FaultServer(scripts)
        await server.start(server_context() if tls else None)
        sockets = foreign_sockets(server.port)
        session = martlet.ClientSession(connector=_connector(**connector or {}), **session_options)
        world = World(server, session)
        loop.set_exception_handler(lambda _, context: world.complaints.append(context))
        try:
            await scenario(world)
            await world.check(sockets)
        finally:
            for task in world.others:
                task.cancel()
            for opened in world.sessions:
                await opened.close()
            await server.close()

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(main())
