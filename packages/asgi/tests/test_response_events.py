from http import HTTPStatus
from typing import Any

import pytest

from martlet_asgi import ApplicationError
from martlet_asgi._response_events import ResponseEvents, event_type
from martlet_exceptions import ContentLengthError
from martlet_interfaces import HttpVersion11


def start(status: object = 200, *headers: tuple[bytes, bytes], **more: object) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers, **more}


def body(data: object = b"", more_body: object = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more_body}


def trailers(*headers: tuple[bytes, bytes], **more: object) -> dict[str, Any]:
    return {"type": "http.response.trailers", "headers": headers, **more}


def length(value: bytes) -> tuple[bytes, bytes]:
    return b"content-length", value


def events(method: str = "GET", prefix: str = "http.response") -> ResponseEvents:
    return ResponseEvents(method, HttpVersion11, prefix)


def test_a_response_is_a_start_and_bodies() -> None:
    response = events()
    assert response.take(start(201, (b"X-A", b"1"), (b"x-a", b"2"))) is None
    assert response.take(body(b"one", True)) == b"one"
    assert response.chunked
    states = [response.complete]
    assert response.take(body(memoryview(b"two"))) == b"two"
    assert [*states, response.complete] == [False, True]
    head = response.head
    assert head is not None
    assert (head.version, head.status, head.reason) == (HttpVersion11, 201, "Created")
    assert head.headers.getall("X-A") == ["1", "2"]


def test_all_but_type_and_status_may_be_left_out() -> None:
    response = events()
    response.take({"type": "http.response.start", "status": 200})
    assert response.take({"type": "http.response.body"}) == b""
    assert response.complete


@pytest.mark.parametrize(
    ("status", "reason"), [(HTTPStatus.NOT_FOUND, "Not Found"), (299, ""), (999, "")]
)
def test_any_final_status_will_do(status: int, reason: str) -> None:
    response = events()
    response.take(start(status))
    assert response.head is not None
    assert type(response.head.status) is int
    assert (response.head.status, response.head.reason) == (status, reason)


@pytest.mark.parametrize("status", ["200", None, 200.0, 101, 1000, -1])
def test_what_is_no_final_status_is_refused(status: object) -> None:
    with pytest.raises(ApplicationError, match="has to be an int from 200 to 999"):
        events().take(start(status))


def test_the_framing_is_not_the_applications() -> None:
    response = events()
    response.take(start(200, (b"Transfer-Encoding", b"chunked"), (b"x-a", b"1")))
    assert response.head is not None
    assert list(response.head.headers.items()) == [("x-a", "1")]


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_a_response_that_has_no_body_loses_it(method: str, status: int) -> None:
    response = events(method)
    response.take(start(status, length(b"5")))
    assert response.take(body(b"12345")) == b""
    assert response.complete


def test_a_body_may_be_of_the_length_that_is_announced() -> None:
    response = events()
    response.take(start(200, length(b"6"), length(b"6")))
    assert not response.chunked
    assert [response.take(body(b"one", True)), response.take(body(b"two"))] == [b"one", b"two"]


@pytest.mark.parametrize("values", [(b"x",), (b"-1",), (b"",), (b"1", b"2"), (b"\xc2\xb2",)])
def test_a_length_that_is_none_is_refused(values: tuple[bytes, ...]) -> None:
    with pytest.raises(ApplicationError, match="is no number"):
        events().take(start(200, *map(length, values)))


def test_a_body_that_is_too_long_is_refused() -> None:
    response = events()
    response.take(start(200, length(b"4")))
    response.take(body(b"one", True))
    with pytest.raises(ContentLengthError, match="sent 2 bytes more than its Content-Length"):
        response.take(body(b"two", True))


def test_a_body_that_is_too_short_is_refused() -> None:
    response = events()
    response.take(start(200, length(b"4")))
    with pytest.raises(ContentLengthError, match="sent 1 bytes less than its Content-Length"):
        response.take(body(b"one"))


@pytest.mark.parametrize("data", ["text", None, 5, [b"x"]])
def test_a_body_is_bytes(data: object) -> None:
    response = events()
    response.take(start())
    with pytest.raises(ApplicationError, match="has to be bytes, not"):
        response.take(body(data))


def test_trailers_come_after_the_body() -> None:
    response = events()
    response.take(start(trailers=True))
    assert response.take(body(b"one")) == b"one"
    states = [response.complete]
    assert response.take(trailers((b"x-a", b"1"), more_trailers=True)) == b""
    states.append(response.complete)
    assert response.take(trailers((b"x-b", b"2"))) == b""
    assert [*states, response.complete] == [False, False, True]
    assert response.trailers == [("x-a", "1"), ("x-b", "2")]


@pytest.mark.parametrize(
    ("before", "event", "text"),
    [
        ([], body(), "'http.response.body' where 'http.response.start' was due"),
        ([start()], start(), "'http.response.start' where 'http.response.body' was due"),
        ([start()], trailers(), "'http.response.trailers' where 'http.response.body' was due"),
        ([start(), body()], body(), "'http.response.body' after its response was complete"),
        ([start(), body()], trailers(), "trailers' after its response was complete"),
        ([start(trailers=True), body()], body(), "where 'http.response.trailers' was due"),
        ([], {"type": "websocket.accept"}, "'websocket.accept' where"),
        ([start()], {"type": "http.response.pathsend", "path": "/"}, "pathsend' where"),
    ],
)
def test_what_is_not_due_is_refused(
    before: list[dict[str, Any]], event: dict[str, Any], text: str
) -> None:
    response = events()
    for earlier in before:
        response.take(earlier)
    with pytest.raises(ApplicationError, match=text):
        response.take(event)


def test_a_denial_has_names_of_its_own_and_no_trailers() -> None:
    response = events(prefix="websocket.http.response")
    response.take({"type": "websocket.http.response.start", "status": 403, "trailers": True})
    response.take({"type": "websocket.http.response.body", "body": b"no"})
    assert response.complete


@pytest.mark.parametrize("event", [None, 7, [], {}, {"type": b"http.response.start"}])
def test_what_is_no_event_is_refused(event: object) -> None:
    with pytest.raises(ApplicationError, match="an event without a type"):
        event_type(event)


def test_a_type_is_not_shown_at_any_length() -> None:
    assert len(event_type({"type": "x" * 1000})) == 100
