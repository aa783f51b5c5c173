"""The parser by itself, over plain sockets, with what `http.server` says."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from martlet_exceptions import BadHttpMessage
from martlet_http_parser import ResponseParser, serialize_request_head
from martlet_interfaces import ResponseHead


class Handler(BaseHTTPRequestHandler):
    """Answers with chunks, or with a head that is none."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/bad":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for word in self.path.split("/")[1:]:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(word), word.encode()))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Be silent."""


@pytest.fixture
def connection() -> Iterator[socket.socket]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as sock:
                yield sock
        finally:
            server.shutdown()
            thread.join()


class Body:
    """A sink that keeps what it is fed."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.ended = False

    def feed(self, data: bytes, /) -> None:
        self.pieces.append(data)

    def eof(self) -> None:
        self.ended = True

    def fail(self, exc: BaseException, /) -> None:
        raise AssertionError(exc)


def get(connection: socket.socket, parser: ResponseParser, target: str) -> tuple[int, bytes]:
    heads: list[ResponseHead] = []
    body = Body()

    def on_head(head: ResponseHead) -> Body:
        heads.append(head)
        return body

    parser.expect("GET", on_head)
    connection.sendall(serialize_request_head("GET", target, [("Host", "127.0.0.1")]))
    while not parser.done:
        data = connection.recv(7)
        if data:
            parser.feed(data)
        else:
            parser.feed_eof()
    assert body.ended
    return heads[0].status, b"".join(body.pieces)


def test_two_requests_on_one_socket(connection: socket.socket) -> None:
    parser = ResponseParser()
    assert get(connection, parser, "/one/two") == (200, b"onetwo")
    assert parser.reusable
    assert get(connection, parser, "/three") == (200, b"three")


def test_what_can_be_read_in_two_ways_is_an_error(connection: socket.socket) -> None:
    with pytest.raises(BadHttpMessage, match="Content-Length is given twice"):
        get(connection, ResponseParser(), "/bad")
