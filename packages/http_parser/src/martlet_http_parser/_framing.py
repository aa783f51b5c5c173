"""How long the body of a response is (RFC 9112 section 6.3), and what comes after it.

Two readings of one message are how responses get smuggled, so whatever can be read in
two ways is refused, but for repeated equal Content-Lengths, which section 6.3 allows.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from multidict import istr

from martlet_exceptions import BadHttpMessage
from martlet_interfaces import HttpVersion11, ResponseHead

__all__ = ["CHUNKED", "UNTIL_CLOSE", "Open", "body_length", "is_persistent"]


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


def body_length(head: ResponseHead, method: str) -> tuple[int | Open, bool]:
    """Tell the length of the body that answers *method*, and whether a rule was broken.

    *head* is that of a final response after which the connection still speaks HTTP/1.
    Raises `BadHttpMessage` where it does not settle the length.
    """
    headers = head.headers
    lengths = headers.getall(_CONTENT_LENGTH, ())
    length: int | Open = UNTIL_CLOSE
    sloppy = False
    if _TRANSFER_ENCODING in headers:
        length = _check_codings(head, headers.getall(_TRANSFER_ENCODING), bool(lengths))
    elif lengths:
        length, sloppy = _check_lengths(lengths)
    if method == "HEAD" or head.status in (204, 304):
        return 0, sloppy
    return length, sloppy


def _check_codings(head: ResponseHead, codings: list[str], has_length: bool) -> Open:
    if has_length:
        raise BadHttpMessage(
            "Both Transfer-Encoding and Content-Length are present", excerpt=_excerpt(codings)
        )
    if head.version is not HttpVersion11:
        # RFC 9112 section 6.1: such framing is faulty, whatever it says.
        raise BadHttpMessage("Transfer-Encoding in an HTTP/1.0 response", excerpt=_excerpt(codings))
    # To `lower`, the Kelvin sign is a letter k; to other readers it is not.
    if len(codings) != 1 or not codings[0].isascii() or codings[0].lower() != "chunked":
        raise BadHttpMessage(
            "Transfer-Encoding is not exactly 'chunked'", excerpt=_excerpt(codings)
        )
    return CHUNKED


def _check_lengths(lengths: Sequence[str]) -> tuple[int, bool]:
    first = lengths[0]
    # What `int` takes is more than digits: signs, blanks, underscores, other scripts.
    if len(lengths) == 1 and first.isdigit() and first.isascii() and len(first) <= _MAX_DIGITS:
        return int(first), False
    values = [part.strip(" \t") for value in lengths for part in value.split(",")]
    first = values[0]
    if not (first.isdigit() and first.isascii() and len(first) <= _MAX_DIGITS):
        raise BadHttpMessage(
            f"Content-Length is not a number of at most {_MAX_DIGITS} digits",
            excerpt=_excerpt(lengths),
        )
    if any(value != first for value in values):
        raise BadHttpMessage("Content-Length is given twice, differing", excerpt=_excerpt(lengths))
    return int(first), True


def is_persistent(head: ResponseHead) -> bool:
    """Tell whether the peer keeps the connection open (RFC 9112 section 9.3)."""
    values = head.headers.getall(_CONNECTION, ())
    if not values:
        return head.version is HttpVersion11
    if len(values) == 1 and values[0] == "keep-alive":
        return True
    options = {
        option.strip(" \t").lower()
        for value in values
        for option in value.split(",")
        if option.isascii()
    }
    if "close" in options:
        return False
    return head.version is HttpVersion11 or "keep-alive" in options


def _excerpt(values: Sequence[str]) -> bytes:
    return ", ".join(values).encode("utf-8", "surrogateescape")[:100]
