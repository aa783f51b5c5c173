import pytest
from yarl import URL

from martlet_asgi._scope import Surroundings, http_scope, websocket_scope
from martlet_interfaces import HttpVersion10

from .applications import request_head

NOWHERE = Surroundings("", None)


def test_a_request_is_told_as_the_specification_has_it() -> None:
    head = request_head(
        "/caf%C3%A9/a%2Fb?q=a%20b&e=",
        method="post",
        headers=[("X-Twice", "1"), ("X-Twice", "2")],
        base=URL("https://app.test:8443"),
    )
    assert http_scope(head, b"four", Surroundings("/api", ("10.0.0.1", 4000))) == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/caf\xe9/a/b",
        "raw_path": b"/caf%C3%A9/a%2Fb",
        "query_string": b"q=a%20b&e=",
        "root_path": "/api",
        "headers": [
            (b"host", b"app.test:8443"),
            (b"x-twice", b"1"),
            (b"x-twice", b"2"),
            (b"content-length", b"4"),
        ],
        "client": ("10.0.0.1", 4000),
        "server": ("app.test", 8443),
        "extensions": {"http.response.trailers": {}},
    }


def test_a_handshake_is_told_as_the_specification_has_it() -> None:
    head = request_head(
        "/chat?room=1",
        headers=[("Sec-WebSocket-Protocol", "chat, , v2"), ("Sec-WebSocket-Protocol", "v1")],
    )
    assert websocket_scope(head, NOWHERE) == {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/chat",
        "raw_path": b"/chat",
        "query_string": b"room=1",
        "root_path": "",
        "headers": [
            (b"host", b"app.test"),
            (b"sec-websocket-protocol", b"chat, , v2"),
            (b"sec-websocket-protocol", b"v1"),
        ],
        "client": None,
        "server": ("app.test", 80),
        "subprotocols": ["chat", "v2", "v1"],
        "extensions": {"websocket.http.response": {}},
    }


@pytest.mark.parametrize(
    ("scheme", "http", "websocket"),
    [
        ("http", "http", "ws"),
        ("ws", "http", "ws"),
        ("https", "https", "wss"),
        ("wss", "https", "wss"),
    ],
)
def test_the_scheme_is_that_of_what_is_spoken(scheme: str, http: str, websocket: str) -> None:
    head = request_head(base=URL(f"{scheme}://app.test"))
    assert http_scope(head, None, NOWHERE)["scheme"] == http
    assert websocket_scope(head, NOWHERE)["scheme"] == websocket


def test_what_is_no_utf_8_in_a_path_is_replaced_there_only() -> None:
    scope = http_scope(request_head("/%ff"), None, NOWHERE)
    assert (scope["path"], scope["raw_path"]) == ("/\ufffd", b"/%ff")


def test_the_version_is_that_of_the_request() -> None:
    scope = http_scope(request_head(version=HttpVersion10), None, NOWHERE)
    assert scope["http_version"] == "1.0"


def test_a_method_that_is_no_token_cannot_be_sent() -> None:
    with pytest.raises(ValueError, match="The method is not a token: 'GET /'"):
        http_scope(request_head(method="GET /"), None, NOWHERE)


def test_scopes_share_nothing_that_can_be_changed() -> None:
    first, second = (http_scope(request_head(), None, NOWHERE) for _ in range(2))
    for name in ("asgi", "extensions", "headers"):
        assert first[name] is not second[name]
