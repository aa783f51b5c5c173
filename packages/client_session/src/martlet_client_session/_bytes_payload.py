"""Payloads of what is in memory: bytes and text."""

from typing import IO, Any, ClassVar, Final

from ._payload import Payload
from ._stream_writer import AbstractStreamWriter
from ._text_encoding import text_encoding

__all__ = ["BytesPayload", "StringIOPayload", "StringPayload"]

# What is written at once; also what is copied without a thought.
_PIECE: Final = 2**20


class BytesPayload(Payload):
    """Bytes; their type is ``application/octet-stream``, if none is given.

    Of a `bytearray`, or a `memoryview` of any format, up to 1 MiB is copied here and now. A
    larger one is not: do not change it before the request is done, retries included. Raises
    `TypeError` for anything else. The other parameters are those of `Payload`.
    """

    _autoclose: ClassVar[bool] = True
    _value: bytes | memoryview

    def __init__(self, value: bytes | bytearray | memoryview, *args: Any, **kwargs: Any) -> None:
        super().__init__(_held(value), *args, **kwargs)
        self._size = len(self._value)

    def _guess(self) -> str:
        return self._default_content_type

    @property
    def data(self) -> bytes | memoryview:
        """The bytes that are sent."""
        return self._value

    @property
    def replayable(self) -> bool:
        """True: it is there."""
        return True

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Give it as text, in the encoding it has itself, or else in *encoding*."""
        return str(self._value, self._encoding or encoding, errors)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Give it as bytes; *encoding* and *errors* mean nothing here."""
        return bytes(self._value)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write all of it."""
        await self.write_with_length(writer, None)

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write it, but no more than *content_length* bytes, if that is not ``None``."""
        value = self._value
        size = len(value) if content_length is None else min(content_length, len(value))
        if size <= _PIECE:
            await writer.write(value[:size])
            return
        view = memoryview(value)[:size]
        for start in range(0, size, _PIECE):
            await writer.write(view[start : start + _PIECE])


def _held(value: object) -> bytes | memoryview:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, bytearray | memoryview):
        raise TypeError(f"Bytes are bytes, bytearray or memoryview, not {type(value).__name__}")
    view = memoryview(value)
    if view.nbytes <= _PIECE or not view.c_contiguous:
        return view.tobytes()
    return view.cast("B")


class StringPayload(BytesPayload):
    """Text; its type is ``text/plain`` with its charset, if none is given.

    It is encoded as *encoding*, or as the charset of its type says, or in UTF-8. Raises
    `TypeError` if it is no `str`, `ValueError` for an encoding that is unknown, or has not
    all of its characters. The other parameters are those of `Payload`.
    """

    def __init__(
        self,
        value: str,
        *args: Any,
        encoding: str | None = None,
        content_type: str | None = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(value, str):
            raise TypeError(f"Text is a str, not {type(value).__name__}")
        given = args[0] if args else kwargs.pop("headers", None)
        encoding, content_type, headers = text_encoding(encoding, content_type, given)
        super().__init__(
            value.encode(encoding),
            headers,
            *args[1:],
            encoding=encoding,
            content_type=content_type,
            **kwargs,
        )


class StringIOPayload(StringPayload):
    """The text that is left in an `io.StringIO`; it is read here and now."""

    def __init__(self, value: IO[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(value.read(), *args, **kwargs)
