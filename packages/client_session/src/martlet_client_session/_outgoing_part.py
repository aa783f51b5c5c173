"""A part of a multipart body that is to be written: a payload, its header, its encodings."""

from collections.abc import Iterable
from typing import Final

from multidict import CIMultiDict, istr

from ._headers import version_of
from ._part_coder import PartCoder, part_codings
from ._part_head import part_head
from ._payload import Payload
from ._stream_writer import AbstractStreamWriter, GatheringStreamWriter

__all__ = ["OutgoingPart"]

_CONTENT_LENGTH: Final = istr("Content-Length")
_NOT_IN_FORMS: Final = (
    _CONTENT_LENGTH,
    istr("Content-Encoding"),
    istr("Content-Transfer-Encoding"),
)


class OutgoingPart:
    """Writes the header of *payload* and *payload* itself, encoded as that header says.

    The header may be changed until it is written. *boundary* is that of the body, and
    *is_form*: whether that is a form (RFC 7578), whose parts have neither a length nor an
    encoding.
    """

    __slots__ = ("_head", "_is_form", "_made_of", "_opening", "coding", "payload", "transfer")

    coding: str
    """The Content-Encoding, as `part_codings` has it; known as soon as there is a `head`."""
    transfer: str
    """The Content-Transfer-Encoding, likewise."""

    data = None
    """What is sent, if that is known without asking the payload to write it."""

    def __init__(self, payload: Payload, boundary: str, is_form: bool) -> None:
        self.payload = payload
        self.coding = ""
        self.transfer = ""
        self._opening = f"--{boundary}"
        self._is_form = is_form
        self._head = b""
        self._made_of: tuple[int, int | None] | None = None

    @property
    def in_use(self) -> Payload | None:
        """The payload."""
        return self.payload

    @property
    def size(self) -> int | None:
        """The size of the payload, before it is encoded."""
        return self.payload.size

    @property
    def coded(self) -> bool:
        """Whether it is encoded while it is written."""
        return bool(self.coding or self.transfer)

    def head(self, size: int | None) -> bytes:
        """Give the delimiter and the header of the part; *size* is that of the payload.

        Raises `ValueError` for fields that no part, or no part of a form, can have, and
        for a Content-Length that is not *size*.
        """
        headers = self.payload.headers
        made_of = version_of(headers), size
        if made_of != self._made_of:
            if self._is_form:
                fields = _fields_of_form(headers)
            else:
                self.coding, self.transfer = part_codings(headers)
                fields = _with_length(headers, None if self.coded else size)
            self._head = part_head(self._opening, fields)
            self._made_of = made_of
        return self._head

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write the payload, encoded as the `head` says that was given last."""
        if not self.coded:
            await self.payload.write(writer)
            return
        coder = PartCoder(writer, self.coding, self.transfer)
        await self.payload.write(coder)
        await coder.finish()

    async def as_bytes(self, encoding: str, errors: str) -> bytes:
        """Give what `write` writes, by way of `Payload.as_bytes`."""
        data = await self.payload.as_bytes(encoding, errors)
        if not self.coded:
            return data
        writer = GatheringStreamWriter()
        coder = PartCoder(writer, self.coding, self.transfer)
        await coder.write(data)
        await coder.finish()
        return writer.gathered()


def _fields_of_form(headers: CIMultiDict[str]) -> Iterable[tuple[str, str]]:
    for name in _NOT_IN_FORMS:
        if name in headers:
            raise ValueError(f"A part of a form cannot have the header field {name}: leave it out")
    return headers.items()


def _with_length(headers: CIMultiDict[str], size: int | None) -> Iterable[tuple[str, str]]:
    if _CONTENT_LENGTH in headers:
        if size is not None and set(headers.getall(_CONTENT_LENGTH)) != {str(size)}:
            given = ", ".join(map(str, headers.getall(_CONTENT_LENGTH)))
            raise ValueError(
                f"The Content-Length of a part is {size}, not {given!r:.100}: leave it out"
            )
        headers = headers.copy()
        del headers[_CONTENT_LENGTH]
    if size is None:
        return headers.items()
    return *headers.items(), (_CONTENT_LENGTH, str(size))
