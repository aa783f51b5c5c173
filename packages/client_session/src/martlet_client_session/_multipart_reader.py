"""A multipart body, part by part (RFC 2046 section 5.1, RFC 7578)."""

import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Self

from multidict import CIMultiDict, CIMultiDictProxy, istr

from martlet_exceptions import ClientPayloadError
from martlet_http_parser import parse_media_type

from ._body_part_reader import BodyPartReader
from ._multipart_response import MultipartResponseWrapper
from ._part_content import DecodedContent, MultipartSource, PartContent, Readable
from ._part_decoder import part_decoder
from ._part_headers import parse_part_headers, part_length

if TYPE_CHECKING:
    from ._response import ClientResponse

__all__ = ["MultipartReader"]

_CONTENT_TYPE: Final = istr("Content-Type")
_MAX_DEPTH: Final = 16
_MAX_BOUNDARY: Final = 70
# RFC 2046 has fewer characters; peers use more.
_BOUNDARY: Final = re.compile(r"[ -~]*[!-~]")
_CHARSET_FIELD: Final = "_charset_"
_MAX_CHARSET: Final = 40


class NotMultipartError(ClientPayloadError, ValueError):
    """What tells that a body has no parts: the caller's mistake, or the peer's."""


class MultipartReader:
    """Iterates over the parts of a multipart body.

    * *headers*: those of the body; of them Content-Type tells the boundary. `ValueError` if
      that is no multipart type, or its boundary is missing, longer than 70 characters, ends in
      a space, or has other characters than printable ASCII ones.
    * *content*: what the body is read from: a response's ``content``, or anything else with
      ``async readany()`` or ``async read(n)`` (an `asyncio.StreamReader`, a file of aiofiles).
      It is read no further than the end of the line of the closing delimiter, but for what
      comes in one piece with that.
    * *client_max_size*, *max_size_error_cls*: see `BodyPartReader`. *max_field_size*: how many
      bytes a field of a part may have. *max_headers*: how many fields a part may have.

    A part is a `BodyPartReader` or, if it is multipart itself, a `MultipartReader`, for which
    it is decoded. The next part passes over what has not been read of the one before.

    Reading raises `ClientPayloadError` for a body that is malformed, that ends before its
    closing delimiter, or whose parts are nested more than 16 deep, and what the stream raises.
    What precedes the first delimiter may have 64 KiB, and so may the header of a part. Lines may
    end in LF alone where a delimiter or a field ends, but a delimiter begins with CRLF.

    In a form (``multipart/form-data``), a field called ``_charset_`` is no part: it tells the
    charset of what follows (RFC 7578 section 4.6).
    """

    response_wrapper_cls: ClassVar[type[MultipartResponseWrapper]] = MultipartResponseWrapper
    """What `from_response` makes."""
    multipart_reader_cls: "ClassVar[type[MultipartReader] | None]" = None
    """What reads the parts that are multipart; ``None``: the same class."""
    part_reader_cls: ClassVar[type[BodyPartReader]] = BodyPartReader
    """What reads the other parts."""

    headers: Mapping[str, str]
    """The fields of the body, or of the part that it is."""

    def __init__(
        self,
        headers: Mapping[str, str],
        content: Readable,
        *,
        client_max_size: int = sys.maxsize,
        max_field_size: int = 8190,
        max_headers: int = 128,
        max_size_error_cls: type[Exception] = ValueError,
    ) -> None:
        self.headers = headers
        self._subtype, self._boundary = _multipart_type(CIMultiDict(headers))
        self._source = MultipartSource(content, self._boundary)
        self._client_max_size = client_max_size
        self._max_field_size = max_field_size
        self._max_headers = max_headers
        self._max_size_error_cls = max_size_error_cls
        self._default_charset: str | None = None
        self._head: bytes | None = None
        self._part: PartContent | None = None
        self._at_eof = False

    def __repr__(self) -> str:
        state = "eof" if self._at_eof else "open"
        return f"<{type(self).__name__} {state}, multipart/{self._subtype}>"

    @classmethod
    def from_response(cls, response: "ClientResponse") -> MultipartResponseWrapper:
        """Make a reader of *response*'s body, which releases it at the end.

        Raises `ValueError` if its Content-Type is not as a `MultipartReader` needs it.
        """
        return cls.response_wrapper_cls(response, cls(response.headers, response.content))

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> "MultipartReader | BodyPartReader":
        part = await self.next()
        if part is None:
            raise StopAsyncIteration
        return part

    def at_eof(self) -> bool:
        """Whether the closing delimiter has been read, or the reader is passed over."""
        return self._at_eof

    async def next(self) -> "MultipartReader | BodyPartReader | None":
        """Pass over what is left of the part, and give the next one; ``None`` at the end."""
        while await self._advance():
            part = await self.fetch_next_part()
            if not isinstance(part, BodyPartReader) or not self._is_charset_field(part):
                return part
            self._default_charset = await _read_charset(part)
        return None

    async def fetch_next_part(self) -> "MultipartReader | BodyPartReader":
        """Give the next part, which is there, ``_charset_`` or not: `next` calls it for each.

        Raises `RuntimeError` if there is none.
        """
        if not await self._advance():
            raise RuntimeError("There is no further part: next() returns None then")
        head, self._head = self._head or b"", None
        headers = parse_part_headers(
            head, max_field_size=self._max_field_size, max_headers=self._max_headers
        )
        self._part = PartContent(self._source, part_length(headers, self._subtype))
        if parse_media_type(headers.get(_CONTENT_TYPE, ""))[0].startswith("multipart/"):
            return self._nested(headers, self._part)
        return self.part_reader_cls(
            b"--" + self._boundary,
            headers,
            self._part,
            subtype=self._subtype,
            default_charset=self._default_charset,
            client_max_size=self._client_max_size,
            max_size_error_cls=self._max_size_error_cls,
        )

    async def release(self) -> None:
        """Pass over all parts that have not been read."""
        if self._source.parent is not None:
            await self._source.parent.skip()
        while await self._advance():
            self._head = None

    async def _advance(self) -> bool:
        """Come to the data of the next part, its header in `_head`; false: there is none."""
        parent = self._source.parent
        if parent is not None and parent.passed_over:
            self._at_eof = True
        if self._at_eof:
            return False
        if self._head is not None:
            return True
        if self._part is not None:
            await self._part.skip()
        self._head = await self._source.next_head()
        self._part = None
        self._at_eof = self._head is None
        return not self._at_eof

    def _nested(self, headers: CIMultiDictProxy[str], content: PartContent) -> "MultipartReader":
        if content.depth >= _MAX_DEPTH:
            raise ClientPayloadError(f"Multipart bodies are nested more than {_MAX_DEPTH} deep")
        try:
            _multipart_type(headers)
        except ValueError as exc:
            raise ClientPayloadError(f"A part cannot be read: {exc}") from None
        decoder = part_decoder(headers, self._subtype)
        make = self.multipart_reader_cls or type(self)
        return make(
            headers,
            content if decoder is None else DecodedContent(content, decoder),
            client_max_size=self._client_max_size,
            max_field_size=self._max_field_size,
            max_headers=self._max_headers,
            max_size_error_cls=self._max_size_error_cls,
        )

    def _is_charset_field(self, part: BodyPartReader) -> bool:
        return self._subtype == "form-data" and part.name == _CHARSET_FIELD


