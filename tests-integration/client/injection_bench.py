"""Where what callers say ends up: a server that keeps each byte, and what those bytes must be.

h11 reads them, which has no code in common with what has written them.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final

import h11
import trustme
from attrs import evolve, field, frozen

import martlet
from martlet.abc import ResolveResult

__all__ = ["HOST", "PIECES", "Bench", "Case", "Shape", "benched", "variants"]

HOST: Final = "origin.test"
PIECES: Final = ("\r", "\n", "\r\n", "\0", "\x01", "\x7f", "\u010a", "\ud800")
"""What is put into each text: what ends a line, or could if a careless writer took its low byte."""
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_FREE_BODY: Final = re.compile(rb"(?i)^(text/|application/octet-stream|$)")
_SECONDS: Final = 5

Attempt = Callable[["Bench", str], Awaitable[object]]


@frozen
class Case:
    """One text that a caller gives."""

    where: str
    """The callable and its parameter, ``ClientSession.get(headers)``, or an attribute."""
    part: str
    """Which part of what is given, if it has several."""
    attempt: Attempt = field(repr=False)
    """Gives it, and sends what comes of it."""
    text: str = "value"
    """A harmless one."""
    answers: tuple[bytes, ...] = ()
    """How the server answers the first requests, which the text is in none of; else with 200."""
    refused: bool = False
    """Whether even the harmless one is refused."""
    kept: bool = False
    """Whether what is not refused has to be seen in what is sent, and not just left out."""
    may_drop: bytes = b""
    """A field that is left out with what could not be sent: it comes from a server."""

    @property
    def callable(self) -> str:
        """What is called; an attribute, if one is set."""
        return self.where.partition("(")[0]

    @property
    def parameter(self) -> str:
        """Which of its parameters; of an attribute ``value``."""
        return self.where.partition("(")[2].removesuffix(")") or "value"

    def __str__(self) -> str:
        return f"{self.where} {self.part}".strip()


def variants(text: str) -> list[str]:
    """Give *text* with each of the pieces at its start, in its middle and at its end."""
    middle = len(text) // 2
    return [
        made
        for piece in PIECES
        for made in (piece + text, text[:middle] + piece + text[middle:], text + piece)
    ]


@frozen
class Shape:
    """What is the same for each text: all but what it is encoded in."""

    method: bytes
    names: tuple[bytes, ...]
    parts: tuple[tuple[bytes, ...], ...]
    """The names of the fields of each part of a multipart body."""
    head: bytes = field(eq=False, repr=False)
    """All of the head, for the harmless text."""


class _Wire:
    """What came on one connection."""

    def __init__(self) -> None:
        self.raw = b""
        self.requests: list[tuple[h11.Request, bytes, bytes]] = []
        self.malformed: str | None = None


class Bench:
    """A server, and connectors that find it whatever they ask for."""

    def __init__(self, port: int, tls_port: int) -> None:
        self.port = port
        self.tls_port = tls_port
        self.server_names: list[str] = []
        self._wires: list[_Wire] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: list[bytes] = []
        self._dialled: set[int] = set()

    @property
    def url(self) -> str:
        """The server's URL."""
        return f"http://{HOST}:{self.port}/path"

    @property
    def tls_url(self) -> str:
        """The same, by TLS."""
        return f"https://{HOST}:{self.tls_port}/path"

    def connector(self, **options: Any) -> martlet.TCPConnector:
        """Make a connector."""
        return martlet.TCPConnector(
            resolver=_Everywhere(), socket_factory=self._socket, ssl=False, **options
        )

    def session(self, **options: Any) -> martlet.ClientSession:
        """Make a session."""
        return martlet.ClientSession(connector=self.connector(), timeout=_SECONDS, **options)

    def _socket(self, address: martlet.AddrInfoType) -> socket.socket:
        self._dialled.add(address[4][1])
        return socket.socket(*address[:3])

    def answer_with(self, answer: bytes) -> None:
        """Answer the next request so."""
        self._answers.append(answer)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection."""
        self._tasks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire, http = _Wire(), h11.Connection(h11.SERVER)
        self._wires.append(wire)
        request, body, start = None, b"", 0
        try:
            while data := await reader.read(65536):
                wire.raw += data
                http.receive_data(data)
                while (event := http.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                    if isinstance(event, h11.Request):
                        request, body = event, b""
                    elif isinstance(event, h11.Data):
                        body += bytes(event.data)
                    elif isinstance(event, h11.EndOfMessage) and request is not None:
                        head = wire.raw[start:].partition(b"\r\n\r\n")[0]
                        wire.requests.append((request, body, head))
                        self._answer(http, writer)
                        start = len(wire.raw)
        except h11.RemoteProtocolError as exc:
            wire.malformed = str(exc)
        except OSError:
            pass
        finally:
            writer.transport.abort()

    def _answer(self, http: h11.Connection, writer: asyncio.StreamWriter) -> None:
        if self._answers:
            writer.write(self._answers.pop(0))
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        if http.their_state is h11.DONE:
            # What has been written is none of its business.
            http.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
            http.send(h11.EndOfMessage())
            if http.our_state is h11.DONE:
                http.start_next_cycle()

    async def run(self, case: Case, text: str) -> tuple[Exception | None, list[_Wire]]:
        """Have *case* give *text*; give what it has raised, and all that has arrived."""
        self._wires.clear()
        self._tasks.clear()
        self.server_names.clear()
        self._answers[:] = case.answers
        self._dialled.clear()
        error = None
        try:
            await case.attempt(self, text)
        except Exception as exc:  # noqa: BLE001  # it is judged
            error = exc
        await self._settle()
        return error, [wire for wire in self._wires if wire.raw]

    async def _settle(self) -> None:
        # Connections are accepted in order: when these are there, all before them are, too.
        before = set(self._tasks)
        for port in self._dialled:
            context = _unverified() if port == self.tls_port else None
            _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
            writer.transport.abort()
        while self._tasks - before or any(not task.done() for task in self._tasks):
            before = set(self._tasks)
            await asyncio.gather(*self._tasks)

    async def shape(self, case: Case) -> Shape | None:
        """Give what is sent for the harmless text; ``None`` if nothing is."""
        error, wires = await self.run(case, case.text)
        assert bool(wires) != case.refused, f"{case}: {error!r}"
        if not wires:
            return None
        requests = [found for wire in wires for found in wire.requests]
        assert requests, f"{case}: nothing can be made of {wires[0].raw!r}: {wires[0].malformed}"
        return _shape(*requests[-1])

    async def faults(self, case: Case, text: str, shape: Shape | None) -> list[str]:
        """Say what is wrong with what comes of *text*."""
        error, wires = await self.run(case, text)
        requests = [found for wire in wires for found in wire.requests]
        refused = isinstance(error, ValueError | TypeError)
        faults = [
            f"{wire.malformed}: {wire.raw!r:.300}" for wire in wires if wire.malformed is not None
        ]
        for request, body, head in requests:
            faults += _faults(request, body, head)
        if refused and len(wires) <= 1 and len(requests) <= len(case.answers):
            return faults  # of the first ones, which it was not in
        if refused:
            faults.append(f"{error!r:.200} comes after {wires[0].raw!r:.200}")
        elif not wires or shape is None:
            faults.append(f"nothing is sent, and the outcome is {error!r:.200}")
        elif not requests and not faults:
            faults.append(f"no whole request: {wires[0].raw!r:.300}")
        elif requests and shape is not None:
            found = _shape(*requests[-1])
            if not _matches(found, shape, case.may_drop):
                faults.append(f"{found} in place of {shape}")
            if case.kept and found.head == shape.head:
                faults.append("it is left out without a word")
        return faults + [f"server name {n!r}" for n in self.server_names if not _is_plain(n)]


def _matches(found: Shape, shape: Shape, may_drop: bytes) -> bool:
    names = tuple(name for name in shape.names if name != may_drop)
    return found == shape or (may_drop != b"" and found == evolve(shape, names=names))


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9.-]+", name) is not None


def _shape(request: h11.Request, body: bytes, head: bytes) -> Shape:
    names = tuple(name for name, _ in request.headers.raw_items())
    parts = []
    for part in _parts(request, body):
        lines = part.partition(b"\r\n\r\n")[0].split(b"\r\n")
        parts.append(tuple(line.partition(b":")[0] for line in lines))
    return Shape(request.method, names, tuple(parts), head)


def _parts(request: h11.Request, body: bytes) -> Sequence[bytes]:
    fields = dict(request.headers)
    found = re.search(rb'^multipart/.*boundary="?([^";]+)', fields.get(b"content-type", b""))
    if found is None:
        return ()
    pieces = (b"\r\n" + body).split(b"\r\n--" + found[1])
    return [piece.removeprefix(b"\r\n") for piece in pieces[1:-1]]


def _faults(request: h11.Request, body: bytes, head: bytes) -> list[str]:
    """Find control characters where only text is."""
    faults = [
        f"a control character in {line!r}"
        for line in head.split(b"\r\n")
        if _CONTROLS.search(line) is not None
    ]
    content_type = dict(request.headers).get(b"content-type", b"")
    if content_type.startswith(b"multipart/"):
        for part in _parts(request, body):
            lines = part.partition(b"\r\n\r\n")[0].split(b"\r\n")
            faults += [f"in a part: {line!r}" for line in lines if _CONTROLS.search(line)]
    elif not _FREE_BODY.match(content_type) and _CONTROLS.search(body) is not None:
        faults.append(f"a control character in the body {body!r:.200}")
    return faults


class _Everywhere(martlet.AbstractResolver):
    """Finds every host here."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Find it."""
        found = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
        )
        return [found]

    async def close(self) -> None:
        """Hold nothing."""


@cache
def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@asynccontextmanager
async def benched() -> AsyncIterator[Bench]:
    """Have the server run until the end of the block."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HOST).configure_cert(context)
    bench = Bench(0, 0)

    def named(_: object, name: str | None, __: object) -> None:
        if name is not None:
            bench.server_names.append(name)

    context.sni_callback = named
    async with (
        await asyncio.start_server(bench.accept, "127.0.0.1", 0) as plain,
        await asyncio.start_server(bench.accept, "127.0.0.1", 0, ssl=context) as secure,
    ):
        bench.port = plain.sockets[0].getsockname()[1]
        bench.tls_port = secure.sockets[0].getsockname()[1]
        yield bench
