"""The fields that say how long a request is, as a server sees them (RFC 9112 section 6)."""

from typing import TYPE_CHECKING, Final

from multidict import istr

from martlet_interfaces import HttpVersion11, RequestBody, RequestHead

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy

__all__ = ["framing_fields"]

_CONTENT_LENGTH: Final = istr("Content-Length")
_EXPECT: Final = istr("Expect")
_TRANSFER_ENCODING: Final = istr("Transfer-Encoding")
# RFC 9110 section 8.6: these say so when they have no body.
_ANTICIPATE_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def framing_fields(
    request: RequestHead, body: bytes | RequestBody | None
) -> list[tuple[bytes, bytes]]:
    """Give what is to be added to the head of *request*.

    Raises `ValueError` for a head that contradicts its body.
    """
    headers = request.headers
    if _TRANSFER_ENCODING in headers:
        raise ValueError("Transfer-Encoding is the connector's to set, not a request's")
    given = headers.getall(_CONTENT_LENGTH, [])
    if len(given) > 1:
        raise ValueError("Content-Length is given twice")
    length = _length(body)
    if not length and length is not None and _expects_continue(headers):
        raise ValueError("Expect: 100-continue needs a body that is not empty")
    if given:
        if given[0] != str(length):
            what = "an unknown number of" if length is None else length
            raise ValueError(f"Content-Length is {given[0]}, but the body has {what} bytes")
        return []
    if length is None:
        if request.version < HttpVersion11:
            raise ValueError("A body of unknown length cannot be sent with HTTP/1.0")
        return [(b"transfer-encoding", b"chunked")]
    if body is None and request.method not in _ANTICIPATE_BODY:
        return []
    return [(b"content-length", b"%d" % length)]


def _length(body: bytes | RequestBody | None) -> int | None:
    if body is None:
        return 0
    return len(body) if isinstance(body, bytes) else body.length


def _expects_continue(headers: "CIMultiDictProxy[str]") -> bool:
    members = ",".join(headers.getall(_EXPECT, ())).lower().split(",")
    return "100-continue" in {member.strip() for member in members}
