from io import BytesIO, StringIO

import pytest

from martlet_client_session._bytes_payload import BytesPayload
from martlet_client_session._form_field import FormField

from .part_recording import INJECTIONS, Pieces


def field_of(
    value: object,
    content_type: str | None = None,
    filename: str | None = None,
    charset: str | None = None,
    name: str = "a",
    *,
    quote_fields: bool = True,
) -> FormField:
    return FormField(name, value, content_type, filename, charset, quote_fields)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (field_of(b"x"), (b"x", "application/octet-stream")),
        (field_of(b"x", "a/b"), (b"x", "a/b")),
        (field_of("ü"), ("ü".encode(), "text/plain; charset=utf-8")),
        (field_of("ü", charset="latin-1"), (b"\xfc", "text/plain; charset=latin-1")),
        (field_of("ü", "a/b"), None),
        (field_of(BytesIO(b"x")), None),
        (field_of(BytesPayload(b"x")), None),
    ],
)
def test_some_need_no_payload(field: FormField, expected: tuple[bytes, str] | None) -> None:
    assert field.in_memory() == expected


@pytest.mark.parametrize(
    "field",
    [
        field_of(b"x", filename="f"),
        field_of(b"x", "a/b", "f"),
        field_of("ü"),
        field_of("ü", charset="latin-1"),
    ],
)
async def test_and_would_get_the_same_one(field: FormField) -> None:
    payload = field.payload()
    assert (await payload.as_bytes(), payload.content_type) == field.in_memory()
    assert payload.headers["Content-Disposition"] == field.disposition()


@pytest.mark.parametrize(
    ("content_type", "charset", "data"),
    [
        ("text/html", None, "ü".encode()),
        ("text/html; charset=latin-1", None, b"\xfc"),
        ("text/html", "latin-1", b"\xfc"),
    ],
)
async def test_text_with_a_type_is_in_its_charset(
    content_type: str, charset: str | None, data: bytes
) -> None:
    payload = field_of("ü", content_type, charset=charset).payload()
    assert await payload.as_bytes() == data
    assert payload.content_type == content_type


def test_one_that_is_not_known_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="foo"):
        field_of("x", "text/html; charset=foo").payload()


@pytest.mark.parametrize("value", [None, object(), {"a": 1}])
def test_a_value_of_an_unknown_kind_is_a_type_error(value: object) -> None:
    for content_type in (None, "a/b"):
        with pytest.raises(TypeError, match=r"The form field 'a' cannot be .*: give str, int"):
            field_of(value, content_type).payload()


def test_a_file_is_called_as_it_is_or_as_the_field() -> None:
    class Named(BytesIO):
        name = "/dir/x.txt"

    for file, filename in ((Named(b""), "x.txt"), (BytesIO(), "a"), (StringIO(), "a")):
        field = field_of(file)
        payload = field.payload()
        assert field.filename == filename
        assert (
            payload.headers["Content-Disposition"] == f'form-data; name="a"; filename="{filename}"'
        )
    assert field_of(Named(b""), filename="y").payload().headers["Content-Disposition"] == (
        'form-data; name="a"; filename="y"'
    )


def test_a_payload_keeps_its_own_name_and_type_if_none_is_given() -> None:
    payload = BytesPayload(b"x", content_type="a/b", filename="p")
    assert field_of(payload).payload() is payload
    assert payload.content_type == "a/b"
    assert payload.headers["Content-Disposition"] == 'form-data; name="a"; filename="p"'
    assert field_of(payload, "c/d", "q").payload() is payload
    assert payload.content_type == "c/d"
    assert payload.headers["Content-Disposition"] == 'form-data; name="a"; filename="q"'
    plain = Pieces([b"x"])
    field_of(plain).payload()
    assert plain.headers["Content-Disposition"] == 'form-data; name="a"'


@pytest.mark.parametrize("quote_fields", [True, False])
@pytest.mark.parametrize("text", ["", "a b", "~!#[]^%20;=,'()<>@:/?{}"])
def test_what_needs_no_quoting_is_sent_as_it_is(text: str, quote_fields: bool) -> None:
    field = field_of(b"", name=text, quote_fields=quote_fields)
    assert field.disposition() == f'form-data; name="{text}"'
    field = field_of(b"", name="a", filename=text, quote_fields=quote_fields)
    assert field.disposition() == f'form-data; name="a"; filename="{text}"'


@pytest.mark.parametrize("quote_fields", [True, False])
@pytest.mark.parametrize("text", ['"', "\\", "ü", *INJECTIONS])
def test_what_does_is_quoted_as_a_payload_does_it(text: str, quote_fields: bool) -> None:
    for field in (
        field_of(b"", name=text, quote_fields=quote_fields),
        field_of(b"", name=text, filename=text, quote_fields=quote_fields),
        field_of(b"", filename=text, quote_fields=quote_fields),
    ):
        payload = BytesPayload(b"")
        params = {"name": field.name}
        if field.filename is not None:
            params["filename"] = field.filename
        try:
            payload.set_content_disposition("form-data", quote_fields=quote_fields, **params)
        except ValueError:
            with pytest.raises(ValueError, match=r"surrogate|control"):
                field.disposition()
        else:
            assert field.disposition() == payload.headers["Content-Disposition"]
