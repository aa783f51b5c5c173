from collections.abc import Mapping
from io import BytesIO

import pytest
from multidict import CIMultiDict, MultiDict

from martlet_client_session._bytes_payload import BytesPayload, StringPayload
from martlet_client_session._multipart_writer import MultipartWriter
from martlet_client_session._payload import Payload

from .part_recording import INJECTIONS, Pieces, aiter_of, written


@pytest.mark.parametrize(
    ("subtype", "boundary", "media_type"),
    [
        ("mixed", "b", "multipart/mixed; boundary=b"),
        ("form-data", "a b", 'multipart/form-data; boundary="a b"'),
        ("Related", "a:b", 'multipart/Related; boundary="a:b"'),
    ],
)
def test_subtype_and_boundary_make_the_media_type(
    subtype: str, boundary: str, media_type: str
) -> None:
    writer = MultipartWriter(subtype, boundary)
    assert writer.content_type == writer.headers["Content-Type"] == media_type
    assert writer.boundary == boundary


def test_the_boundary_is_random_by_default() -> None:
    writer = MultipartWriter()
    assert writer.content_type == f"multipart/mixed; boundary={writer.boundary}"
    assert writer.boundary != MultipartWriter().boundary
    assert repr(writer) == f"<MultipartWriter {writer.content_type}, 0 parts>"


@pytest.mark.parametrize("subtype", ["", "a b", "a/b", "ü", *(f"a{p}b" for p in INJECTIONS)])
def test_a_subtype_that_is_no_token_is_a_value_error(subtype: str) -> None:
    with pytest.raises(ValueError, match=r"No subtype of multipart: .*: give a token"):
        MultipartWriter(subtype)


@pytest.mark.parametrize("boundary", ["", "a ", "ü", *(f"a{p}b" for p in INJECTIONS)])
def test_a_boundary_against_the_grammar_is_a_value_error(boundary: str) -> None:
    with pytest.raises(ValueError, match="No boundary"):
        MultipartWriter(boundary=boundary)


@pytest.mark.parametrize("given", [5, b"x"])
def test_neither_may_be_anything_but_a_string(given: str) -> None:
    with pytest.raises(TypeError, match=r"subtype cannot be .*: give str"):
        MultipartWriter(given)
    with pytest.raises(TypeError, match=r"boundary cannot be .*: give str, or None"):
        MultipartWriter(boundary=given)


def test_it_is_as_long_as_it_has_parts_and_true_without_any() -> None:
    with MultipartWriter() as writer:
        assert len(writer) == 0
        assert writer
        writer.append("a")
        writer.append("b")
    assert len(writer) == 2


def test_parts_come_with_their_encodings() -> None:
    writer = MultipartWriter()
    first = writer.append("a")
    second = writer.append(b"b", {"Content-Encoding": "GZIP"})
    third = writer.append("c", {"Content-Transfer-Encoding": "base64"})
    fourth = writer.append(
        "d", {"Content-Encoding": "identity", "Content-Transfer-Encoding": "8bit"}
    )
    assert list(writer) == [
        (first, "", ""),
        (second, "gzip", ""),
        (third, "", "base64"),
        (fourth, "", ""),
    ]
    first.headers["Content-Encoding"] = "br"
    assert next(iter(writer)) == (first, "br", "")


@pytest.mark.parametrize(
    ("obj", "media_type"),
    [
        ("ü", "text/plain; charset=utf-8"),
        (b"a", "application/octet-stream"),
        (bytearray(b"a"), "application/octet-stream"),
        (BytesIO(b"a"), "application/octet-stream"),
    ],
)
def test_what_can_become_a_payload_becomes_a_part(obj: object, media_type: str) -> None:
    payload = MultipartWriter().append(obj)
    assert isinstance(payload, Payload)
    assert payload.content_type == media_type


async def test_so_does_an_async_iterable() -> None:
    writer = MultipartWriter(boundary="B")
    writer.append(aiter_of(b"a", b"b"))
    assert writer.size is None
    body = b"--B\r\nContent-Type: application/octet-stream\r\n\r\nab\r\n--B--\r\n"
    assert b"".join(await written(writer)) == body


@pytest.mark.parametrize("obj", [None, 5, {"a": 1}, object()])
def test_what_cannot_is_a_type_error_that_says_what_to_give(obj: object) -> None:
    writer = MultipartWriter()
    with pytest.raises(TypeError, match=r"A part cannot be .*: give bytes, str, a file"):
        writer.append(obj)
    with pytest.raises(TypeError, match=r"payload cannot be .*: give a Payload"):
        writer.append_payload(obj)  # type: ignore[arg-type]  # what a caller may do wrong
    assert len(writer) == 0


