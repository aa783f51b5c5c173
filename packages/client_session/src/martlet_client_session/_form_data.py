"""Forms, as a request sends them (RFC 7578; WHATWG URL, urlencoded forms)."""

import codecs
import re
from collections.abc import Iterable, Mapping
from io import IOBase
from typing import Final

from multidict import MultiMapping

from ._bytes_payload import BytesPayload
from ._field_part import FieldPart
from ._form_field import FormField
from ._known_codec import known_codec
from ._multipart_writer import MultipartWriter
from ._payload import Payload
from ._payload_registry import get_payload
from ._urlencoded import urlencoded

__all__ = ["FormData"]

_URLENCODED: Final = "application/x-www-form-urlencoded"
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_NO_NAME: Final = "unknown"


class FormData:
    """The fields of a form; give it as ``data=``, or call it to get the body as a `Payload`.

    It is urlencoded, unless a field is bytes, a file or a payload, or has a type or a file
    name: then it is ``multipart/form-data``.

    * *fields*: as for `add_fields`; a mapping, too.
    * *quote_fields*: percent-encode what names cannot hold otherwise; false: escape it with
      backslashes only, which some servers want.
    * *charset*: what text is encoded in; UTF-8 by default.
    * *default_to_multipart*: make it multipart in any case.

    It may be sent again if all that is in it can be read again: text, bytes, files that can
    be rewound. Raises `ValueError` for a *charset* that is not known.
    """

    __slots__ = ("_charset", "_content_type", "_fields", "_is_multipart", "_quote_fields")

    def __init__(
        self,
        fields: Iterable[object] = (),
        quote_fields: bool = True,
        charset: str | None = None,
        *,
        default_to_multipart: bool = False,
    ) -> None:
        self._charset = charset
        self._content_type = _URLENCODED
        if charset is not None and not _check_charset(charset):
            self._content_type += f"; charset={charset}"
        self._quote_fields = quote_fields
        self._is_multipart = default_to_multipart
        self._fields: list[FormField] = []
        if isinstance(fields, IOBase | Mapping | MultiMapping | str | bytes):
            self.add_fields(fields)
        else:
            self.add_fields(*fields)

    def __repr__(self) -> str:
        kind = "multipart" if self._is_multipart else "urlencoded"
        return f"<FormData {kind}, {len(self._fields)} fields>"

    @property
    def is_multipart(self) -> bool:
        """Whether it is going to be multipart/form-data."""
        return self._is_multipart

    def add_field(
        self,
        name: str,
        value: object,
        *,
        content_type: str | None = None,
        filename: str | None = None,
        content_transfer_encoding: str | None = None,
    ) -> None:
        """Add a field; of a list or a tuple, each value as a field of the same name.

        *value*: str, int or float; bytes, a file, an async iterable of bytes, or whatever
        else `get_payload` knows. *content_type*: its media type. *filename*: what makes the
        field a file; files have their own by default, and bytes the *name* of the field.
        *content_transfer_encoding*: only makes the form multipart, as there is no such
        header in a form (RFC 7578 section 4.7).

        Raises `TypeError` for a *value* of another kind. Names and types that cannot be sent
        are a `ValueError`, here or when the form is called.
        """
        if not isinstance(name, str):
            raise TypeError(f"The name of a form field cannot be {type(name).__name__}: give str")
        _check("content_type", content_type)
        _check("filename", filename)
        _check("content_transfer_encoding", content_transfer_encoding)
        values = value if isinstance(value, list | tuple) else (value,)
        self._fields += [self._field(name, item, content_type, filename) for item in values]
        if content_transfer_encoding is not None:
            self._is_multipart = True

    def add_fields(self, *fields: object) -> None:
        """Add each of *fields*, without a type and a file name of its own.

        They are (name, value) pairs, mappings, and files, which are called as their files
        are, or lists of those. Raises `TypeError` for anything else.
        """
        for field in fields:
            if isinstance(field, IOBase):
                payload = get_payload(field)
                name = payload.filename or _NO_NAME
                self.add_field(name, payload, filename=name)
            elif isinstance(field, Mapping | MultiMapping):
                for key, value in field.items():
                    self.add_field(key, value)
            elif not isinstance(field, list | tuple):
                raise _no_field(field)
            elif len(field) == 2 and isinstance(field[0], str):
                self.add_field(field[0], field[1])
            elif field and isinstance(field[0], str):
                raise _no_field(field)
            else:
                self.add_fields(*field)

    def __call__(self) -> Payload:
        """Give the body.

        Raises `RuntimeError` if it has been sent, and something in it cannot be read again.
        """
        if not self._is_multipart:
            pairs = [(field.name, field.value) for field in self._fields]
            body = urlencoded(pairs, self._charset or "utf-8")
            return BytesPayload(body, content_type=self._content_type)
        writer = _FormWriter("form-data")
        for field in self._fields:
            writer.add(field)
        return writer

    def _field(
        self, name: str, value: object, content_type: str | None, filename: str | None
    ) -> FormField:
        if isinstance(value, int | float):
            value = str(value)
        elif isinstance(value, bytes | bytearray | memoryview):
            value = bytes(value)
            filename = name if filename is None else filename
        field = FormField(name, value, content_type, filename, self._charset, self._quote_fields)
        if not isinstance(value, str | bytes):
            field.value = field.payload()
        if not isinstance(value, str) or content_type is not None or filename is not None:
            self._is_multipart = True
        return field


class _FormWriter(MultipartWriter):
    def add(self, field: FormField) -> None:
        in_memory = field.in_memory()
        if in_memory is not None:
            self._parts.append(FieldPart(field, *in_memory, self._boundary))
            return
        payload = field.payload()
        if payload.consumed:
            raise RuntimeError(
                f"The form field {field.name!r:.100} has been sent, and cannot be read again"
            )
        self.append_payload(payload)


def _check_charset(charset: str) -> bool:
    """Tell whether it is UTF-8; `ValueError` if it is none that is known."""
    if not isinstance(charset, str):
        raise TypeError(f"charset cannot be {type(charset).__name__}: give str")
    # Python finds a codec under names that no header field can hold.
    if _TOKEN.fullmatch(charset) is None or known_codec(charset) is None:
        raise ValueError(f"No charset that is known here: {charset!r:.100}: give utf-8")
    return codecs.lookup(charset).name == "utf-8"


def _check(parameter: str, value: str | None) -> None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{parameter} cannot be {type(value).__name__}: give str, or None")


def _no_field(field: object) -> TypeError:
    return TypeError(
        f"No form field: {field!r:.100}: give (name, value) pairs, mappings or files, and what"
        " has a type or a file name of its own to add_field"
    )
