"""A field of a form, as it was given (RFC 7578 section 4)."""

import re
from io import IOBase
from typing import Final

from multidict import istr

from ._content_disposition import content_disposition
from ._payload import Payload
from ._payload_registry import LookupError as NoPayload
from ._payload_registry import get_payload

__all__ = ["FormField"]

_CONTENT_TYPE: Final = istr("Content-Type")
_CONTENT_DISPOSITION: Final = istr("Content-Disposition")
_BYTES: Final = "application/octet-stream"
# What needs no quoting of any kind.
_SIMPLE: Final = re.compile(r"[ !#-\[\]-~]*")


class FormField:
    """*value* is what is sent; *content_type* and *filename* may be ``None``.

    *charset*: what text is encoded in; ``None``: that of its type, or UTF-8. *quote_fields*:
    how *name* and *filename* are written, see `Payload.set_content_disposition`.
    """

    __slots__ = ("charset", "content_type", "filename", "name", "quote_fields", "value")

    def __init__(
        self,
        name: str,
        value: object,
        content_type: str | None,
        filename: str | None,
        charset: str | None,
        quote_fields: bool,
    ) -> None:
        self.name = name
        self.value = value
        self.content_type = content_type
        self.filename = filename
        self.charset = charset
        self.quote_fields = quote_fields

    def in_memory(self) -> tuple[bytes, str] | None:
        """Give what is sent, and its type, if that can be told without a payload."""
        value = self.value
        if isinstance(value, bytes):
            return value, _BYTES if self.content_type is None else self.content_type
        if isinstance(value, str) and self.content_type is None:
            charset = self.charset or "utf-8"
            return value.encode(charset), f"text/plain; charset={charset}"
        return None

    def disposition(self) -> str:
        """Write its Content-Disposition.

        Raises `ValueError` for names that no header field can hold.
        """
        name, filename = self.name, self.filename
        if _SIMPLE.fullmatch(name) is not None:
            if filename is None:
                return f'form-data; name="{name}"'
            if _SIMPLE.fullmatch(filename) is not None:
                return f'form-data; name="{name}"; filename="{filename}"'
        params = {"name": name} if filename is None else {"name": name, "filename": filename}
        return content_disposition("form-data", params, quote_fields=self.quote_fields)

    def payload(self) -> Payload:
        """Give it as a payload, with the header of its part.

        A file is called as it is called itself, or as the field, if no name is given.

        Raises `TypeError` for a value of a kind that is not known, `ValueError` as
        `disposition` does, and for text in an unknown charset.
        """
        payload = self._payload()
        headers = payload.headers
        if self.content_type is not None:
            headers[_CONTENT_TYPE] = self.content_type
        if self.filename is None:
            self.filename = payload.filename or (
                self.name if isinstance(self.value, IOBase) else None
            )
        headers[_CONTENT_DISPOSITION] = self.disposition()
        return payload

    def _payload(self) -> Payload:
        try:
            if self.content_type is None:
                return get_payload(self.value, encoding=self.charset)
            return get_payload(self.value, encoding=self.charset, content_type=self.content_type)
        except NoPayload:
            raise TypeError(
                f"The form field {self.name!r:.100} cannot be {type(self.value).__name__}: give"
                " str, int, float, bytes, a file, an async iterable of bytes or a Payload, and"
                " leave out what is None"
            ) from None
