"""One part of a multipart body that is no multipart body itself."""

import json as json_module
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any, ClassVar, Final, Self, TypeVar

from multidict import CIMultiDict, istr

from martlet_exceptions import ClientPayloadError
from martlet_http_parser import (
    content_disposition_filename,
    parse_content_disposition,
    parse_media_type,
)

from ._known_codec import known_codec
from ._part_content import DecodedContent, MultipartSource, PartContent, Readable
from ._part_decoder import part_decoder, transfer_units
from ._part_headers import part_length

__all__ = ["BodyPartReader"]

_Buffer = TypeVar("_Buffer", bytes, bytearray, memoryview)

_CONTENT_TYPE: Final = istr("Content-Type")
_CONTENT_DISPOSITION: Final = istr("Content-Disposition")
_MAX_LINE: Final = 2**20
_UNIT: Final = 4


class BodyPartReader:
    """Reads one part, as it comes or whole; `MultipartReader.next` makes them.

    * *boundary*: with its leading ``--``. *content*: a stream that begins with the part's
      data: anything with ``async readany()`` or ``async read(n)``.
    * *subtype*: that of the multipart body. In a ``form-data`` one, Content-Encoding and
      Content-Length of a part mean nothing (RFC 7578 section 4.8).
    * *default_charset*: of text that says none itself.
    * *max_decompress_size*: how many bytes are decoded at a time.
    * *client_max_size*: how many bytes `read`, and what uses it, gather at most; beyond, a
      *max_size_error_cls* is raised (one that is not `ValueError` itself gets the size only).

    Reading raises `ClientPayloadError` for a body that is malformed, or ends before its
    closing delimiter, and what the stream raises. A part that has been read, released or
    passed over by the next one is empty. One reader at a time.
    """

    chunk_size: ClassVar[int] = 8192

    headers: Mapping[str, str]
    """The fields of the part; their names in any case, if `MultipartReader` made it."""

    def __init__(
        self,
        boundary: bytes,
        headers: Mapping[str, str],
        content: "Readable | PartContent",
        *,
        subtype: str = "mixed",
        default_charset: str | None = None,
        max_decompress_size: int = 262144,
        client_max_size: int = sys.maxsize,
        max_size_error_cls: type[Exception] = ValueError,
    ) -> None:
        if max_decompress_size <= 0:
            raise ValueError(f"max_decompress_size has to be positive: {max_decompress_size}")
        self.headers = headers
        # What is looked for here is found in any case, whatever mapping was given.
        self._fields = CIMultiDict(headers)
        if not isinstance(content, PartContent):
            source = MultipartSource(content, boundary.removeprefix(b"--"), in_part=True)
            content = PartContent(source, part_length(self._fields, subtype))
        self._content = content
        self._subtype = subtype
        self._default_charset = default_charset
        self._step = max_decompress_size
        self._max_size = client_max_size
        self._max_size_error = max_size_error_cls
        self._units = transfer_units(self._fields)
        # What has been read, but not been given out, begins at `_at`.
        self._pending = b""
        self._at = 0

    def __repr__(self) -> str:
        state = "eof" if self.at_eof() else "open"
        return f"<{type(self).__name__} {state}, {self._fields.get(_CONTENT_TYPE, 'no type')}>"

    # What its header says

    @property
    def name(self) -> str | None:
        """The name of the form's field that it is (RFC 7578 section 4.2), if it is one."""
        return self._disposition("name")

    @property
    def filename(self) -> str | None:
        """What the file is to be called, if it is one.

        It is the peer's choice, and may be a path or worse: see
        `martlet_http_parser.safe_filename`.
        """
        return self._disposition("filename")

    def _disposition(self, name: str) -> str | None:
        _, parameters = parse_content_disposition(self._fields.get(_CONTENT_DISPOSITION))
        return content_disposition_filename(parameters, name)

    def get_charset(self, default: str) -> str:
        """Tell the charset that its Content-Type says, or else that of the form, or *default*."""
        _, parameters = parse_media_type(self._fields.get(_CONTENT_TYPE, ""))
        return parameters.get("charset") or self._default_charset or default

    # Its data as it was sent

    def at_eof(self) -> bool:
        """Whether all of it has been read, released or passed over."""
        return self._content.at_eof() and not self._waiting

    @property
    def _waiting(self) -> bool:
        return self._at < len(self._pending) and not self._content.passed_over

    async def read_chunk(self, size: int = chunk_size) -> bytes:
        """Read up to *size* bytes, as they were sent; ``b""`` at the end.

        Of base64 and quoted-printable a chunk can be given to `decode` by itself; it may have
        some bytes more than *size* for that. Raises `ValueError` for a size below 1.
        """
        if size <= 0:
            raise ValueError(f"Chunks of {size} bytes cannot be read")
        data = await self._take(size)
        while data and self._units is not None:
            whole = self._units(data)
            if whole:
                # What is given back has been taken last, so it stands there still.
                self._at -= len(data) - whole
                return data[:whole]
            more = await self._take(max(size - len(data), _UNIT))
            if not more:
                break
            data += more
        return data

    async def readline(self) -> bytes:
        """Read a line, as it was sent, with its end; ``b""`` at the end.

        The last one may have no line end. Raises `ClientPayloadError` for a line of more than
        1 MiB.
        """
        line = bytearray()
        while True:
            await self._fill(sys.maxsize)
            end = self._pending.find(b"\n", self._at) + 1 or len(self._pending)
            piece = self._pending[self._at : end]
            self._at = end
            line += piece
            if len(line) > _MAX_LINE:
                raise ClientPayloadError(
                    f"A line of a part is longer than {_MAX_LINE} bytes: use read_chunk()"
                )
            if not piece or line.endswith(b"\n"):
                return bytes(line)

    async def release(self) -> None:
        """Pass over what has not been read."""
        self._pending, self._at = b"", 0
        await self._content.skip()

    async def _fill(self, size: int) -> None:
        if not self._waiting:
            self._pending, self._at = await self._content.read(size), 0

    async def _take(self, size: int) -> bytes:
        await self._fill(size)
        data = self._pending[self._at : self._at + size]
        self._at += len(data)
        return data

    async def _take_any(self) -> bytes:
        return await self._take(sys.maxsize)

    # Its data whole

    async def read(self, *, decode: bool = False) -> bytes:
        """Read all that has not been read yet; later calls give ``b""``.

        *decode*: without its Content-Transfer-Encoding and its Content-Encoding.
        """
        decoder = part_decoder(self._fields, self._subtype) if decode else None
        if decoder is None:
            return await self._gather(self._take_any)
        decoded = DecodedContent(self._content, decoder, self._step, read=self._take_any)
        return await self._gather(decoded.readany)

    async def _gather(self, read: Callable[[], Awaitable[bytes]]) -> bytes:
        whole = await read()
        self._check_size(len(whole))
        piece = await read() if whole else b""
        if not piece:
            return whole
        gathered = BytesIO()
        gathered.write(whole)
        while piece:
            gathered.write(piece)
            self._check_size(gathered.tell())
            piece = await read()
        return gathered.getvalue()

    def _check_size(self, size: int) -> None:
        if size > self._max_size:
            if self._max_size_error is ValueError:
                raise ValueError(f"A part is larger than client_max_size, {self._max_size} bytes")
            raise self._max_size_error(self._max_size)

    async def text(self, *, encoding: str | None = None) -> str:
        """Read it whole, decoded, as text.

        Without *encoding* it is what `get_charset` says, and UTF-8 by default. Raises
        `ClientPayloadError` if it is not in that encoding, or that is not known; `ValueError`
        if *encoding* is not known.
        """
        return await self._text(self._encoding(encoding))

    async def json(self, *, encoding: str | None = None) -> Any:
        """Read it whole, decoded, as JSON; ``None`` if it is empty.

        *encoding* is as in `text`. What `json.loads` raises for a malformed document comes out
        as it is.
        """
        text = await self.text(encoding=encoding)
        return json_module.loads(text) if text else None

    async def form(self, *, encoding: str | None = None) -> list[tuple[str, str]]:
        """Read it whole, decoded, as ``application/x-www-form-urlencoded``.

        *encoding* is as in `text`; percent-encoded bytes that it does not have are replaced.
        """
        from urllib.parse import parse_qsl

        codec = self._encoding(encoding)
        text = await self._text(codec)
        return parse_qsl(text.rstrip(), keep_blank_values=True, encoding=codec)

    def _encoding(self, given: str | None) -> str:
        if given is not None:
            if known_codec(given) is None:
                raise ValueError(f"Not an encoding of text that Python knows: {given!r:.100}")
            return given
        charset = self.get_charset("utf-8")
        if known_codec(charset) is None:
            raise ClientPayloadError(
                f"The charset of a part is not known: {charset!r:.100}; give encoding="
            )
        return charset

    async def _text(self, encoding: str) -> str:
        data = await self.read(decode=True)
        try:
            return data.decode(encoding)
        except UnicodeError as exc:
            raise ClientPayloadError(f"A part is not in its charset, {encoding}: {exc}") from None

    # Decoding what has been read

    def decode(self, data: _Buffer) -> "_Buffer | bytes":
        """Remove Content-Transfer-Encoding and Content-Encoding from *data*, which is whole.

        The same *data* is returned where nothing is encoded. Raises `ClientPayloadError` for
        what is not in the encodings, or for one that is not known, and as `read` does for
        what gets too large.
        """
        decoder = part_decoder(self._fields, self._subtype)
        if decoder is None or not data:
            return data
        decoded = BytesIO()
        decoder.feed(bytes(data))
        while piece := decoder.read(self._step):
            decoded.write(piece)
            self._check_size(decoded.tell())
        decoder.finish()
        return decoded.getvalue()

    async def decode_iter(self, data: _Buffer) -> "AsyncIterator[_Buffer | bytes]":
        """Iterate over what `decode` gives, *max_decompress_size* bytes at a time."""
        decoder = part_decoder(self._fields, self._subtype)
        if decoder is None:
            yield data
        elif data:
            decoder.feed(bytes(data))
            while piece := decoder.read(self._step):
                yield piece
            decoder.finish()

    # Iterating: over one whole

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        part = await self.next()
        if part is None:
            raise StopAsyncIteration
        return part

    async def next(self) -> bytes | None:
        """Read it whole, as it was sent; ``None`` if it is empty, or has been read."""
        return await self.read() or None
