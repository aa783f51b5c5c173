"""How long the body of a message is (RFC 9112 section 6.3), and what comes after it.

Two readings of one message are how messages get smuggled, so whatever can be read in
two ways is refused, but for repeated equal Content-Lengths, which section 6.3 allows.
"""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final, Protocol

from multidict import CIMultiDict, istr

from martlet_exceptions import BadHttpMessage
from martlet_interfaces import HttpVersion, HttpVersion11

from ._head import field_offset

__all__ = [
    "CHUNKED",
    "UNTIL_CLOSE",
    "Open",
    "connection_options",
    "is_persistent",
]


class Open(Enum):
    """Framings that do not say a length at the beginning."""

    CHUNKED = "chunked"
    UNTIL_CLOSE = "until close"


CHUNKED: Final = Open.CHUNKED
UNTIL_CLOSE: Final = Open.UNTIL_CLOSE

_CONNECTION: Final = istr("Connection")
_CONTENT_LENGTH: Final = istr("Content-Length")
_MAX_DIGITS: Final = 19
_TRANSFER_ENCODING: Final = istr("Transfer-Encoding")
_TAB_AT_CODING: Final = re.compile(rb"(?i:\ntransfer-encoding:)[^\t\n]*+\t")


class _Head(Protocol):
    @property
    def version(self) -> HttpVersion: ...

    @property
    def headers(self) -> "CIMultiDict[str]": ...


def announced_length(head: _Head, block: bytes, *, strict: bool) -> tuple[int | Open | None, bool]:
    """Tell what length a head announces for its body, if any, and whether a rule was broken.

    *block* are the bytes of the head. Raises `BadHttpMessage` where they do not settle the
    length, or break a rule and *strict* is true.
    """
    headers = head.headers
    if _TRANSFER_ENCODING in headers:
        codings = headers.getall(_TRANSFER_ENCODING)
        return _check_codings(head, codings, _CONTENT_LENGTH in headers, block, strict)
    if _CONTENT_LENGTH not in headers:
        return None, False
    lengths = headers.getall(_CONTENT_LENGTH)
    first = lengths[0]
    # What `int` takes is more than digits: signs, blanks, underscores, other scripts.
    if len(lengths) == 1 and first.isdigit() and first.isascii() and len(first) <= _MAX_DIGITS:
        return int(first), False
    return _check_lengths(lengths, block, strict)


def _check_codings(
    head: _Head, codings: list[str], has_length: bool, block: bytes, strict: bool
) -> tuple[Open, bool]:
    if has_length:
        what = "Both Transfer-Encoding and Content-Length are present"
    elif head.version is not HttpVersion11:
        # RFC 9112 section 6.1: such framing is faulty, whatever it says.
        what = "Transfer-Encoding in an HTTP/1.0 message"
    # To `lower`, the Kelvin sign is a letter k; to other readers it is not.
    elif len(codings) != 1 or not codings[0].isascii() or codings[0].lower() != "chunked":
        what = "Transfer-Encoding is not exactly 'chunked'"
    # A tab is no part of the value, but there are readers to whom it is.
    elif b"\t" not in block or _TAB_AT_CODING.search(block) is None:
        return CHUNKED, False
    elif strict:
        what = "Transfer-Encoding has a tab beside its value"
    else:
        return CHUNKED, True
    raise _error(what, _TRANSFER_ENCODING, codings, block)


def _check_lengths(lengths: Sequence[str], block: bytes, strict: bool) -> tuple[int, bool]:
    values = [part.strip(" \t") for value in lengths for part in value.split(",")]
    first = values[0]
    if not (first.isdigit() and first.isascii() and len(first) <= _MAX_DIGITS):
        what = f"Content-Length is not a number of at most {_MAX_DIGITS} digits"
    elif any(value != first for value in values):
        what = "Content-Length is given twice, differing"
    elif strict:
        what = "Content-Length is given twice"
    else:
        return int(first), True
    raise _error(what, _CONTENT_LENGTH, lengths, block)


def is_persistent(head: _Head) -> bool:
    """Tell whether the peer keeps the connection open (RFC 9112 section 9.3)."""
    if _CONNECTION not in head.headers:
        return head.version is HttpVersion11
    values = head.headers.getall(_CONNECTION)
    if len(values) == 1 and values[0] == "keep-alive":
        return True
    options = connection_options(values)
    if "close" in options:
        return False
    return head.version is HttpVersion11 or "keep-alive" in options


def connection_options(values: Sequence[str]) -> set[str]:
    """Take Connection fields apart (RFC 9110 section 7.6.1); options are lower-cased."""
    return {
        option.strip(" \t").lower()
        for value in values
        for option in value.split(",")
        if option.isascii()
    }


def _error(what: str, name: str, values: Sequence[str], block: bytes) -> BadHttpMessage:
    excerpt = ", ".join(values).encode("utf-8", "surrogateescape")[:100]
    return BadHttpMessage(what, offset=field_offset(block, name), excerpt=excerpt)