async def _read_charset(part: BodyPartReader) -> str:
    charset = b""
    while chunk := await part.read_chunk():
        charset += chunk
        if len(charset) > _MAX_CHARSET:
            raise ClientPayloadError(
                f"The field {_CHARSET_FIELD} of a form has more than {_MAX_CHARSET} bytes"
            )
    return charset.decode("ascii", "replace").strip()


def _multipart_type(headers: Mapping[str, str]) -> tuple[str, bytes]:
    """Tell the subtype and the boundary."""
    field = headers.get(_CONTENT_TYPE, "")
    essence, parameters = parse_media_type(field)
    kind, _, subtype = essence.partition("/")
    boundary = parameters.get("boundary", "")
    if kind != "multipart" or not subtype:
        raise NotMultipartError(f"Not a multipart Content-Type: {field!r:.100}")
    if not boundary:
        raise NotMultipartError(f"Content-Type has no boundary: {field!r:.100}")
    if len(boundary) > _MAX_BOUNDARY:
        raise NotMultipartError(
            f"The boundary has more than {_MAX_BOUNDARY} characters: {field!r:.100}"
        )
    if _BOUNDARY.fullmatch(boundary) is None:
        raise NotMultipartError(
            f"The boundary may have printable ASCII only, and no space at its end: {field!r:.100}"
        )
    return subtype, boundary.encode("ascii")
