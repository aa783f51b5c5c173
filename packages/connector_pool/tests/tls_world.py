"""A TLS layer's world: a transport below, a protocol above, and a server made of ssl's own."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Iterable
from typing import Any, Final

import pytest
import trustme

from martlet_connector_pool._tls_layer import Check, TLSLayer

__all__ = [
    "RECORD",
    "VERSIONS",
    "Lower",
    "Peer",
    "RealBIO",
    "Upper",
    "World",
    "client_context",
    "pattern",
    "server_context",
    "versions",
]

AUTHORITY: Final = trustme.CA()
CERTIFICATE: Final = AUTHORITY.issue_cert("origin.test", "localhost")
RealBIO: Final = ssl.MemoryBIO
RECORD: Final = 16 * 1024
VERSIONS: Final = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]

versions = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)


def client_context(
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    kind: type[ssl.SSLContext] = ssl.SSLContext,
) -> ssl.SSLContext:
    context = kind(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = context.maximum_version = version
    AUTHORITY.configure_trust(context)
    return context


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    return context


class Lower(asyncio.Transport):
    """What is below: remembers what is written to it, and what is asked of it."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 443)})
        self.writes: list[bytes] = []
        self.asked: list[object] = []
        self.closing = False
        self.reading = True
        self.unsent = 0

    def take(self) -> bytes:
        data = b"".join(self.writes)
        self.writes.clear()
        return data

    def write(self, data: Any) -> None:
        assert not self.closing, "written to after it was closed"
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True
        self.asked.append("close")

    def abort(self) -> None:
        self.closing = True
        self.asked.append("abort")

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def is_reading(self) -> bool:
        return self.reading

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.asked.append((high, low))


class Upper(asyncio.Protocol):
    """What is above: remembers what it heard; `on_made` and its like may answer."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.pieces: list[bytes] = []
        self.on_made: Callable[[], object] = lambda: None
        self.on_data: Callable[[], object] = lambda: None
        self.on_eof: Callable[[], object] = lambda: None

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.heard.append("made")
        self.on_made()

    def data_received(self, data: bytes) -> None:
        assert isinstance(data, bytes)
        assert data, "nothing is no data"
        assert "made" in self.heard
        self.pieces.append(data)
        self.on_data()

    def eof_received(self) -> None:
        self.heard.append("eof")
        self.on_eof()

    def connection_lost(self, exc: Exception | None) -> None:
        self.heard.append(("lost", exc))

    def pause_writing(self) -> None:
        self.heard.append("pause")

    def resume_writing(self) -> None:
        self.heard.append("resume")


class Peer:
    """The server's side of one layer, on *below* if there is one."""

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        below: "Peer | None" = None,
        greeting: bytes = b"",
    ) -> None:
        self.incoming, self.outgoing = RealBIO(), RealBIO()
        self.tls = (context or server_context()).wrap_bio(
            self.incoming, self.outgoing, server_side=True
        )
        self.below = below
        self.greeting = greeting
        self.ready = False
        self.got = b""
        self.ended = False

    def receive(self, data: bytes) -> None:
        """Take from the wire what a client has sent."""
        if self.below is not None:
            self.below.receive(data)
            data, self.below.got = self.below.got, b""
        self.incoming.write(data)
        with contextlib.suppress(ssl.SSLWantReadError):
            if not self.ready:
                self.tls.do_handshake()
                self.ready = True
                if self.greeting:
                    self.tls.write(self.greeting)
            with contextlib.suppress(ssl.SSLZeroReturnError):
                while piece := self.tls.read(65536):
                    self.got += piece
            self.ended = True

    def take(self) -> bytes:
        """Give what is to go to the wire."""
        data = self.outgoing.read()
        if self.below is None:
            return data
        if data:
            self.below.tls.write(data)
        return self.below.take()

    def send(self, data: bytes) -> bytes:
        for start in range(0, len(data), RECORD):
            self.tls.write(data[start : start + RECORD])
        return self.take()

    def end(self) -> bytes:
        """Say close_notify."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        return self.take()


class World:
    """A layer between a transport and a protocol, and its peer."""

    def __init__(
        self,
        version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
        *,
        context: ssl.SSLContext | None = None,
        peer: Peer | None = None,
        check: Check = lambda _: None,
        name: str = "origin.test",
        kind: type[TLSLayer] = TLSLayer,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.lower, self.upper = Lower(), Upper()
        self.peer = peer or Peer()
        self.done = (loop or asyncio.get_running_loop()).create_future()
        context = context or client_context(version)
        self.layer = kind(context, name, self.upper, check, self.done)

    def feed(self, data: bytes, sizes: Iterable[int] = ()) -> None:
        """Let *data* arrive in pieces of *sizes*, then the rest at once."""
        start = 0
        for size in sizes:
            if start >= len(data):
                return
            self.layer.data_received(data[start : start + size])
            start += size
        if start < len(data):
            self.layer.data_received(data[start:])

    def pump(self, size: int = 1 << 30) -> None:
        """Carry bytes both ways, in pieces of *size*, until none are left."""
        while True:
            sent = self.lower.take()
            if sent:
                self.peer.receive(sent)
            answer = self.peer.take()
            if not sent and not answer:
                return
            self.feed(answer, [size] * (len(answer) // size))

    def open(self) -> "World":
        self.layer.connection_made(self.lower)
        self.pump()
        assert self.done.done()
        return self


def pattern(size: int) -> bytes:
    return bytes(index * 31 % 251 for index in range(251)) * (size // 251 + 1) if size else b""
