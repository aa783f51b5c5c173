from collections.abc import Iterable
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from multidict import MultiDict, MultiDictProxy

from martlet_client_session._bytes_payload import BytesPayload
from martlet_client_session._form_data import FormData
from martlet_client_session._multipart_writer import MultipartWriter

from .part_recording import Pieces, aiter_of, written

URLENCODED = "application/x-www-form-urlencoded"


async def parts_of(form: FormData) -> list[tuple[str, str, bytes]]:
    """Give the Content-Disposition, the Content-Type and the bytes of each part."""
    writer = form()
    assert isinstance(writer, MultipartWriter)
    assert writer.content_type == f"multipart/form-data; boundary={writer.boundary}"
    body = b"".join(await written(writer))
    parts = []
    for payload, _, _ in writer:
        headers = payload.headers
        assert [name.lower() for name in headers] == ["content-type", "content-disposition"]
        parts.append((headers["Content-Disposition"], headers["Content-Type"]))
    heads = body.split(f"--{writer.boundary}".encode())
    assert heads.pop() == b"--\r\n"
    assert heads.pop(0) == b""
    contents = [head.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for head in heads]
    return [(*part, content) for part, content in zip(parts, contents, strict=True)]


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ((), b""),
        ({}, b""),
        ({"a": "b c", "ü": "é&"}, b"a=b+c&%C3%BC=%C3%A9%26"),
        ({"a": 1, "b": 0.5}, b"a=1&b=0.5"),
        ({"a": ["1", 2], "b": ()}, b"a=1&a=2"),
        (MultiDict([("a", "1"), ("a", "2")]), b"a=1&a=2"),
        (MultiDictProxy(MultiDict([("a", "1"), ("a", "2")])), b"a=1&a=2"),
        ([("a", "1"), ("b", "2")], b"a=1&b=2"),
        ((("a", "1"), ["b", "2"]), b"a=1&b=2"),
        ([[("a", "1"), ("b", "2")], {"c": "3"}, MultiDict(d="4"), []], b"a=1&b=2&c=3&d=4"),
        (iter([("a", "1")]), b"a=1"),
    ],
)
async def test_text_is_urlencoded(fields: Iterable[object], body: bytes) -> None:
    form = FormData(fields)
    assert not form.is_multipart
    payload = form()
    assert type(payload) is BytesPayload
    assert payload.content_type == URLENCODED
    assert await payload.as_bytes() == body
    assert payload.size == len(body)


async def test_it_is_encoded_in_the_charset() -> None:
    payload = FormData({"a": "ü"}, charset="latin-1")()
    assert payload.content_type == f"{URLENCODED}; charset=latin-1"
    assert await payload.as_bytes() == b"a=%FC"
    assert FormData(charset="UTF8")().content_type == URLENCODED
    with pytest.raises(UnicodeEncodeError):
        FormData({"a": "\u010a"}, charset="latin-1")()


async def test_so_are_parts() -> None:
    form = FormData({"a": "ü"}, charset="latin-1", default_to_multipart=True)
    assert await parts_of(form) == [('form-data; name="a"', "text/plain; charset=latin-1", b"\xfc")]


@pytest.mark.parametrize("charset", ["foo", "", "rot13", "utf 8", "utf\r\n8", "utf-8\0", "\ud800"])
def test_a_charset_that_is_not_known_is_a_value_error(charset: str) -> None:
    with pytest.raises(ValueError, match=r"No charset that is known here"):
        FormData(charset=charset)


def test_one_that_is_no_string_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"charset cannot be int: give str"):
        FormData(charset=5)  # type: ignore[arg-type]  # what a caller may do wrong


