"""A server that says more than it was asked cannot answer a later request with it.

What can be guaranteed: let a server send a message (a response that nobody asked for, or
one that comes too late) at the moment S, and let a client hand request N to the transport
of that connection at the moment W. If S is before W, the message is never taken for the
answer to N: not if the event loop has read it by then, and not if it still lies in the
socket. If S is after W, and before the true answer to N, no client can tell the message
from the answer; then it is what the server has answered, and N may get it, or, if the two
are mixed up, a `ClientError`. Whatever happens, the connection has carried one response
too many, so it is not used for another request, and is closed.

Both ends live in one process and one loop, and the server writes to its socket directly,
so the order of S and W is known: at S the server looks into its own socket for requests
that it has not answered yet. What is there was written before S. uvloop sends at the end of
an iteration what was written during it; there the server looks once more at the beginning
of the next one, and a request that has come by then, and was begun before S, may have been
written before S.
"""

import asyncio
import contextlib
import gc
import random
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from typing import Final

import pytest

import martlet

from .world import LOOPS, LoopFactory, client_context, foreign_sockets, server_context, until

TIMINGS: Final = 100  # for each of the seeds, loops, and with and without TLS
SEEDS: Final = 5
KINDS: Final = ("GET", "GET", "chunked", "HEAD", "204", "304")
MOMENTS: Final = (
    "before the answer",
    "before the answer, which comes later",
    "in the answer's segment",
    "right behind the answer",
    "ticks after the answer",
    "while idle",
    "in the tick of the next request, before it",
    "in the tick of the next request, after it",
    "after the next request",
    "while another one queues",
)

ANSWER_MOMENTS: Final = MOMENTS[2:5]


def response(tag: str, kind: str = "GET") -> bytes:
    """Make a response that says in its head, and in its body if it has one, what it is."""
    head = f"\r\nX-Tag: {tag}\r\n"
    match kind:
        case "204" | "304":
            return f"HTTP/1.1 {kind} Fine{head}\r\n".encode()
        case "chunked":
            head += "Transfer-Encoding: chunked\r\n"
            return f"HTTP/1.1 200 OK{head}\r\n{len(tag):x}\r\n{tag}\r\n0\r\n\r\n".encode()
        case _:
            body = "" if kind == "HEAD" else tag
            return f"HTTP/1.1 200 OK{head}Content-Length: {len(tag)}\r\n\r\n{body}".encode()


