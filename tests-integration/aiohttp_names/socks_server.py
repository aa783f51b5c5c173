"""A SOCKS5 server (RFC 1928, RFC 1929) that finds every name on this machine."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer

from .answering import serving

__all__ = ["SocksServer", "socks_server"]

_SUCCEEDED, _NOT_ALLOWED, _REFUSED = 0, 2, 5


class SocksServer(ThreadingTCPServer):
    """Asks for a name and a password; knows nobody called "forbidden.test"."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.users: list[tuple[str, str]] = []
        self.asked: list[tuple[str, int]] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self.server_address[1]
        return port


class _Handler(StreamRequestHandler):
    server: SocksServer

    def handle(self) -> None:
        version, count = self.rfile.read(2)
        assert version == 5
        assert 2 in self.rfile.read(count)
        self.wfile.write(b"\x05\x02")
        assert self.rfile.read(1) == b"\x01"
        self.server.users.append((self.text(), self.text()))
        self.wfile.write(b"\x01\x00")
        version, command, _, kind = self.rfile.read(4)
        assert (version, command) == (5, 1)
        if kind == 3:
            host = self.text()
        else:
            family = socket.AF_INET6 if kind == 4 else socket.AF_INET
            host = socket.inet_ntop(family, self.rfile.read(16 if kind == 4 else 4))
        (port,) = struct.unpack("!H", self.rfile.read(2))
        self.server.asked.append((host, port))
        if host == "forbidden.test":
            self.reply(_NOT_ALLOWED)
            return
        try:
            there = socket.create_connection(("127.0.0.1", port), timeout=10)
        except OSError:
            self.reply(_REFUSED)
            return
        with there:
            there.settimeout(None)
            self.reply(_SUCCEEDED)
            back = threading.Thread(target=_copy, args=(there, self.connection))
            back.start()
            _copy(self.connection, there)
            back.join()

    def text(self) -> str:
        """Read a text that has its length before it."""
        (length,) = self.rfile.read(1)
        return self.rfile.read(length).decode()

    def reply(self, status: int) -> None:
        """Say what has become of the request."""
        self.wfile.write(bytes([5, status, 0, 1, 127, 0, 0, 1, 0, 0]))


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # either side may tear its connection down
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def socks_server() -> Iterator[SocksServer]:
    """Serve until the end of the block."""
    server = SocksServer()
    with serving(server):
        yield server
