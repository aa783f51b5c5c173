"""Writing the head of a request (RFC 9112 section 3), and the chunked coding.

What is written has passed a check that it cannot be read as anything else: nothing from
a caller can end a line early.
"""

from collections.abc import Mapping
from typing import Final

from multidict import MultiMapping

from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

from ._grammar import CONTROLS, SURROGATES, TOKEN

__all__ = ["LAST_CHUNK", "serialize_chunk", "serialize_fields", "serialize_request_line"]

LAST_CHUNK: Final = b"0\r\n\r\n"
"""The end of a chunked body without trailers."""

_KNOWN_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}
)


def serialize_request_line(method: str, target: str, version: HttpVersion = HttpVersion11) -> bytes:
    """Write the first line of a request, with its CRLF.

    Raises `ValueError` if *method* is no token (RFC 9110 section 9.1), *target* is empty
    or holds anything but visible ASCII, or *version* is neither HTTP/1.0 nor HTTP/1.1.
    """
    if method not in _KNOWN_METHODS and TOKEN.fullmatch(method) is None:
        raise ValueError(f"Method is not a token: {method!r:.100}")
    # Printable ASCII, the space left out, is exactly what cannot end the target early.
    if not (target.isascii() and target.isprintable()) or " " in target or not target:
        raise ValueError(f"Request target is not visible ASCII: {target!r:.100}")
    if version == HttpVersion11:
        end = " HTTP/1.1\r\n"
    elif version == HttpVersion10:
        end = " HTTP/1.0\r\n"
    else:
        raise ValueError(f"Not a version of HTTP/1: {version!r:.100}")
    # Joined, not formatted: how a subclass of `str` formats itself was not checked.
    return "".join((method, " ", target, end)).encode("ascii")  # noqa: FLY002


def serialize_fields(fields: "MultiMapping[str] | Mapping[str, str]") -> bytes:
    """Write a header section: a line for each field, each with its CRLF, in order.

    Values are encoded as UTF-8. Raises `ValueError` if a name is no token, or a value
    holds a control character other than HTAB, or a lone surrogate.
    """
    pairs = list(fields.items())
    # Not the keys, which leave out what differs in case only, to which a Kelvin sign is a k.
    names = [name for name, _ in pairs]
    # Each check is one pass over all of them; who is to blame is found out afterwards.
    if (
        TOKEN.fullmatch("".join(names)) is None
        or not all(names)
        or CONTROLS.search("".join(fields.values()))
    ):
        _raise_for_bad_field(fields)
    # Joined, not formatted: how a subclass of `str` formats itself was not checked.
    lines = ["".join((name, ": ", value, "\r\n")) for name, value in pairs]  # noqa: FLY002
    try:
        return "".join(lines).encode("utf-8")
    except UnicodeEncodeError:
        name = next(name for name, value in pairs if SURROGATES.search(value))
    # Not as a consequence of the codec's error, which holds all the fields, secrets included.
    raise ValueError(f"Header {name} has a lone surrogate in its value")


def _raise_for_bad_field(fields: "MultiMapping[str] | Mapping[str, str]") -> None:
    for name, value in fields.items():
        if TOKEN.fullmatch(name) is None:
            raise ValueError(f"Header name is not a token: {name!r:.100}")
        if CONTROLS.search(value):
            # The value may be a secret: say where it is wrong, do not show it.
            raise ValueError(f"Header {name} has a control character in its value")


def serialize_chunk(data: "bytes | bytearray | memoryview") -> bytes:
    """Write *data*, which is not empty, as one chunk (RFC 9112 section 7.1).

    An empty one would end the body: it gives ``b""``.
    """
    size = len(data) if not isinstance(data, memoryview) else data.nbytes
    return b"".join((b"%x\r\n" % size, data, b"\r\n")) if size else b""