class Line:
    """The server's end of one connection: it sends and looks at once, not some time."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        self.sock = sock
        self.closed = False
        self.asked: list[int] = []
        """The numbers of the requests that have come and are not answered."""
        self.seen: set[int] = set()
        """Those that the server has begun to answer."""
        self.amid = False
        """Whether a message has begun and not ended."""
        self._got = bytearray()
        self._tls: ssl.SSLObject | None = None
        if context is not None:
            self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    def look(self) -> list[int]:
        """Take what has come; tell which requests are not answered now."""
        while not self.closed:
            try:
                data = self.sock.recv(65536)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if data:
                self._got += data if self._tls is None else self._decrypt(self._tls, data)
            else:
                self.close()
        while b"\r\n\r\n" in self._got:
            head, _, rest = bytes(self._got).partition(b"\r\n\r\n")
            self._got[:] = rest
            self.asked.append(int(head.split(b" ")[1].removeprefix(b"/")))
        return list(self.asked)

    def send(self, data: bytes) -> None:
        """Send *data*, unless the client has gone."""
        if self._tls is not None:
            self._tls.write(data)
            data = self._outgoing.read()
        self._push(data)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            asyncio.get_running_loop().remove_reader(self.sock)
            self.sock.close()

    def _push(self, data: bytes) -> None:
        try:
            if data and not self.closed:
                assert self.sock.send(data) == len(data)
        except OSError:
            self.close()

    def _decrypt(self, tls: ssl.SSLObject, data: bytes) -> bytes:
        self._incoming.write(data)
        plain = b""
        with contextlib.suppress(ssl.SSLWantReadError):
            tls.do_handshake()
            while piece := tls.read(65536):
                plain += piece
        self._push(self._outgoing.read())
        return plain


class Poisoner:
    """A server that answers each request with its number, and says other things besides."""

    def __init__(self, seed: int, loop: asyncio.AbstractEventLoop, tls: bool) -> None:
        self.random = random.Random(seed)
        self.loop = loop
        self.tls = server_context() if tls else None
        self.newest = 0
        """The number of the request that was begun last."""
        self.open_to: dict[str, set[int]] = {}
        """For each message the requests that it may be taken to answer."""
        self.plans: dict[int, tuple[str, str]] = {}
        self.lines: list[Line] = []
        self.poisoned: list[Line] = []
        self.evils = 0
        self._late_writes = not isinstance(loop, asyncio.SelectorEventLoop)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        sock, _ = self._listener.accept()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line = Line(sock, self.tls)
        self.lines.append(line)
        self.loop.add_reader(sock, self._serve, line)

    def _serve(self, line: Line) -> None:
        for number in line.look():
            if number not in line.seen:
                line.seen.add(number)
                self._follow(line, number, *self.plans.get(number, ("GET", "")))

    def _follow(self, line: Line, number: int, kind: str, moment: str) -> None:
        draw = self.random.randrange
        match moment:
            case "before the answer":
                self.poison(line)
                self._answer(line, number, kind)
            case "before the answer, which comes later":
                self.poison(line)
                self.after(draw(1, 5), lambda: self._answer(line, number, kind))
            case "in the answer's segment":
                self._answer(line, number, kind, joined=True)
            case "right behind the answer":
                self._answer(line, number, kind)
                self.poison(line)
            case "ticks after the answer":
                self._answer(line, number, kind)
                self.after(draw(1, 7), lambda: self.poison(line))
            case _:
                self._answer(line, number, kind)

    def _answer(self, line: Line, number: int, kind: str, *, joined: bool = False) -> None:
        if line.closed:
            return
        if line.amid:
            self.after(1, lambda: self._answer(line, number, kind, joined=joined))
            return
        self._note(line, str(number))
        line.asked.remove(number)
        data = response(str(number), kind)
        line.send(data + self._evil(line) if joined else data)

    def poison(self, line: Line) -> None:
        """Send a response that nobody asked for, now; now and then its end comes later."""
        data = self._evil(line)
        if self.random.random() < 0.2:
            cut = self.random.randrange(1, len(data))
            rest, data = data[cut:], data[:cut]
            self.after(self.random.randrange(1, 4), lambda: self._end(line, rest))
            line.amid = True
        line.send(data)

    def _end(self, line: Line, rest: bytes) -> None:
        self._note(line, f"the rest of evil{self.evils}")
        line.amid = False
        line.send(rest)

    def _evil(self, line: Line) -> bytes:
        self.evils += 1
        self.poisoned.append(line)
        tag = f"evil{self.evils}"
        self._note(line, tag)
        return response(tag, self.random.choice(KINDS))

    def _note(self, line: Line, tag: str) -> None:
        newest = self.newest
        open_to = self.open_to[tag] = set(line.look())

        def look_again() -> None:
            if self._late_writes:
                open_to.update(number for number in line.look() if number <= newest)
            self._serve(line)  # what was only looked at

        self.loop.call_soon(look_again)

    def left_alone(self) -> bool:
        """Tell whether the client has closed every line on which it was told too much."""
        for line in self.poisoned:
            line.look()
        return all(line.closed for line in self.poisoned)

    def after(self, ticks: int, act: Callable[[], object]) -> None:
        """Do something so many iterations of the loop from now."""
        if ticks:
            self.loop.call_soon(self.after, ticks - 1, act)
        else:
            act()

    def close(self) -> None:
        self.loop.remove_reader(self._listener)
        self._listener.close()
        for line in self.lines:
            line.close()


class Client:
    """Makes numbered requests over one connection at a time, and judges what it gets."""

    def __init__(self, server: Poisoner, session: martlet.ClientSession) -> None:
        self.server = server
        self.session = session
        self.scheme = "http" if server.tls is None else "https"
        self.outcomes: Counter[str] = Counter()

    async def fetch(self, method: str = "GET") -> None:
        """Make the next request; its answer has to be its own."""
        server = self.server
        number = server.newest = server.newest + 1
        url = f"{self.scheme}://127.0.0.1:{server.port}/{number}"
        try:
            async with self.session.request(method, url) as got:
                tag = got.headers["X-Tag"]
                body = await got.read()
        except martlet.ServerTimeoutError:
            raise
        except martlet.ClientError as exc:
            if not any(number in open_to for open_to in server.open_to.values()):
                raise AssertionError(f"request {number} was not poisoned, and failed") from exc
            self.outcomes["failed"] += 1
            return
        if tag == str(number):
            assert body in (tag.encode(), b"")
            self.outcomes["own"] += 1
        else:
            assert number in server.open_to[tag], f"request {number} got {tag}, sent before it"
            self.outcomes["the server's fault"] += 1

    async def round(self, moment: str) -> None:
        """Let the server poison the line once, at *moment*, and make requests around that."""
        server, draw = self.server, self.server.random
        if draw.random() < 0.8:
            await self.fetch()  # what follows is not the first on its line
        kind = draw.choice(KINDS)
        evils = server.evils
        queued = moment == "while another one queues"
        plan = draw.choice(ANSWER_MOMENTS) if queued else moment
        server.plans[server.newest + 1] = kind, plan
        first = asyncio.create_task(self.fetch("HEAD" if kind == "HEAD" else "GET"))
        second = asyncio.create_task(self.fetch()) if queued else None
        await first
        if second is not None:
            await second
        await self._go_on(moment)
        await self.fetch()
        await until(lambda: server.evils == evils + 1 and server.left_alone())

    async def _go_on(self, moment: str) -> None:
        server, draw = self.server, self.server.random
        line = server.lines[-1]
        match moment:
            case "ticks after the answer":
                await ticks(draw.randrange(7))
            case "while idle":
                await ticks(20)
                server.poison(line)
                await ticks(draw.randrange(1, 6))
            case "in the tick of the next request, before it":
                await ticks(draw.randrange(3))
                server.poison(line)  # and the caller makes a request in this very step
            case "in the tick of the next request, after it" | "after the next request":
                request = asyncio.create_task(self.fetch())
                await asyncio.sleep(0)
                if moment == "after the next request":
                    await ticks(draw.randrange(1, 4))
                server.poison(line)
                await request


async def ticks(count: int) -> None:
    """Let so many iterations of the loop pass."""
    for _ in range(count):
        await asyncio.sleep(0)


@LOOPS
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_request_never_gets_what_was_sent_before_it(
    loop_factory: LoopFactory, tls: bool, seed: int
) -> None:
    complaints = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: complaints.append(context))
        server = Poisoner(seed, loop, tls)
        sockets = foreign_sockets(server.port)
        connector = martlet.TCPConnector(ssl=client_context(), limit=1)
        limits = martlet.ClientTimeout(total=10)
        client = Client(server, martlet.ClientSession(connector=connector, timeout=limits))
        moments = list(MOMENTS) * (TIMINGS // len(MOMENTS))
        server.random.shuffle(moments)
        try:
            for moment in moments:
                await client.round(moment)
            assert "0 active" in repr(connector)
        finally:
            await client.session.close()
            server.close()
        gc.collect()
        await until(lambda: foreign_sockets(server.port) == sockets)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert server.evils == len(moments) == TIMINGS
        assert client.outcomes["own"] >= 2 * TIMINGS
        # Three moments at least are such that nobody could tell.
        assert client.outcomes["the server's fault"] >= TIMINGS // 10
        print(dict(client.outcomes))

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(main())
    assert complaints == []
