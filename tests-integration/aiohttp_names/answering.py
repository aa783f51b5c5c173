"""HTTP servers of the standard library, in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer

__all__ = ["AnsweringHandler", "serving", "web_server"]


class AnsweringHandler(BaseHTTPRequestHandler):
    """Answers requests, and keeps its connections."""

    protocol_version = "HTTP/1.1"

    def body(self) -> bytes:
        """Read the body of the request, whose length has to be said."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(
        self, body: bytes, content_type: str = "text/plain", status: int = 200, **fields: str
    ) -> None:
        """Answer with *body*; the names of *fields* have underscores for hyphens."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """Let *server* serve in a thread until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def web_server(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve with *handler*; give the URL, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"
