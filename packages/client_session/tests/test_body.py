import json as json_module
from io import BytesIO

import pytest
from multidict import MultiDict

from martlet_client_session import BytesPayload, FormData, Payload
from martlet_client_session._body import make_body

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("data", "body", "content_type"),
    [
        (b"", b"", "application/octet-stream"),
        (b"ab", b"ab", "application/octet-stream"),
        (bytearray(b"ab"), b"ab", "application/octet-stream"),
        (memoryview(b"abcdef")[::2], b"ace", "application/octet-stream"),
        ("", b"", "text/plain; charset=utf-8"),
        ("äß", b"\xc3\xa4\xc3\x9f", "text/plain; charset=utf-8"),
        ({}, b"", FORM),
        ([], b"", FORM),
        ({"a": "1", "b c": "ü&="}, b"a=1&b+c=%C3%BC%26%3D", FORM),
        ({"a": 1, "b": 0.5, "c": b"\xff"}, b"a=1&b=0.5&c=%FF", FORM),
        ({"a": ["x", 2], "b": ()}, b"a=x&a=2", FORM),
        ([("a", "1"), ("a", "2")], b"a=1&a=2", FORM),
        ((("a", "1"),), b"a=1", FORM),
        (MultiDict([("a", "1"), ("b", "2"), ("a", "3")]), b"a=1&b=2&a=3", FORM),
    ],
)
def test_data_of_each_kind_becomes_bytes_and_a_media_type(
    data: object, body: bytes, content_type: str
) -> None:
    assert make_body(data, None, json_module.dumps) == (body, content_type)


def test_bytes_are_not_copied() -> None:
    data = bytes(1000)
    body, _ = make_body(data, None, json_module.dumps)
    assert body is data


def test_memory_that_may_change_is_copied() -> None:
    data = bytearray(b"before")
    body, _ = make_body(data, None, json_module.dumps)
    data[:] = b"after!"
    assert body == b"before"


@pytest.mark.parametrize("value", [{"a": "ü"}, [], 0, False, ""])
def test_json_is_serialised(value: object) -> None:
    body, content_type = make_body(None, value, json_module.dumps)
    assert body == json_module.dumps(value).encode()
    assert content_type == "application/json"


def test_json_is_serialised_by_the_function_that_is_given() -> None:
    assert make_body(None, {"a": 1}, lambda value: f"<{value}> ü")[0] == "<{'a': 1}> ü".encode()


def test_error_of_the_serialiser_comes_out() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        make_body(None, object(), json_module.dumps)


@pytest.mark.parametrize("data", [b"", "a", {}])
def test_data_and_json_together_are_a_value_error(data: object) -> None:
    with pytest.raises(ValueError, match="data and json cannot both be given"):
        make_body(data, {}, json_module.dumps)


@pytest.mark.parametrize(
    "data", [5, object(), {1, 2}, ["a"], [("a",)], [("a", "b", "c")], [["a", "b"]]]
)
def test_data_of_another_kind_is_a_type_error_that_says_what_to_give(data: object) -> None:
    with pytest.raises(
        TypeError,
        match=rf"data cannot be {type(data).__name__}: give bytes, str, a file, a mapping",
    ):
        make_body(data, None, json_module.dumps)


@pytest.mark.parametrize("value", [None, {"a": 1}, object(), ["ok", None]])
def test_form_value_that_would_be_sent_as_its_repr_is_a_type_error(value: object) -> None:
    with pytest.raises(TypeError, match="The form field 'photo' cannot be"):
        make_body({"name": "x", "photo": value}, None, json_module.dumps)


def test_text_with_half_a_character_is_a_value_error() -> None:
    with pytest.raises(UnicodeEncodeError):
        make_body("\ud800", None, json_module.dumps)


def test_json_is_made_by_the_function_for_bytes_if_there_is_one() -> None:
    body, content_type = make_body(None, [1], json_module.dumps, lambda value: b"<1>")
    assert (body, content_type) == (b"<1>", "application/json")


@pytest.mark.parametrize(
    "data", [FormData({"a": "1", "b": "2"}), [("a", "1"), ("b", "2")], MultiDict(a="1", b="2")]
)
def test_form_without_files_is_bytes(data: object) -> None:
    assert make_body(data, None, json_module.dumps) == (b"a=1&b=2", FORM)


@pytest.mark.parametrize(
    "data",
    [
        {"a": "1", "f": BytesIO(b"xyz")},
        {"a": "1", "f": [BytesIO(b"xyz")]},
        [("a", "1"), ("f", BytesPayload(b"xyz"))],
    ],
)
async def test_form_with_a_file_is_multipart(data: object) -> None:
    body, content_type = make_body(data, None, json_module.dumps)
    assert content_type.startswith("multipart/form-data; boundary=")
    assert isinstance(body, Payload)
    assert b"xyz" in await body.as_bytes()


async def test_what_has_a_payload_becomes_one() -> None:
    payload = BytesPayload(b"a", content_type="a/b")
    assert make_body(payload, None, json_module.dumps) == (payload, "a/b")
    body, content_type = make_body(BytesIO(b"ab"), None, json_module.dumps)
    assert isinstance(body, Payload)
    assert (await body.as_bytes(), content_type) == (b"ab", "application/octet-stream")
