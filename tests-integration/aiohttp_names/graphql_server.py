"""As much of a GraphQL server as a client of it can tell: over HTTP, and over WebSockets.

The protocols are those of https://graphql.org/learn/serving-over-http/,
https://github.com/jaydenseric/graphql-multipart-request-spec and, for WebSockets,
https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from .answering import AnsweringHandler

__all__ = ["GraphQLHandler", "web_socket_server"]

_PROTOCOL = "graphql-transport-ws"


def execute(request: dict[str, Any]) -> dict[str, Any]:
    """Answer a query."""
    if "nonsense" in request["query"]:
        return {"errors": [{"message": "no nonsense"}]}
    return {"data": {"hello": f"Hello, {request['variables']['name']}"}}


class GraphQLHandler(AnsweringHandler):
    """Answers queries, several at once as well, and an upload."""

    def do_POST(self) -> None:
        body = self.body()
        if self.path.endswith("/closed"):
            self.answer(b"closed", status=503)
            return
        assert (self.headers["X-Key"], self.headers["Cookie"]) == ("k", "visit=1")
        if self.headers.get_content_type() == "multipart/form-data":
            assert b'name="map"' in body
            assert b'filename="a.txt"' in body
            result: object = {"data": {"upload": b"\r\n\r\ncontent\r\n" in body}}
        else:
            assert self.headers.get_content_type() == "application/json"
            asked = json.loads(body)
            result = execute(asked) if isinstance(asked, dict) else [execute(one) for one in asked]
        self.answer(json.dumps(result).encode(), "application/json", X_Server="local")


def _converse(connection: ServerConnection) -> None:
    """Speak to one client until it leaves; nothing is asked of it before it has said hello."""
    assert connection.subprotocol == _PROTOCOL
    hello = json.loads(connection.recv())
    assert hello == {"type": "connection_init", "payload": {"key": "k"}}
    connection.send(json.dumps({"type": "connection_ack"}))
    for text in connection:
        message = json.loads(text)
        if message["type"] == "subscribe":
            for answer in _answers(message["payload"]):
                connection.send(json.dumps({**answer, "id": message["id"]}))


def _answers(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "count" not in request["query"]:
        yield {"type": "next", "payload": execute(request)}
    else:
        # Of a long count the client has to take only the beginning.
        to = request["variables"]["to"]
        for number in range(1, min(to, 3) + 1):
            yield {"type": "next", "payload": {"data": {"count": number}}}
        if to > 3:
            return
    yield {"type": "complete"}


@contextmanager
def web_socket_server() -> Iterator[str]:
    """Serve until the end of the block; give the URL."""

    def handle(connection: ServerConnection) -> None:
        try:
            _converse(connection)
        except ConnectionClosed as closed:
            ends.append(closed)

    ends: list[ConnectionClosed] = []
    with serve(handle, "127.0.0.1", 0, subprotocols=[Subprotocol(_PROTOCOL)]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        finally:
            server.shutdown()
            thread.join()
    assert not ends  # a client closes properly