@pytest.mark.parametrize("obj", ["a", b"a", StringPayload("a"), Pieces([b"a"])])
def test_fields_that_are_given_replace_those_of_the_payload(obj: object) -> None:
    headers = CIMultiDict({"content-type": "x/y", "X-A": "1"})
    payload = MultipartWriter().append(obj, headers)
    assert payload.headers.getall("Content-Type") == ["x/y"]
    assert payload.headers["X-A"] == "1"
    assert headers == CIMultiDict({"content-type": "x/y", "X-A": "1"})


@pytest.mark.parametrize(
    "headers",
    [{"X A": "1"}, {"X-A": "a\r\nb"}, {"Content-Encoding": "foo"}, {"Content-Length": "7"}],
)
def test_fields_that_no_part_can_have_are_a_value_error(headers: Mapping[str, str]) -> None:
    writer = MultipartWriter()
    for obj in ("a", StringPayload("a")):
        with pytest.raises(ValueError, match=r"part|coding"):
            writer.append(obj, headers)
    with pytest.raises(ValueError, match=r"part|coding"):
        writer.append_json("a", headers)
    with pytest.raises(ValueError, match=r"part|coding"):
        writer.append_form({"a": "b"}, headers)
    assert len(writer) == 0


def test_json() -> None:
    writer = MultipartWriter()
    payload = writer.append_json({"a": "ü"}, {"X-A": "1"})
    assert payload.content_type == "application/json"
    assert payload.headers["X-A"] == "1"
    assert payload.decode() == '{"a": "\\u00fc"}'
    assert writer.append_json(1, {"Content-Type": "a/b"}).content_type == "a/b"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"a": "ü b"}, "a=%C3%BC+b"),
        ([("a", "b"), ("a", 1)], "a=b&a=1"),
        (MultiDict([("a", "1"), ("a", "2")]), "a=1&a=2"),
        ({"a": ["b", "c"]}, "a=b&a=c"),
        ({}, ""),
    ],
)
def test_forms(form: "Mapping[str, str] | list[tuple[str, str]]", text: str) -> None:
    payload = MultipartWriter().append_form(form, {"X-A": "1"})
    assert payload.content_type == "application/x-www-form-urlencoded"
    assert payload.headers["X-A"] == "1"
    assert payload.decode() == text


@pytest.mark.parametrize("form", ["abc", 5, [1], {"a": None}])
def test_what_is_no_form_is_a_type_error(form: "Mapping[str, str]") -> None:
    with pytest.raises(TypeError):
        MultipartWriter().append_form(form)


def test_parts_of_a_form_get_names() -> None:
    writer = MultipartWriter("Form-Data")
    writer.append("a")
    writer.append("b", {"Content-Disposition": 'form-data; name="x"'})
    writer.append_form({"a": "b"})
    names = [payload.headers["Content-Disposition"] for payload, _, _ in writer]
    assert names == [
        'form-data; name="section-0"',
        'form-data; name="x"',
        'form-data; name="section-2"',
    ]


@pytest.mark.parametrize(
    "name", ["Content-Length", "Content-Encoding", "content-transfer-encoding"]
)
def test_and_neither_lengths_nor_encodings(name: str) -> None:
    with pytest.raises(ValueError, match="A part of a form cannot have the header field"):
        MultipartWriter("form-data").append("a", {name: "1"})


def test_what_is_within_can_be_told_from_what_is_around_it() -> None:
    outer = MultipartWriter(boundary="ab")
    for boundary in ("ab", "abc", "a"):
        with pytest.raises(ValueError, match=f"The boundary '{boundary}' within a part cannot"):
            outer.append(MultipartWriter(boundary=boundary))
    middle = MultipartWriter(boundary="b")
    middle.append(MultipartWriter(boundary="a"))
    with pytest.raises(ValueError, match="The boundary 'a' within a part cannot"):
        outer.append(middle)
    outer.append(MultipartWriter(boundary="b"))
    outer.append(MultipartWriter(boundary="b"))


def test_it_cannot_be_a_part_of_itself() -> None:
    outer, inner, innermost = MultipartWriter(), MultipartWriter(), MultipartWriter()
    with pytest.raises(ValueError, match="cannot be a part of itself"):
        outer.append(outer)
    outer.append(inner)
    inner.append(innermost)
    with pytest.raises(ValueError, match="cannot be a part of itself"):
        innermost.append(outer)


async def test_it_is_what_all_its_parts_are() -> None:
    writer = MultipartWriter()
    assert (writer.replayable, writer.consumed, writer.autoclose) == (True, False, True)
    writer.append_payload(BytesPayload(b"a"))
    assert (writer.replayable, writer.consumed, writer.autoclose) == (True, False, True)
    writer.append_payload(Pieces([b"a"], once=True))
    assert (writer.replayable, writer.consumed, writer.autoclose) == (False, False, False)
    outer = MultipartWriter()
    outer.append(writer)
    assert (outer.replayable, outer.consumed, outer.autoclose) == (False, False, False)
    await written(outer)
    assert writer.consumed
    assert outer.consumed