async def test_a_form_may_be_multipart_in_any_case() -> None:
    form = FormData(default_to_multipart=True)
    assert form.is_multipart
    assert await parts_of(form) == []
    form.add_field("a", "ü")
    form.add_field("b", 1)
    form.add_field("b", [0.5, "x"])
    text = "text/plain; charset=utf-8"
    assert await parts_of(form) == [
        ('form-data; name="a"', text, "ü".encode()),
        ('form-data; name="b"', text, b"1"),
        ('form-data; name="b"', text, b"0.5"),
        ('form-data; name="b"', text, b"x"),
    ]


@pytest.mark.parametrize("data", [b"\xff", bytearray(b"\xff"), memoryview(b"\xff")])
async def test_bytes_are_a_file(data: object) -> None:
    form = FormData({"a": data})
    assert form.is_multipart
    disposition = 'form-data; name="a"; filename="a"'
    assert await parts_of(form) == [(disposition, "application/octet-stream", b"\xff")]


async def test_files_are_called_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"png")
    with path.open("rb") as file, path.open("r") as text:
        form = FormData({"a": file, "b": text})
        (first, second) = await parts_of(form)
    assert first == ('form-data; name="a"; filename="photo.png"', "image/png", b"png")
    assert second[0] == 'form-data; name="b"; filename="photo.png"'
    assert second[2] == b"png"


async def test_those_without_a_name_as_their_field() -> None:
    form = FormData({"a": BytesIO(b"x"), "b": StringIO("ü")})
    assert await parts_of(form) == [
        ('form-data; name="a"; filename="a"', "application/octet-stream", b"x"),
        ('form-data; name="b"; filename="b"', "text/plain; charset=utf-8", "ü".encode()),
    ]


async def test_files_can_be_fields_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"1")
    with path.open("rb") as file:
        form = FormData(file)
        form.add_fields(BytesIO(b"2"), [("c", BytesIO(b"3"))])
        assert [(part[0], part[2]) for part in await parts_of(form)] == [
            ('form-data; name="a.bin"; filename="a.bin"', b"1"),
            ('form-data; name="unknown"; filename="unknown"', b"2"),
            ('form-data; name="c"; filename="c"', b"3"),
        ]


@pytest.mark.parametrize("name", [None, 3, "<stdin>", "/", ""])
async def test_what_is_not_the_name_of_a_file_is_not_taken(name: object) -> None:
    class Named(BytesIO):
        pass

    file = Named(b"x")
    vars(file)["name"] = name
    assert (await parts_of(FormData({"a": file})))[0][0] == 'form-data; name="a"; filename="a"'


async def test_type_and_name_can_be_given() -> None:
    form = FormData()
    form.add_field("a", "x", content_type="text/html")
    assert form.is_multipart
    form.add_field("b", b"x", content_type="image/png", filename="p.png")
    form.add_field("c", BytesIO(b"x"), filename="q.bin")
    form.add_field("d", "x", filename="t.txt")
    form.add_field("e", BytesPayload(b"x", content_type="a/b"), content_type="c/d")
    form.add_field("f", [b"1", "2"], filename="n")
    parts = [(disposition, media_type) for disposition, media_type, _ in await parts_of(form)]
    assert parts == [
        ('form-data; name="a"', "text/html"),
        ('form-data; name="b"; filename="p.png"', "image/png"),
        ('form-data; name="c"; filename="q.bin"', "application/octet-stream"),
        ('form-data; name="d"; filename="t.txt"', "text/plain; charset=utf-8"),
        ('form-data; name="e"', "c/d"),
        ('form-data; name="f"; filename="n"', "application/octet-stream"),
        ('form-data; name="f"; filename="n"', "text/plain; charset=utf-8"),
    ]


async def test_a_transfer_encoding_only_makes_it_multipart() -> None:
    form = FormData()
    form.add_field("a", "ü", content_transfer_encoding="base64")
    assert form.is_multipart
    text = "text/plain; charset=utf-8"
    assert await parts_of(form) == [('form-data; name="a"', text, "ü".encode())]


