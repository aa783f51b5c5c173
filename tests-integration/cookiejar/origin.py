"""A server that sets the cookies it is told to set and remembers those it gets.

It also answers as a proxy, for whatever host is asked of it: so clients can speak to example.org.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

__all__ = ["Origin", "Seen", "serve"]


class Seen(NamedTuple):
    """A request."""

    host: str
    """As in the Host field, without the port."""
    path: str
    cookie: str | None
    """UTF-8, with surrogates for what is none."""


class Origin:
    """The server's memory."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, list[str]] = {}
        """Set-Cookie fields by path."""
        self.redirects: dict[str, str] = {}
        """Targets by path."""
        self.seen: list[Seen] = []

    @property
    def last(self) -> str | None:
        """The Cookie field of the last request."""
        return self.seen[-1].cookie


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    origin: Origin

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        host = self.headers["Host"].rpartition(":")[0] or self.headers["Host"]
        cookie = self.headers["Cookie"]
        if cookie is not None:
            cookie = cookie.encode("latin-1").decode("utf-8", "surrogateescape")
        self.origin.seen.append(Seen(host, path, cookie))
        target = self.origin.redirects.get(path)
        self.send_response(302 if target else 200)
        if target:
            self.send_header("Location", target)
        for line in self.origin.cookies.get(path, []):
            octets = line.encode("utf-8", "surrogateescape")
            self.send_header("Set-Cookie", octets.decode("latin-1"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def serve(host: str = "127.0.0.1") -> Iterator[Origin]:
    class Handler(_Handler):
        pass

    with ThreadingHTTPServer((host, 0), Handler) as server:
        Handler.origin = origin = Origin(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield origin
        finally:
            server.shutdown()
            thread.join()
