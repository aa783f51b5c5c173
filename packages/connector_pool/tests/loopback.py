"""An origin and a proxy on loopback, without tasks: everything happens in its callbacks."""

import asyncio
import contextlib
import socket
import ssl

import trustme

from .fallible import FallibleContext, RealBIO

__all__ = ["LoopbackServer", "client_context"]

AUTHORITY = trustme.CA()

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKS = [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
    b"c\r\n3\r\ndef\r\n",
    b"0\r\n\r\n",
]


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("localhost", "127.0.0.1", "origin.test").configure_cert(context)
    return context


SERVER_CONTEXT = _server_context()


def client_context() -> FallibleContext:
    """Make a context that trusts the server, and whose objects may fail."""
    context = FallibleContext(ssl.PROTOCOL_TLS_CLIENT)
    AUTHORITY.configure_trust(context)
    return context


class _Socket(socket.socket):
    """A server's: of a class of its own, so that it cannot be made to fail."""


class _TLS:
    """One layer of TLS."""

    def __init__(self) -> None:
        self.incoming, self.outgoing = RealBIO(), RealBIO()
        self.tls = SERVER_CONTEXT.wrap_bio(self.incoming, self.outgoing, server_side=True)

    def decrypt(self, data: bytes) -> bytes:
        self.incoming.write(data)
        plain = b""
        with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            self.tls.do_handshake()
            while piece := self.tls.read(65536):
                plain += piece
        return plain

    def encrypt(self, data: bytes) -> bytes:
        self.tls.write(data)
        return self.outgoing.read()


class _Line:
    """The server's end of one connection."""

    def __init__(self, server: "LoopbackServer", sock: socket.socket) -> None:
        self._server = server
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._layers = [_TLS()] if server.tls else []
        self._got = b""
        self.closed = False
        self._loop.add_reader(sock, self._read)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._loop.remove_reader(self._sock)
            self._sock.close()

    def _read(self) -> None:
        try:
            data = self._sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        try:
            for below, layer in enumerate(self._layers):
                data = layer.decrypt(data)
                self._send(layer.outgoing.read(), below)
        except ssl.SSLError:  # what a client that fails sends may be anything
            self.close()
            return
        self._got += data
        while not self.closed and (rest := self._rest()) is not None:
            request, self._got = self._got, rest
            self._answer(*request.split(b" ", 2)[:2])

    def _rest(self) -> bytes | None:
        """Give what follows the first request, if that is there."""
        head, found, rest = self._got.partition(b"\r\n\r\n")
        if found and b"chunked" in head:
            _, found, rest = rest.partition(b"0\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0] or b"0")
        return rest[length:] if found and len(rest) >= length else None

    def _answer(self, method: bytes, target: bytes) -> None:
        server = self._server
        server.requests.append(f"{method.decode()} {target.decode()}")
        if method == b"CONNECT":
            self.send(b"HTTP/1.1 200 Connected\r\n\r\n")
            self._layers.append(_TLS())
        elif server.drops:
            server.drops -= 1
            self.close()
        elif target.endswith(b"/pieces"):
            self._send_in_turn(CHUNKS)
        else:
            self.send(OK)

    def _send_in_turn(self, pieces: list[bytes]) -> None:
        self.send(pieces[0])
        if pieces[1:]:
            self._loop.call_soon(self._send_in_turn, pieces[1:])

    def send(self, data: bytes) -> None:
        self._send(data, len(self._layers))

    def _send(self, data: bytes, layers: int) -> None:
        if self.closed or not data:
            return
        for layer in reversed(self._layers[:layers]):
            data = layer.encrypt(data)
        try:
            self._sock.send(data)
        except OSError:
            self.close()


class LoopbackServer:
    """Answers each request; the next *drops* ones it answers by closing the connection."""

    def __init__(self, *, tls: bool) -> None:
        self.tls = tls
        self.requests: list[str] = []
        self.drops = 0
        self._loop = asyncio.get_running_loop()
        self._lines: list[_Line] = []
        self._listener = _Socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(100)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        number, _ = self._listener._accept()  # type: ignore[attr-defined]  # for a class of its own
        sock = _Socket(fileno=number)
        sock.setblocking(False)
        # What Nagle's algorithm holds back would be late for a clock that only waits for events.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines.append(_Line(self, sock))

    def close(self) -> None:
        self._loop.remove_reader(self._listener)
        self._listener.close()
        for line in self._lines:
            line.close()