async def test_payloads_and_async_iterables_are_parts() -> None:
    form = FormData()
    form.add_field("a", Pieces([b"x", b"y"]))
    form.add_field("b", aiter_of(b"z"))
    form.add_field("c", BytesPayload(b"w", filename="w.txt"))
    parts = [(disposition, content) for disposition, _, content in await parts_of(form)]
    assert parts == [
        ('form-data; name="a"', b"xy"),
        ('form-data; name="b"', b"z"),
        ('form-data; name="c"; filename="w.txt"', b"w"),
    ]


async def test_a_writer_can_be_a_part() -> None:
    form = FormData()
    inner = MultipartWriter(boundary="B")
    inner.append("x")
    form.add_field("a", inner)
    ((disposition, media_type, _),) = await parts_of(form)
    assert (disposition, media_type) == ('form-data; name="a"', "multipart/mixed; boundary=B")


@pytest.mark.parametrize("multipart", [False, True])
@pytest.mark.parametrize("value", [None, {"a": 1}, object(), ["ok", None], [["a"]]])
def test_a_value_that_would_be_sent_as_its_repr_is_a_type_error(
    value: object, multipart: bool
) -> None:
    form = FormData(default_to_multipart=multipart)
    with pytest.raises(TypeError, match=r"The form field 'photo' cannot be .*: give str, int"):
        form.add_field("photo", value)
    assert form.is_multipart is multipart
    assert repr(form).endswith(" 0 fields>")
    with pytest.raises(TypeError, match=r"The form field 'photo' cannot be"):
        FormData({"photo": value})


@pytest.mark.parametrize("field", ["ab", b"ab", 5, None, ("a", "b", "c"), ("a",), {"a"}])
def test_what_is_no_field_is_a_type_error(field: object) -> None:
    with pytest.raises(TypeError, match=r"No form field: .*: give \(name, value\) pairs"):
        FormData([field])
    form = FormData()
    with pytest.raises(TypeError, match=r"No form field"):
        form.add_fields(field)


@pytest.mark.parametrize("fields", ["ab", b"ab"])
def test_a_string_is_no_list_of_fields(fields: Iterable[object]) -> None:
    with pytest.raises(TypeError, match=r"No form field"):
        FormData(fields)


@pytest.mark.parametrize("parameter", ["content_type", "filename", "content_transfer_encoding"])
def test_parameters_are_strings(parameter: str) -> None:
    form = FormData()
    for value in (5, b"x"):
        given = {parameter: value}
        with pytest.raises(TypeError, match=rf"{parameter} cannot be .*: give str, or None"):
            form.add_field("a", "x", **given)  # type: ignore[arg-type]  # done wrong on purpose
    for name in (5, b"a", None):
        with pytest.raises(TypeError, match=r"The name of a form field cannot be .*: give str"):
            form.add_field(name, "x")  # type: ignore[arg-type]  # as above


async def test_a_form_can_be_sent_again_if_all_in_it_can_be_read_again() -> None:
    form = FormData({"a": "b"})
    assert await form().as_bytes() == await form().as_bytes() == b"a=b"
    form.add_field("f", BytesIO(b"xyz"))
    form.add_field("g", b"bytes")
    first, second = form(), form()
    assert first.replayable
    assert await parts_of(form) == await parts_of(form)
    assert first.size == second.size


async def test_if_not_that_is_a_runtime_error() -> None:
    form = FormData({"a": aiter_of(b"x")})
    payload = form()
    assert not payload.replayable
    assert len(await written(payload)) > 1
    with pytest.raises(RuntimeError, match=r"field 'a' has been sent, and cannot be read again"):
        form()


async def test_who_sees_it_sees_what_it_is() -> None:
    form = FormData({"a": "b"})
    assert repr(form) == "<FormData urlencoded, 1 fields>"
    form.add_field("c", b"d")
    assert repr(form) == "<FormData multipart, 2 fields>"


def test_text_that_is_a_string_of_its_own_kind_stays_what_it_is() -> None:
    class Named(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "Named"

    assert FormData({"a": Named("x")})().decode() == "a=x"
