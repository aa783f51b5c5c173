import json

import pytest

from martlet_client_session._json_payload import JsonBytesPayload, JsonPayload

from .payload_writing import written


async def test_json_is_made_at_once() -> None:
    value = {"a": "é"}
    payload = JsonPayload(value)
    value["a"] = ""
    assert (payload.content_type, payload.encoding, payload.size) == (
        "application/json",
        "utf-8",
        15,
    )
    assert json.loads(await written(payload)) == json.loads(payload.decode()) == {"a": "é"}
    assert payload.replayable


async def test_everything_can_be_said() -> None:
    payload = JsonPayload([1], "utf-16", "text/x", lambda value: f"<{value}>", {"X-A": "b"})
    assert dict(payload.headers) == {"X-A": "b", "Content-Type": "text/x"}
    assert payload.decode() == "<[1]>"
    assert await written(payload) == "<[1]>".encode("utf-16")
    given = JsonPayload(1, headers={"Content-Type": "application/x+json"}, filename="f")
    assert (given.content_type, given.filename) == ("application/x+json", "f")


async def test_bytes_are_sent_as_they_are_made() -> None:
    payload = JsonBytesPayload([1], lambda value: repr(value).encode())
    assert (payload.content_type, await written(payload)) == ("application/json", b"[1]")
    payload = JsonBytesPayload([1], repr_bytes, "text/x", {"X-A": "b"})
    assert dict(payload.headers) == {"X-A": "b", "Content-Type": "text/x"}


def repr_bytes(value: object) -> bytes:
    return repr(value).encode()


def test_what_is_made_has_to_be_of_the_right_type() -> None:
    with pytest.raises(TypeError, match="dumps has to give a str, not bytes"):
        JsonPayload(1, dumps=repr_bytes)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match="not str"):
        JsonBytesPayload(1, repr)  # type: ignore[arg-type]  # that is the point
    with pytest.raises(TypeError, match="serializable"):
        JsonPayload(object())


def test_json_in_an_unknown_encoding_is_a_value_error() -> None:
    for encoding in ("ut\rf-8", "none such"):
        with pytest.raises(ValueError, match="Text cannot be sent in the encoding"):
            JsonPayload({}, encoding=encoding)
