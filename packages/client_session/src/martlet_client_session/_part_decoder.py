"""What a part of a multipart body is encoded with, and removing it.

Content-Transfer-Encoding (RFC 2045 section 6) first, then Content-Encoding (RFC 9110 section
8.4), which forms do not have (RFC 7578 section 4.8).
"""

import binascii
import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from multidict import istr

from martlet_exceptions import ContentEncodingError, PayloadEncodingError
from martlet_http_parser import ContentDecoder, content_decoder, content_decoders

__all__ = ["PartDecoder", "part_decoder", "transfer_units"]

_TRANSFER_ENCODING: Final = istr("Content-Transfer-Encoding")
_CONTENT_ENCODING: Final = istr("Content-Encoding")
_AS_IT_IS: Final = frozenset({"", "7bit", "8bit", "binary"})
_BLANKS: Final = b" \t\r\n"
_EXCERPT: Final = 100

# Lines have 76 bytes at most, so this is more than any padding of them.
_LINE_END: Final = rb"[ \t]{0,80}+\r?\n"
_SOFT_BREAK: Final = re.compile(rb"=" + _LINE_END)
_BAD_ESCAPE: Final = re.compile(rb"=(?![0-9A-Fa-f]{2}|" + _LINE_END + rb")")
# What may become an escape, or a soft line break, by what follows.
_OPEN_ESCAPE: Final = re.compile(rb"=(?:[0-9A-Fa-f]?|[ \t]{0,80}+\r?)\Z")
_LONGEST_ESCAPE: Final = 82


class _TransferDecoder(Protocol):
    def decode(self, data: bytes, /) -> bytes: ...

    def finish(self) -> None: ...


class _Base64Decoder:
    """RFC 2045 section 6.8, but that only blanks and line ends are passed over."""

    __slots__ = ("_left", "_padded")

    def __init__(self) -> None:
        self._left = b""
        self._padded = False

    def decode(self, data: bytes) -> bytes:
        data = self._left + data.translate(None, _BLANKS)
        whole = len(data) & ~3
        self._left = data[whole:]
        data = data[:whole]
        if self._padded and (data or self._left):
            raise PayloadEncodingError("The base64 of a part goes on behind its padding")
        padding = data.find(b"=")
        if padding >= 0:
            self._padded = True
            # Not every version of Python sees this one.
            if padding < whole - 2:
                raise PayloadEncodingError("A part is not base64: too much padding")
        try:
            return binascii.a2b_base64(data, strict_mode=True)
        except binascii.Error as exc:
            raise PayloadEncodingError(f"A part is not base64: {exc}") from None

    def finish(self) -> None:
        if self._left:
            raise PayloadEncodingError("The base64 of a part ends early", excerpt=self._left)


class _QuotedPrintableDecoder:
    """RFC 2045 section 6.7; bytes that should have been escaped are left as they are."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = b""

    def decode(self, data: bytes) -> bytes:
        data = self._left + data
        whole = _quoted_printable_units(data)
        self._left = data[whole:]
        data = data[:whole]
        bad = _BAD_ESCAPE.search(data)
        if bad is not None:
            excerpt = data[bad.start() : bad.start() + _EXCERPT]
            raise PayloadEncodingError("A part is not quoted-printable", excerpt=excerpt)
        return binascii.a2b_qp(_SOFT_BREAK.sub(b"", data))

    def finish(self) -> None:
        # The line end of a soft line break at the end of a part is the delimiter's.
        if self._left.strip(b"= \t\r"):
            raise PayloadEncodingError(
                "The quoted-printable of a part ends early", excerpt=self._left
            )


def _base64_units(data: bytes) -> int:
    end = len(data)
    for _ in range(len(data.translate(None, _BLANKS)) % 4):
        end = len(data[:end].rstrip(_BLANKS)) - 1
    return end


def _quoted_printable_units(data: bytes) -> int:
    match = _OPEN_ESCAPE.search(data, max(0, len(data) - _LONGEST_ESCAPE))
    return len(data) if match is None else match.start()


_DECODERS: Final[dict[str, Callable[[], _TransferDecoder]]] = {
    "base64": _Base64Decoder,
    "quoted-printable": _QuotedPrintableDecoder,
}
_UNITS: Final[dict[str, Callable[[bytes], int]]] = {
    "base64": _base64_units,
    "quoted-printable": _quoted_printable_units,
}


class PartDecoder:
    """Removes both encodings, a bounded step at a time: a `ContentDecoder`."""

    __slots__ = ("_at", "_coding", "_ready", "_transfer")

    def __init__(self, transfer: _TransferDecoder | None, coding: ContentDecoder | None) -> None:
        self._transfer = transfer
        self._coding = coding
        self._ready = b""
        self._at = 0

    def feed(self, data: bytes) -> None:
        """Add *data*, which is not empty; only after `read` gave ``b""``."""
        if self._transfer is not None:
            # It never gets longer by this.
            data = self._transfer.decode(data)
        if self._coding is None:
            self._ready = data
            self._at = 0
        elif data:
            self._coding.feed(data)

    def read(self, size: int) -> bytes:
        """Decode up to *size* bytes; ``b""`` when more has to be fed first."""
        if self._coding is not None:
            return self._coding.read(size)
        data = self._ready[self._at : self._at + size]
        self._at += len(data)
        return data

    def finish(self) -> None:
        """Learn that nothing more will be fed; raise if something is missing."""
        if self._transfer is not None:
            self._transfer.finish()
        if self._coding is not None:
            self._coding.finish()


def _transfer_encoding(headers: Mapping[str, str]) -> str:
    return headers.get(_TRANSFER_ENCODING, "").strip().lower()


def transfer_units(headers: Mapping[str, str]) -> Callable[[bytes], int] | None:
    """Find what tells how much of some data can be decoded without what follows.

    ``None`` if the part's Content-Transfer-Encoding is none of those where that matters.
    """
    return _UNITS.get(_transfer_encoding(headers))


def part_decoder(headers: Mapping[str, str], subtype: str) -> PartDecoder | None:
    """Make the decoder for a part with *headers*, in a body of type multipart/*subtype*.

    ``None`` if nothing is to be decoded. Raises `PayloadEncodingError` for an unknown
    Content-Transfer-Encoding and `ContentEncodingError` for a Content-Encoding that is not
    known here, or whose library is not installed.
    """
    encoding = _transfer_encoding(headers)
    make = _DECODERS.get(encoding)
    if make is None and encoding not in _AS_IT_IS:
        raise PayloadEncodingError(
            "The Content-Transfer-Encoding of a part is not known",
            excerpt=encoding.encode("utf-8", "surrogateescape"),
        )
    field = "" if subtype == "form-data" else headers.get(_CONTENT_ENCODING, "")
    coding = content_decoder(field.strip().lower()) if field else None
    if field and coding is None and content_decoders(field) is None:
        raise ContentEncodingError(
            "The Content-Encoding of a part is not known, or its library is not installed",
            excerpt=field.encode("utf-8", "surrogateescape"),
        )
    if make is None and coding is None:
        return None
    return PartDecoder(None if make is None else make(), coding)
