"""HTTP/1.1 on the wire, without I/O (RFC 9110, 9112)."""

from ._content_coding import MAX_CODINGS, ContentDecoder, content_decoders
from ._limits import DEFAULT_LIMITS, Limits
from ._media_type import parse_media_type
from ._request_head import LAST_CHUNK, serialize_chunk, serialize_fields, serialize_request_line
from ._response_parser import OnHead, ResponseParser

__all__ = [
    "DEFAULT_LIMITS",
    "LAST_CHUNK",
    "MAX_CODINGS",
    "ContentDecoder",
    "Limits",
    "OnHead",
    "ResponseParser",
    "content_decoders",
    "parse_media_type",
    "serialize_chunk",
    "serialize_fields",
    "serialize_request_line",
]

__version__ = "0.1.0"
