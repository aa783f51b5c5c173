"""Payloads of files."""

import asyncio
import codecs
import io
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, ClassVar, Final, TextIO, cast

from multidict import istr

from ._file_size import AnyFile, bytes_left, is_regular, position
from ._payload import Payload
from ._stream_writer import AbstractStreamWriter
from ._text_encoding import text_encoding

__all__ = ["BufferedReaderPayload", "BytesIOPayload", "IOBasePayload", "TextIOPayload"]

_CONTENT_DISPOSITION: Final = istr("Content-Disposition")
# A thread is asked for so much at a time.
_PIECE: Final = 512 * 1024
# Other classes may have no `readable`, or not care for it.
_PYTHONS_FILES: Final = (io.FileIO, io.BufferedWriter, io.TextIOWrapper)
# Python's text files tell a position beyond this where a decoder's state belongs to it.
_DECODER_STATE: Final = 2**63


class IOBasePayload(Payload):
    """The rest of a file, from where it stands when the payload is made.

    It is read in a thread, by 512 KiB, and closed after the request. If it can seek, it can
    be sent more than once, and each time from that position. Its size is known of regular
    files, as Python opens them; what is added to one meanwhile is not sent.

    * *disposition*: the type of its Content-Disposition, if it becomes a part of a multipart
      body and has a filename; ``None``: there is to be none.
    * *filename*: that of the file, if none is given and it has one.

    The other parameters are those of `Payload`. Raises `ValueError` for a file that is
    closed or not open for reading, `TypeError` for one that gives text.
    """

    _value: AnyFile

    def __init__(
        self,
        value: AnyFile,
        disposition: str | None = "attachment",
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if len(args) <= 2:  # the third one would be the filename
            kwargs.setdefault("filename", _filename(value))
        super().__init__(value, *args, **kwargs)
        name = None if _CONTENT_DISPOSITION in self._headers else self._filename
        if disposition is not None and name is not None:
            self.set_content_disposition(disposition, filename=name)
        self._file: AnyFile = value
        self._start: int | None = None
        self._job: asyncio.Future[bytes] | None = None
        if isinstance(value, _PYTHONS_FILES) and not value.readable():
            raise ValueError("The file is not open for reading: open it in mode rb")
        self._locate()

    def _locate(self) -> None:
        """Find out where there is what to read, and how much."""
        if isinstance(getattr(self._value, "encoding", None), str):
            raise TypeError("The file gives text: open it in mode rb, or make a TextIOPayload")
        self._start = position(self._value)
        if self._start is not None:
            self._size = bytes_left(self._value, self._start)

    @property
    def replayable(self) -> bool:
        """Whether the file can seek."""
        return self._start is not None

    def file_span(self) -> "tuple[BinaryIO, int, int] | None":
        """Give file, offset and count, if that part of a regular file is what is sent.

        Otherwise ``None``: then it has to be read.
        """
        if self._start is None or self._size is None or not is_regular(self._value):
            return None
        return cast("BinaryIO", self._value), self._start, self._size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Read all of it, here and now, as text in its encoding, or else in *encoding*.

        Raises `TypeError` if the file cannot seek: then it could not be sent any more.
        """
        if self._start is None:
            raise TypeError("What can be read only once has to be awaited: use as_bytes()")
        data = b"".join(self._pieces(self._size))
        return data.decode(self._encoding or encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write all of it. Raises `RuntimeError` if that cannot be done once more."""
        await self._copy(writer, self._size)

    async def write_with_length(
        self, writer: AbstractStreamWriter, content_length: int | None
    ) -> None:
        """Write it, but no more than *content_length* bytes, if that is not ``None``.

        No more than needed is read. Raises `RuntimeError` as `write` does.
        """
        if content_length is None or (self._size is not None and self._size < content_length):
            content_length = self._size
        await self._copy(writer, content_length)

    async def close(self) -> None:
        """Close the file; as soon as no thread reads it any more."""
        if self._job is None or self._job.done():
            self._value.close()
        else:
            self._job.add_done_callback(lambda _: self._value.close())

    async def _copy(self, writer: AbstractStreamWriter, limit: int | None) -> None:
        if self._consumed:
            raise RuntimeError("The file has been sent already, and cannot be once more")
        self._consumed = self._start is None
        pieces = self._pieces(limit)
        # When all is written the response may come at once: another turn would be cut off.
        while (limit is None or limit > 0) and (piece := await self._next(pieces)):
            await writer.write(piece)
            if limit is not None:
                limit -= len(piece)

    async def _next(self, pieces: Iterator[bytes]) -> bytes:
        """Give the next piece, or ``b""``, without blocking the event loop."""
        # A thread cannot be cancelled: what was cancelled may still have one at the file.
        while self._job is not None and not self._job.done():
            await asyncio.wait([self._job])
        loop = asyncio.get_running_loop()
        self._job = job = loop.run_in_executor(None, next, pieces, b"")
        job.add_done_callback(_look_at)
        # Unlike to await it, this leaves it running if it is cancelled.
        await asyncio.wait([job])
        return job.result()

    def _pieces(self, limit: int | None) -> Iterator[bytes]:
        """Read from the beginning, up to *limit* bytes."""
        if self._start is not None:
            self._file.seek(self._start)
        while limit is None or limit > 0:
            piece = self._read(_PIECE if limit is None else min(limit, _PIECE))
            if limit is not None:
                piece = piece[:limit]
                limit -= len(piece)
            if not piece:
                return
            yield piece

    def _read(self, size: int) -> bytes:
        """Read up to *size* bytes, or somewhat more; ``b""`` at the end."""
        piece: object = self._file.read(size)
        if not isinstance(piece, bytes):
            raise TypeError(f"The file has to give bytes, not {type(piece).__name__}")
        return piece


def _filename(file: object) -> str | None:
    name = getattr(file, "name", None)
    # Python puts in angle brackets what is none, such as <stdin>.
    if not isinstance(name, str) or name.startswith("<"):
        return None
    return PurePath(name).name.encode("utf-8", "replace").decode() or None


def _look_at(job: "asyncio.Future[bytes]") -> None:
    # What fails after its request was cancelled is nobody's to be told of.
    if not job.cancelled():
        job.exception()


class BufferedReaderPayload(IOBasePayload):
    """The rest of a file that was opened in mode ``rb`` or ``r+b``; see `IOBasePayload`."""


class BytesIOPayload(IOBasePayload):
    """The rest of an `io.BytesIO`; see `IOBasePayload`. It is not closed."""

    _autoclose: ClassVar[bool] = True

    def __init__(self, value: io.BytesIO, *args: Any, **kwargs: Any) -> None:
        super().__init__(value, *args, **kwargs)

    async def close(self) -> None:
        """Do nothing: it may be of use to who has made it."""

    async def _next(self, pieces: Iterator[bytes]) -> bytes:
        return next(pieces, b"")


class TextIOPayload(IOBasePayload):
    """The rest of a file that was opened in text mode; see `IOBasePayload`.

    It is sent as *encoding*, or as the charset of its type says, or as UTF-8; its type is
    ``text/plain`` with that charset, if none is given. A file that is in UTF-8 and is to be
    is sent byte for byte, its line ends, too, and has a size. Of others the size is unknown.

    Raises `ValueError` for an encoding that is unknown, and, while it is sent, what the
    codecs raise for what is not text in one encoding, or has no bytes in the other.
    """

    def __init__(
        self,
        value: TextIO,
        *args: Any,
        encoding: str | None = None,
        content_type: str | None = None,
        **kwargs: Any,
    ) -> None:
        given = args[1] if len(args) > 1 else kwargs.pop("headers", None)
        encoding, content_type, headers = text_encoding(encoding, content_type, given)
        disposition = args[0] if args else kwargs.pop("disposition", "attachment")
        super().__init__(
            value,
            disposition,
            headers,
            *args[2:],
            encoding=encoding,
            content_type=content_type,
            **kwargs,
        )

    def _locate(self) -> None:
        self._start = start = position(self._value)
        if start is None or start >= _DECODER_STATE or not _is_utf8(self._encoding):
            return
        buffer = _utf8_buffer(self._value)
        if buffer is not None:
            self._file = buffer
            self._size = bytes_left(buffer, start)

    def file_span(self) -> "tuple[BinaryIO, int, int] | None":
        """Give ``None``: it is read."""
        return None

    def _pieces(self, limit: int | None) -> Iterator[bytes]:
        self._encoder = codecs.getincrementalencoder(self._encoding or "")()
        return super()._pieces(limit)

    def _read(self, size: int) -> bytes:
        if self._file is not self._value:
            return super()._read(size)
        while True:
            text: object = self._file.read(size)
            if not isinstance(text, str):
                raise TypeError(f"A text file has to give str, not {type(text).__name__}")
            data = self._encoder.encode(text, final=not text)
            if data or not text:
                return data


def _utf8_buffer(file: object) -> BinaryIO | None:
    """Give the binary file behind a text file, if that is a regular one, and in UTF-8."""
    if type(file) is not io.TextIOWrapper or not _is_utf8(file.encoding):
        return None
    return file.buffer if is_regular(file.buffer) else None


def _is_utf8(encoding: str | None) -> bool:
    return codecs.lookup(encoding or "").name == "utf-8"
