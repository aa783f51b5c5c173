"""The body and the header section of a request, where they take more than bytes."""

from collections.abc import Container
from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict, CIMultiDictProxy, istr

from ._content_length import content_length

if TYPE_CHECKING:
    from ._payload import Payload
    from ._request_body import PayloadBody
    from ._upload_tracker import UploadTracker

__all__ = ["OF_FRAMING", "outgoing"]

_CONTENT_ENCODING: Final = istr("Content-Encoding")
_CONTENT_LENGTH: Final = istr("Content-Length")
_CONTENT_TYPE: Final = istr("Content-Type")
_EXPECT: Final = istr("Expect")
_TRANSFER_ENCODING: Final = istr("Transfer-Encoding")
OF_FRAMING: Final = (_CONTENT_ENCODING, _CONTENT_LENGTH, _EXPECT, _TRANSFER_ENCODING)
"""What depends on the body, and is set anew for another one."""
# What takes no longer than a few milliseconds to compress is compressed at once: then its
# length is known.
_AT_ONCE: Final = 256 * 1024


def outgoing(
    body: "bytes | Payload | None",
    section: CIMultiDictProxy[str],
    *,
    compress: str | bool | None,
    chunked: bool | int | None,
    expect100: bool,
    tracker: "UploadTracker | None",
    skip: Container[str],
) -> "tuple[bytes | PayloadBody | None, CIMultiDictProxy[str]]":
    """Give what the connector gets as the body, and the section that goes with it.

    *skip*: names of fields, lower-case, that are not to be added. Raises `ValueError` for
    what contradicts itself, or a coding that is not available.
    """
    fields = CIMultiDict(section)
    chunked = _is_chunked(fields, chunked)
    coding = _given_coding(compress)
    if body is None:
        if tracker is not None:
            tracker.take(0)
            tracker.complete()
        return None, CIMultiDictProxy(fields)
    if coding is not None:
        _announce(coding, fields)
    size = len(body) if isinstance(body, bytes) else body.size
    # There is nothing to be asked for then (RFC 9110 section 10.1.1).
    if expect100 and size != 0 and _EXPECT not in fields:
        fields[_EXPECT] = "100-continue"
    if not isinstance(body, bytes):
        for name, value in body.headers.items():
            if name not in fields and name.lower() not in skip and name != _CONTENT_TYPE:
                fields.add(name, value)
    elif coding is not None and len(body) <= _AT_ONCE:
        body, coding = _encoded(body, coding), None
    if isinstance(body, bytes) and not chunked and coding is None and tracker is None:
        return body, CIMultiDictProxy(fields)
    upload = _upload(body, coding, chunked, tracker)
    if upload.length is None and not chunked and coding is None:
        upload.length = content_length(fields)
    if tracker is not None:
        tracker.take(upload.length)
    return upload, CIMultiDictProxy(fields)


def _upload(
    body: "bytes | Payload",
    coding: str | None,
    chunked: bool,
    tracker: "UploadTracker | None",
) -> "PayloadBody":
    from ._bytes_payload import BytesPayload
    from ._request_body import PayloadBody

    payload = BytesPayload(body) if isinstance(body, bytes) else body
    return PayloadBody(payload, coding=coding, chunked=chunked, tracker=tracker)


def _is_chunked(fields: CIMultiDict[str], chunked: bool | int | None) -> bool:
    given = fields.popall(_TRANSFER_ENCODING, None)
    if given is not None:
        if chunked:
            raise ValueError(
                "chunked= cannot be given with a Transfer-Encoding: it sets one itself"
            )
        if [value.strip().lower() for value in given] != ["chunked"]:
            raise ValueError(f"Transfer-Encoding can only be chunked, not {', '.join(given)!r:.80}")
        chunked = True
    if chunked and _CONTENT_LENGTH in fields:
        raise ValueError("A chunked body has no Content-Length: give only one of them")
    return bool(chunked)


def _given_coding(compress: str | bool | None) -> str | None:
    if not compress:
        return None
    if compress is True:
        return "deflate"
    if not isinstance(compress, str):
        raise TypeError(f"compress is a bool or the name of a coding, not {compress!r:.80}")
    from martlet_http_parser import available_codings

    coding = compress.lower()
    if coding not in available_codings():
        known = ", ".join(available_codings())
        raise ValueError(f"compress cannot be {compress!r:.80}: there are {known}")
    return coding


def _announce(coding: str, fields: CIMultiDict[str]) -> None:
    if _CONTENT_ENCODING in fields:
        raise ValueError("compress= cannot be given with a Content-Encoding: it sets one itself")
    if _CONTENT_LENGTH in fields:
        raise ValueError("compress= cannot be given with a Content-Length: it changes the length")
    fields[_CONTENT_ENCODING] = coding


def _encoded(body: bytes, coding: str) -> bytes:
    from martlet_http_parser import content_encoder

    encoder = content_encoder(coding)
    return encoder.encode(body) + encoder.finish()
