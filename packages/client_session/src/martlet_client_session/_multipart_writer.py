"""Writing a multipart body (RFC 2046 section 5.1, RFC 7578)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

from multidict import MultiMapping, istr

from ._boundary import boundary_parameter, check_boundary, new_boundary
from ._bytes_payload import BytesPayload
from ._coalescing import GATHERED, CoalescingWriter
from ._field_part import FieldPart
from ._json_payload import JsonPayload
from ._outgoing_part import OutgoingPart
from ._payload import Payload
from ._payload_registry import LookupError as NoPayload
from ._payload_registry import get_payload
from ._stream_writer import AbstractStreamWriter
from ._urlencoded import urlencoded

__all__ = ["MultipartWriter"]

_CONTENT_DISPOSITION: Final = istr("Content-Disposition")
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_SUBTYPE: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class MultipartWriter(Payload):
    """A body of several parts, each of which has a header and is a `Payload` of its own.

    * *subtype*: what follows ``multipart/`` in its media type. In a ``form-data`` each part
      has a name, and none has a length or an encoding (RFC 7578); to send a form, see
      `FormData`.
    * *boundary*: what separates the parts, and is in none of them; ``None``: a random one.

    A part is encoded, while it is written, as its Content-Encoding (gzip, deflate, and br or
    zstd with their libraries) and its Content-Transfer-Encoding (base64, quoted-printable)
    say. Its Content-Length is filled in. Header fields of parts may be changed until the body
    is sent; they are written as UTF-8. The RFC wants a part; without any, only the end is sent.

    Raises `ValueError` for a *boundary* that is none in RFC 2046 section 5.1.1, and for a
    *subtype* that is no token.
    """

    def __init__(self, subtype: str = "mixed", boundary: str | None = None) -> None:
        if not isinstance(subtype, str):
            raise TypeError(f"subtype cannot be {type(subtype).__name__}: give str")
        if _SUBTYPE.fullmatch(subtype) is None:
            raise ValueError(f"No subtype of multipart: {subtype!r:.100}: give a token")
        self._boundary = new_boundary() if boundary is None else check_boundary(boundary)
        self._is_form = subtype.lower() == "form-data"
        self._parts: list[OutgoingPart | FieldPart] = []
        media_type = f"multipart/{subtype}; {boundary_parameter(self._boundary)}"
        super().__init__(None, content_type=media_type)

    def __repr__(self) -> str:
        return f"<MultipartWriter {self.content_type}, {len(self)} parts>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        return None

    def __len__(self) -> int:
        return len(self._parts)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[tuple[Payload, str, str]]:
        """Give each part, its Content-Encoding, and its Content-Transfer-Encoding.

        Those are lower-case, and empty where nothing is encoded.
        """
        for part in self._parts:
            part.head(part.size)
            yield part.payload, part.coding, part.transfer

    @property
    def boundary(self) -> str:
        """What separates the parts."""
        return self._boundary

    @property
    def consumed(self) -> bool:
        """Whether one of its parts has been written, and cannot be once more."""
        return any(payload.consumed for payload in self._payloads())

    @property
    def replayable(self) -> bool:
        """Whether all of its parts can be written more than once."""
        return all(payload.replayable for payload in self._payloads())

    @property
    def autoclose(self) -> bool:
        """Whether there is nothing to close in any of its parts."""
        return all(payload.autoclose for payload in self._payloads())

    def append(self, obj: object, headers: Mapping[str, str] | None = None) -> Payload:
        """Add *obj*, a `Payload` or what can become one, as a part; give the payload.

        *headers*: fields of its header, in place of those that it has.

        Raises `TypeError` for what cannot become a payload, `ValueError` for fields that a
        part cannot have, and for a `MultipartWriter` that cannot be within this one.
        """
        if isinstance(obj, Payload):
            if headers is not None:
                obj.headers.update(headers)
            return self.append_payload(obj)
        try:
            payload = get_payload(obj, headers=headers)
        except NoPayload:
            raise TypeError(
                f"A part cannot be {type(obj).__name__}: give bytes, str, a file, an async"
                " iterable of bytes, a MultipartWriter or another Payload"
            ) from None
        return self.append_payload(payload)

    def append_payload(self, payload: Payload) -> Payload:
        """Add *payload* as a part, and give it back; see `append`."""
        if not isinstance(payload, Payload):
            raise TypeError(f"payload cannot be {type(payload).__name__}: give a Payload")
        if isinstance(payload, MultipartWriter):
            _check_nesting(payload, self)
        if self._is_form and _CONTENT_DISPOSITION not in payload.headers:
            payload.set_content_disposition("form-data", name=f"section-{len(self._parts)}")
        part = OutgoingPart(payload, self._boundary, self._is_form)
        part.head(payload.size)
        self._parts.append(part)
        return payload

    def append_json(self, obj: object, headers: Mapping[str, str] | None = None) -> Payload:
        """Add *obj*, serialized as JSON, as a part; see `append`."""
        return self.append_payload(JsonPayload(obj, headers=headers))

    def append_form(
        self,
        obj: "Sequence[tuple[str, object]] | Mapping[str, object] | MultiMapping[object]",
        headers: Mapping[str, str] | None = None,
    ) -> Payload:
        """Add the fields of a form, urlencoded, as a part; see `append`.

        Values are str, bytes, int, float, or lists of them.
        """
        pairs = obj.items() if isinstance(obj, Mapping | MultiMapping) else obj
        return self.append_payload(
            BytesPayload(urlencoded(pairs), headers=headers, content_type=_FORM_TYPE)
        )

    @property
    def size(self) -> int | None:
        """How many bytes `write` writes; ``None`` if a part's size is not known.

        It is not where a part is encoded while it is written.
        """
        size = len(self._boundary) + 6
        for part in self._parts:
            inner = part.size
            head = part.head(inner)
            if inner is None or part.coded:
                return None
            size += len(head) + inner + 2
        return size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Give all of it as text, with each part as it is before it is encoded."""
        pieces: list[str] = []
        for part in self._parts:
            head = part.head(part.size)
            pieces += head.decode("utf-8"), part.payload.decode(encoding, errors), "\r\n"
        pieces.append(f"--{self._boundary}--\r\n")
        return "".join(pieces)

    def joined(self) -> bytes | None:
        """Give all of it, as `write` writes it, if that is at most 64 KiB and is there already.

        Otherwise ``None``; so, too, if a part is anything but text or bytes of a `FormData`.
        """
        pieces: list[bytes] = []
        for part in self._parts:
            if part.data is None:
                return None
            pieces += part.head(part.size), part.data, b"\r\n"
        pieces.append(self._end())
        return b"".join(pieces) if sum(map(len, pieces)) <= GATHERED else None

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Give all of it as bytes, as `write` writes them; parts may keep what they have read.

        *encoding* and *errors* are those for `Payload.as_bytes` of each part.
        """
        self._heads()
        pieces: list[bytes] = []
        for part in self._parts:
            data = await part.as_bytes(encoding, errors)
            # The size may be known by now.
            pieces += part.head(part.size), data, b"\r\n"
        pieces.append(self._end())
        return b"".join(pieces)

    async def write(self, writer: AbstractStreamWriter, close_boundary: bool = True) -> None:
        """Write all parts to *writer*, and, if *close_boundary*, what ends the body.

        Raises `RuntimeError` if there is a part that cannot be written once more.
        """
        if self.consumed:
            raise RuntimeError("A part of this body has been written, and cannot be once more")
        # All that can be wrong with any header comes out before anything is written.
        heads = self._heads()
        out = CoalescingWriter(writer)
        for part, (head, size) in zip(self._parts, heads, strict=True):
            out.keep(head)
            if size is None or size > GATHERED:
                # It may take its time: what is there is not held back for it.
                await out.flush()
                await part.write(writer)
            elif part.data is not None:
                out.keep(part.data)
            else:
                await part.write(out)
            out.keep(b"\r\n")
            if out.full:
                await out.flush()
        if close_boundary:
            out.keep(self._end())
        await out.flush()

    async def close(self) -> None:
        """Close all parts; idempotent. If some fail, the others are closed nevertheless."""
        async with AsyncExitStack() as stack:
            for payload in reversed([*self._payloads()]):
                stack.push_async_callback(payload.close)

    def _end(self) -> bytes:
        return f"--{self._boundary}--\r\n".encode("ascii")

    def _payloads(self) -> Iterator[Payload]:
        for part in self._parts:
            payload = part.in_use
            if payload is not None:
                yield payload

    def _heads(self) -> list[tuple[bytes, int | None]]:
        heads = []
        for part in self._parts:
            size = part.size
            heads.append((part.head(size), size))
            # Parts may have been added to it after it was added here.
            payload = part.in_use
            if isinstance(payload, MultipartWriter):
                _check_nesting(payload, self)
        return heads


def _nested(writer: MultipartWriter) -> Iterator[MultipartWriter]:
    yield writer
    for payload, _, _ in writer:
        if isinstance(payload, MultipartWriter):
            yield from _nested(payload)


def _check_nesting(inner: MultipartWriter, outer: MultipartWriter) -> None:
    for writer in _nested(inner):
        if writer is outer:
            raise ValueError("A MultipartWriter cannot be a part of itself")
        # Readers may look no further than to the end of their own boundary.
        if outer.boundary.startswith(writer.boundary) or writer.boundary.startswith(outer.boundary):
            raise ValueError(
                f"The boundary {writer.boundary!r} within a part cannot be told from"
                f" {outer.boundary!r}: give another one, or none for a random one"
            )
