"""Writing the head of a request (RFC 9112 section 3).

What is written has passed a check that it cannot be read as anything else: nothing from
a caller can end a line early.
"""

from typing import Final

from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from ._grammar import HOST, TOKEN
from ._request_line import read_request_line
from ._serialize_fields import Fields, Pair, lower_names, pairs_of, write_fields
from ._serialize_framing import check_framing

__all__ = ["check_method", "serialize_request_head", "serialize_request_line"]

_KNOWN_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}
)


def serialize_request_line(method: str, target: str, version: HttpVersion = HttpVersion11) -> bytes:
    """Write the first line of a request, with its CRLF.

    Raises `ValueError` if *method* is no token (RFC 9110 section 9.1), *target* is empty
    or holds anything but visible ASCII, or *version* is neither HTTP/1.0 nor HTTP/1.1;
    `TypeError` if *method* or *target* is no string. `serialize_request_head` looks at the
    form of the target, too.
    """
    if method not in _KNOWN_METHODS:
        check_method(method)
    try:
        # Printable ASCII, the space left out, is exactly what cannot end the target early.
        visible = target.isascii() and target.isprintable() and " " not in target and target
    except AttributeError:
        raise TypeError(f"Request target is not a string: {type(target).__name__}") from None
    if not visible:
        raise ValueError(f"Request target is not visible ASCII: {target!r:.100}")
    if version is HttpVersion11 or version == HttpVersion11:
        end = " HTTP/1.1\r\n"
    elif version == HttpVersion10:
        end = " HTTP/1.0\r\n"
    else:
        raise ValueError(f"Not a version of HTTP/1: {version!r:.100}")
    # Joined, not formatted: how a subclass of `str` formats itself was not checked.
    return "".join((method, " ", target, end)).encode("ascii")  # noqa: FLY002


def check_method(method: str) -> None:
    """Raise `ValueError` if *method* is no token, `TypeError` if it is no string."""
    try:
        token = TOKEN.fullmatch(method)
    except TypeError:
        raise TypeError(f"Method is not a string: {type(method).__name__}") from None
    if token is None:
        raise ValueError(f"Method is not a token: {method!r:.100}")


def serialize_request_head(
    method: str, target: str, fields: Fields, version: HttpVersion = HttpVersion11
) -> bytes:
    """Write the head of a request, with the empty line at its end.

    *target* has one of the forms that the method may have (RFC 9112 section 3.2):
    ``/path?query``, an absolute URL for a proxy, ``host:port`` with CONNECT, ``*`` with
    OPTIONS. *fields* are given as to `serialize_fields`, and written in order. Content-Length
    or ``Transfer-Encoding: chunked`` is among them if a body is to follow, and Host is
    (with HTTP/1.0 it may be left out); nothing is added.

    Raises `ValueError` for what the other functions refuse, a target of another form, with
    a fragment or with user information, a head that has not exactly one Host, and one that
    could be read as followed by more or less than it is: by both of the fields that frame
    a body, one of them twice, one that is not exactly a number or ``chunked``, one in a
    CONNECT, or ``chunked`` in HTTP/1.0 (section 6.3).
    """
    line = serialize_request_line(method, target, version)
    if target[0] != "/" or "#" in target or method == "CONNECT":
        _check_target(method, target)
    pairs = pairs_of(fields)
    section = write_fields(pairs)
    names = lower_names(pairs)
    _check_host(pairs, names, version)
    check_framing(
        pairs, names, version, bodiless="a CONNECT request" if method == "CONNECT" else ""
    )
    return b"".join((line, section, b"\r\n"))


def _check_target(method: str, target: str) -> None:
    """Check the form of *target*; it is not shown, since URLs may hold secrets."""
    if "#" in target:
        raise ValueError("Request target has a fragment")
    authority = target.partition("://")[2].partition("/")[0].partition("?")[0]
    if "@" in authority:
        raise ValueError("Request target has user information")
    # One rule for what is read and for what is written.
    if read_request_line(f"{method} {target} HTTP/1.1") is not None:
        return
    if method == "CONNECT":
        raise ValueError("The target of CONNECT is not host:port")
    if target == "*":
        raise ValueError("The target '*' is for OPTIONS only")
    raise ValueError("Request target is neither a path nor an absolute URL")


def _check_host(pairs: list[Pair], names: list[str], version: HttpVersion) -> None:
    hosts = names.count("host")
    if hosts > 1:
        raise ValueError("Host is given twice")
    if hosts:
        if HOST.fullmatch(pairs[names.index("host")][1]) is None:
            raise ValueError("Host is not a host with an optional port")
    elif version == HttpVersion11:
        raise ValueError("Host is missing, which HTTP/1.1 needs")
