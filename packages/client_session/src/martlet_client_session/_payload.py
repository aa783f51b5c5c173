"""A body, or a part of one, that knows its media type and its size."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar, Final, TypeAlias

from multidict import CIMultiDict, istr

from martlet_interfaces import UNSET, Unset

from ._stream_writer import (
    AbstractStreamWriter,
    BoundedStreamWriter,
    GatheringStreamWriter,
)

__all__ = ["GivenHeaders", "Payload"]

GivenHeaders: TypeAlias = "Mapping[str, str] | Iterable[tuple[str, str]] | None"

_CONTENT_TYPE: Final = istr("Content-Type")
_CONTENT_DISPOSITION: Final = istr("Content-Disposition")


class Payload(ABC):
    """The base of all payloads; to send a type of your own, derive and `payload_type` it.

    * *value*: what is sent. *headers*: fields of the part, if it becomes one of a multipart
      body; a Content-Type among them wins over *content_type* and the default.
    * *content_type*: ``None``: there is to be none. *filename*: guesses the type, too, if
      nothing else says it. *encoding*: how *value* becomes text, or text bytes.

    What else is given raises `TypeError`, but a *disposition* (see `IOBasePayload`), which
    may be said for whatever is sent, and means nothing here.
    """

    _default_content_type: ClassVar[str] = "application/octet-stream"
    _autoclose: ClassVar[bool] = False

    def __init__(
        self,
        value: object,
        headers: GivenHeaders = None,
        content_type: str | Unset | None = UNSET,
        filename: str | None = None,
        encoding: str | None = None,
        **kwargs: object,
    ) -> None:
        kwargs.pop("disposition", None)
        if kwargs:
            names = ", ".join(sorted(kwargs))
            raise TypeError(f"{type(self).__name__} takes no parameter {names}")
        self._value = value
        self._encoding = encoding
        self._filename = filename
        self._size: int | None = None
        self._consumed = False
        self._headers = CIMultiDict(headers or {})
        if content_type is not None and _CONTENT_TYPE not in self._headers:
            self._headers[_CONTENT_TYPE] = self._guess() if content_type is UNSET else content_type

    def _guess(self) -> str:
        if self._filename is not None:
            from mimetypes import guess_type

            guessed = guess_type(self._filename)[0]
            if guessed is not None:
                return guessed
        return self._default_content_type

    def __repr__(self) -> str:
        size = "unknown size" if self.size is None else f"{self.size} bytes"
        return f"<{type(self).__name__} {self.content_type}, {size}>"

    @property
    def size(self) -> int | None:
        """How many bytes `write` writes; ``None`` if only writing it will tell."""
        return self._size

    @property
    def filename(self) -> str | None:
        """The name of the file that it is, if it is one."""
        return self._filename

    @property
    def headers(self) -> "CIMultiDict[str]":
        """The fields of the part that it becomes in a multipart body; they may be changed."""
        return self._headers

    @property
    def encoding(self) -> str | None:
        """How it becomes text, or becomes bytes of text."""
        return self._encoding

    @property
    def content_type(self) -> str:
        """Its media type, parameters included."""
        return self._headers.get(_CONTENT_TYPE, self._default_content_type)

    @property
    def consumed(self) -> bool:
        """Whether it has been written, and cannot be once more."""
        return self._consumed

    @property
    def replayable(self) -> bool:
        """Whether it can be written from its beginning more than once."""
        return False

    @property
    def autoclose(self) -> bool:
        """Whether there is nothing in it to `close`."""
        return self._autoclose

    def set_content_disposition(
        self,
        disptype: str,
        quote_fields: bool = True,
        _charset: str = "utf-8",
        **params: str,
    ) -> None:
        """Set the Content-Disposition of the part that it becomes (RFC 6266, RFC 7578).

        *quote_fields*: percent-encode what a quoted string cannot hold; false: escape it
        with backslashes only. Raises `ValueError` for what no header field can carry.
        """
        from ._content_disposition import content_disposition

        self._headers[_CONTENT_DISPOSITION] = content_disposition(
            disptype, params, quote_fields=quote_fields, charset=_charset
        )

    @abstractmethod
    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Give all of it as text, where that needs no waiting; `TypeError` where it does."""

    @abstractmethod
    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write all of it to *writer*; from its beginning, each time, if it is replayable."""

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write it, but no more than *content_length* bytes, if that is not ``None``."""
        await self.write(
            writer if content_length is None else BoundedStreamWriter(writer, content_length)
        )

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Give all of it as bytes, as they would be sent; that counts as writing it.

        *encoding* and *errors* are for payloads that do it in another way.
        """
        writer = GatheringStreamWriter()
        await self.write(writer)
        return writer.gathered()

    async def close(self) -> None:
        """Close what it reads from, if that is its to close; idempotent."""
        return
