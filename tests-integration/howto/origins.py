"""An origin for the programs of a page: the same one with and without TLS, each in threads."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

import trustme

__all__ = ["HOST", "ODD_HOST", "PAGE", "Origins", "serve_origins"]

HOST: Final = "example.org"
ODD_HOST: Final = f"{'a' * 64}.example"
"""Where /odd redirects to; DNS has no such names (RFC 1035, section 2.3.4)."""
PAGE: Final = b"<!doctype html><title>Example</title>\n"


class Origins(NamedTuple):
    """Where they listen on 127.0.0.1, and whom to trust for it that they are `HOST`."""

    http: int
    https: int
    trusted: Path
    """The authority's certificate, as a file that OpenSSL reads."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A response's head and body are two packets, and the second would wait for a sign of life.
    disable_nagle_algorithm: ClassVar[bool] = True

    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/odd" else 200)
        if self.path == "/odd":
            self.send_header("Location", f"http://{ODD_HOST}/")
        self.send_header("X-Host", self.headers["Host"])
        self.send_header("X-Peer-Port", str(self.client_address[1]))
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _serving(context: ssl.SSLContext | None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serve_origins(folder: Path) -> Iterator[Origins]:
    """Run both until the end of the block; what they need in files is in *folder*."""
    authority = trustme.CA()
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    with ExitStack() as stack:
        http, https = (stack.enter_context(_serving(one)) for one in (None, context))
        yield Origins(http, https, trusted)
