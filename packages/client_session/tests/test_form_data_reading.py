"""What a form sends is what others read, and nothing else, whatever is in it."""

from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from io import BytesIO
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

# It has no types.
from multipart import (  # type: ignore[import-untyped]  # as it says
    MultipartSegment,
    PushMultipartParser,
)

from martlet_client_session._form_data import FormData
from martlet_client_session._multipart_writer import MultipartWriter
from martlet_http_parser import content_disposition_filename, parse_content_disposition

from .part_recording import INJECTIONS

Part: TypeAlias = tuple[str, str | None, str, bytes]


async def body_of(form: FormData) -> tuple[str, str, bytes]:
    """Give the boundary, the type and the bytes of a form."""
    writer = form()
    assert isinstance(writer, MultipartWriter)
    body = await writer.as_bytes()
    assert writer.size == len(body)
    return writer.boundary, writer.content_type, body


async def read_by_multipart(form: FormData) -> list[Part]:
    boundary, _, body = await body_of(form)
    parts: list[Part] = []
    with PushMultipartParser(boundary, strict=True) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                assert len(event.headerlist) == 2
                media_type = event.header("Content-Type")
                parts.append((event.name, event.filename, media_type, b""))
            elif event:
                name, filename, media_type, data = parts[-1]
                parts[-1] = (name, filename, media_type, data + event)
    return parts


async def read_by_email(form: FormData) -> list[Part]:
    _, content_type, body = await body_of(form)
    message = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    assert message.defects == []
    parts: list[Part] = []
    payload = message.get_payload()
    for part in payload if isinstance(payload, list) else []:
        assert isinstance(part, Message)
        field = dict(part.raw_items())["Content-Disposition"]
        disposition, params = parse_content_disposition(
            field.encode("ascii", "surrogateescape").decode()
        )
        assert disposition == "form-data"
        filename = content_disposition_filename(params)
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        parts.append((params["name"], filename, part["Content-Type"], data))
    return parts


def expected(fields: list[tuple[str, str | bytes]]) -> list[Part]:
    return [
        (name, None, "text/plain; charset=utf-8", value.encode())
        if isinstance(value, str)
        else (name, name, "application/octet-stream", value)
        for name, value in fields
    ]


def comparable(parts: list[Part]) -> list[Part]:
    """Undo percent-encoding: quotes are, percent signs in names are not, as browsers do it.

    And leave out slashes at the beginning: our parser does, for the sake of file systems.
    """

    def text(value: str) -> str:
        return unquote(value).lstrip("/\\")

    return [
        (text(name), None if filename is None else text(filename), media_type, data)
        for name, filename, media_type, data in parts
    ]


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
FIELDS = st.lists(st.tuples(TEXT, TEXT | st.binary(max_size=2000)), max_size=5)


@given(FIELDS)
async def test_fields_are_read_as_they_were_given(fields: list[tuple[str, str | bytes]]) -> None:
    form = FormData(fields)
    if form.is_multipart:
        assert comparable(await read_by_email(form)) == comparable(expected(fields))
    else:
        assert parse_qsl(form().decode(), keep_blank_values=True) == fields
    form = FormData(fields, default_to_multipart=True)
    # There are two opinions on what a backslash is: that of browsers, and that of RFCs.
    if not any("\\" in name for name, _ in fields):
        assert comparable(await read_by_multipart(form)) == comparable(expected(fields))


def in_name(form: FormData, text: str) -> None:
    form.add_field(text, b"x")


def in_name_of_text(form: FormData, text: str) -> None:
    form.add_field(text, "x")


def in_filename(form: FormData, text: str) -> None:
    form.add_field("a", b"x", filename=text)


def in_filename_of_text(form: FormData, text: str) -> None:
    form.add_field("a", "x", filename=text)


def in_name_of_file(form: FormData, text: str) -> None:
    class Named(BytesIO):
        name = f"dir/{text}"

    form.add_field("a", Named(b"x"))


def as_name_of_file(form: FormData, text: str) -> None:
    class Named(BytesIO):
        name = text

    form.add_fields(Named(b"x"))


def in_type(form: FormData, text: str) -> None:
    form.add_field("a", b"x", content_type=f"text/{text}")


def in_type_of_text(form: FormData, text: str) -> None:
    form.add_field("a", "x", content_type=text)


PLACES = [
    in_name,
    in_name_of_text,
    in_filename,
    in_filename_of_text,
    in_name_of_file,
    as_name_of_file,
    in_type,
    in_type_of_text,
]


@pytest.mark.parametrize("quote_fields", [True, False])
@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("part", INJECTIONS)
@pytest.mark.parametrize("place", ["{}", "a{}b", 'a"; name="c{}X-A: b'])
async def test_nothing_can_be_injected(
    place: str, part: str, where: Callable[[FormData, str], None], quote_fields: bool
) -> None:
    form = FormData(quote_fields=quote_fields, default_to_multipart=True)
    try:
        where(form, place.format(part))
        writer = form()
    except ValueError:
        return
    body = await writer.as_bytes()
    assert isinstance(writer, MultipartWriter)
    lines = body.split(b"\r\n")
    assert len(lines) == 7
    assert lines[0] == f"--{writer.boundary}".encode()
    assert lines[3:] == [b"", b"x", f"--{writer.boundary}--".encode(), b""]
    for line, name in zip(lines[1:3], (b"Content-Type", b"Content-Disposition"), strict=True):
        assert line.startswith(name + b": ")
        assert line.decode().isprintable()


@pytest.mark.parametrize("part", INJECTIONS)
async def test_the_data_of_a_text_field_is_sent_as_it_is(part: str) -> None:
    form = FormData({"a": part}, default_to_multipart=True)
    if part == "\ud800":
        with pytest.raises(UnicodeEncodeError):
            form()
    else:
        assert [data for *_, data in await read_by_multipart(form)] == [part.encode()]
