"""The request line (RFC 9112 section 3)."""

import re
from typing import Final

from martlet_exceptions import BadHttpMessage
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from ._grammar import AUTHORITY, REQUEST_LINE, TOKEN

__all__ = ["RequestLine", "bad_request_line", "read_request_line"]

RequestLine = tuple[str, str, HttpVersion]

# Userinfo hides the host from who reads it (RFC 9110 section 4.2.4). Schemes are of letters
# only: there are readers that know no others, and nobody sends any.
_ABSOLUTE: Final = re.compile(
    r"(?!(?i:https?)://[^/?@]*+@)"
    r"[A-Za-z]++://[0-9A-Za-z.~!$&'()*+,;=_\-%:@\[\]]++(?:[/?][!-~]*+)?"
)
_TLS: Final = "\x16"
"""How a handshake begins (RFC 8446 section 5.1)."""


def read_request_line(line: str) -> RequestLine | None:
    """Take *line*, without its end, apart; ``None`` if it is no request line.

    The target has one of the forms that the method may have (section 3.2).
    """
    match = REQUEST_LINE.fullmatch(line)
    if match is None:
        return None
    method, target, minor = match.groups()
    if not (target[0] == "/" and method != "CONNECT") and not _may_be(target, method):
        return None
    return method, target, HttpVersion11 if minor == "1" else HttpVersion10


def _may_be(target: str, method: str) -> bool:
    if method == "CONNECT":
        return AUTHORITY.fullmatch(target) is not None
    if target == "*":
        return method == "OPTIONS"
    return _ABSOLUTE.fullmatch(target) is not None


def bad_request_line(line: str) -> BadHttpMessage:
    """Say what is wrong with *line*, which is no request line, or the beginning of none."""
    excerpt = line.encode("utf-8", "surrogateescape")[:100]
    method, _, rest = line.partition(" ")
    target, _, version = rest.partition(" ")
    if line.startswith(_TLS):
        what = "The request does not begin with a method, but like a TLS handshake"
    elif TOKEN.fullmatch(method) is None:
        what = "The request does not begin with a method"
    elif version.startswith("HTTP/") and version not in ("HTTP/1.0", "HTTP/1.1"):
        what = "The request's version is neither HTTP/1.0 nor HTTP/1.1"
    elif not target or version not in ("HTTP/1.0", "HTTP/1.1"):
        what = "The request line is not a method, a target and a version, with one space between"
    elif not (target.isascii() and target.isprintable()):
        what = "The request's target is not visible ASCII"
    else:
        what = f"The request's target has no form that {method[:20]} may have"
    return BadHttpMessage(what, offset=0, excerpt=excerpt)
