"""Encoding a part of a multipart body while it is written.

Content-Encoding (RFC 9110 section 8.4) first, then Content-Transfer-Encoding (RFC 2045
section 6).
"""

import asyncio
import binascii
from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeAlias

from multidict import istr

from martlet_http_parser import ContentEncoder, content_encoder

from ._stream_writer import AbstractStreamWriter, BodyStreamWriter

__all__ = ["PartCoder", "part_codings"]

_TRANSFER_ENCODING: Final = istr("Content-Transfer-Encoding")
_CONTENT_ENCODING: Final = istr("Content-Encoding")
_AS_IT_IS: Final = frozenset({"", "7bit", "8bit", "binary"})

# Compressing this much takes about a millisecond.
_STEP: Final = 64 * 1024
# What makes a line of 76 characters in base64.
_LINE: Final = 57
_LINE_CODED: Final = 76
# How much of a line is encoded at once; a longer one is broken there.
_LONG_LINE: Final = 4096

_Bytes: TypeAlias = "bytes | bytearray | memoryview"


class _TransferEncoder(Protocol):
    def encode(self, data: _Bytes, /) -> bytes: ...

    def finish(self) -> bytes: ...


class _Base64Encoder:
    """RFC 2045 section 6.8: lines of 76 characters, the last one without an end."""

    __slots__ = ("_begun", "_left")

    def __init__(self) -> None:
        self._begun = False
        self._left = b""

    def encode(self, data: _Bytes) -> bytes:
        data = self._left + data
        whole = len(data) - len(data) % _LINE
        self._left = data[whole:]
        return self._lines(data[:whole])

    def finish(self) -> bytes:
        return self._lines(self._left)

    def _lines(self, data: bytes) -> bytes:
        if not data:
            return b""
        coded = binascii.b2a_base64(data, newline=False)
        lines = [coded[at : at + _LINE_CODED] for at in range(0, len(coded), _LINE_CODED)]
        if self._begun:
            lines.insert(0, b"")
        self._begun = True
        return b"\r\n".join(lines)


class _QuotedPrintableEncoder:
    """RFC 2045 section 6.7: CRLF stays the end of a line, any other CR or LF is escaped."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = b""

    def encode(self, data: _Bytes) -> bytes:
        data = self._left + data
        lines, end, self._left = data.rpartition(b"\r\n")
        pieces = [_quoted_printable(line) + b"\r\n" for line in lines.split(b"\r\n")] if end else []
        while len(self._left) > _LONG_LINE:
            # Something is left, so this is not the end of the line; a CR may be half of it.
            size = _LONG_LINE - self._left.startswith(b"\r", _LONG_LINE - 1)
            pieces.append(_quoted_printable(self._left[:size]) + b"=\r\n")
            self._left = self._left[size:]
        return b"".join(pieces)

    def finish(self) -> bytes:
        return _quoted_printable(self._left)


def _quoted_printable(line: bytes) -> bytes:
    # All that is left of line ends in it are the soft ones.
    return binascii.b2a_qp(line, istext=False).replace(b"\n", b"\r\n")


_TRANSFER_ENCODERS: Final[dict[str, Callable[[], _TransferEncoder]]] = {
    "base64": _Base64Encoder,
    "quoted-printable": _QuotedPrintableEncoder,
}


def part_codings(headers: Mapping[str, str]) -> tuple[str, str]:
    """Tell what Content-Encoding and Content-Transfer-Encoding ask for; ``""``: nothing.

    Raises `ValueError` for one that is not known, or whose library is not installed.
    """
    coding = headers.get(_CONTENT_ENCODING, "").strip(" \t").lower()
    if coding == "identity":
        coding = ""
    elif coding:
        content_encoder(coding)
    transfer = headers.get(_TRANSFER_ENCODING, "").strip(" \t").lower()
    if transfer in _AS_IT_IS:
        transfer = ""
    elif transfer not in _TRANSFER_ENCODERS:
        raise ValueError(
            f"Not a Content-Transfer-Encoding: {transfer!r:.100}: give base64,"
            " quoted-printable, binary, 8bit or 7bit"
        )
    return coding, transfer


class PartCoder(BodyStreamWriter):
    """Encodes what is written, and writes it to *writer*; `finish` writes the rest.

    *coding* and *transfer* are as `part_codings` gives them. However much is written, no
    more than some 100 KiB are held at a time.
    """

    def __init__(self, writer: AbstractStreamWriter, coding: str, transfer: str) -> None:
        super().__init__(writer)
        self._coding: ContentEncoder | None = content_encoder(coding) if coding else None
        self._transfer = _TRANSFER_ENCODERS[transfer]() if transfer else None

    async def write(self, chunk: _Bytes) -> None:
        """Encode *chunk*, and write what is ready."""
        view = memoryview(chunk)
        view = view.cast("B") if view.c_contiguous else memoryview(view.tobytes())
        for start in range(0, len(view), _STEP):
            if start:
                await asyncio.sleep(0)
            data: _Bytes = view[start : start + _STEP]
            if self._coding is not None:
                data = self._coding.encode(data)
            if self._transfer is not None:
                data = self._transfer.encode(data)
            await super().write(data)

    async def finish(self) -> None:
        """Write what is left, and the end of each encoding."""
        data = b"" if self._coding is None else self._coding.finish()
        if self._transfer is not None:
            data = self._transfer.encode(data) + self._transfer.finish()
        await super().write(data)
