"""HTTP/1.1 on the wire, without I/O (RFC 9110, 9112)."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._body_buffer import BodyBuffer
    from ._body_framer import BodyFramer
    from ._challenges import Challenge, parse_challenges
    from ._content_coding import MAX_CODINGS, ContentDecoder, ContentEncoder
    from ._content_decoder import available_codings, content_decoder, content_decoders
    from ._content_disposition import content_disposition_filename, parse_content_disposition
    from ._content_encoder import content_encoder
    from ._filename import safe_filename
    from ._http_date import format_http_date, parse_http_date
    from ._incoming_request import IncomingRequest
    from ._keep_alive import KeepAlive, parse_keep_alive
    from ._limits import DEFAULT_LIMITS, Limits
    from ._link import LinkValue, parse_links
    from ._media_type import parse_media_type
    from ._request_head import serialize_request_head, serialize_request_line
    from ._request_parser import OnRequest, RequestParser
    from ._response_head import serialize_response_head, serialize_status_line
    from ._response_parser import OnHead, OnInterim, ResponseParser
    from ._retry_after import parse_retry_after
    from ._serialize_chunked import LAST_CHUNK, serialize_chunk, serialize_last_chunk
    from ._serialize_fields import serialize_fields
    from ._zlib_backend import ZlibBackend, set_zlib_backend, zlib_backend

__all__ = [
    "DEFAULT_LIMITS",
    "LAST_CHUNK",
    "MAX_CODINGS",
    "BodyBuffer",
    "BodyFramer",
    "Challenge",
    "ContentDecoder",
    "ContentEncoder",
    "IncomingRequest",
    "KeepAlive",
    "Limits",
    "LinkValue",
    "OnHead",
    "OnInterim",
    "OnRequest",
    "RequestParser",
    "ResponseParser",
    "ZlibBackend",
    "available_codings",
    "content_decoder",
    "content_decoders",
    "content_disposition_filename",
    "content_encoder",
    "format_http_date",
    "parse_challenges",
    "parse_content_disposition",
    "parse_http_date",
    "parse_keep_alive",
    "parse_links",
    "parse_media_type",
    "parse_retry_after",
    "safe_filename",
    "serialize_chunk",
    "serialize_fields",
    "serialize_last_chunk",
    "serialize_request_head",
    "serialize_request_line",
    "serialize_response_head",
    "serialize_status_line",
    "set_zlib_backend",
    "zlib_backend",
]

__version__ = "0.2.0"

_NAMES_OF = {
    "_body_buffer": ("BodyBuffer",),
    "_body_framer": ("BodyFramer",),
    "_challenges": ("Challenge", "parse_challenges"),
    "_content_coding": ("MAX_CODINGS", "ContentDecoder", "ContentEncoder"),
    "_content_decoder": ("available_codings", "content_decoder", "content_decoders"),
    "_content_disposition": ("content_disposition_filename", "parse_content_disposition"),
    "_content_encoder": ("content_encoder",),
    "_filename": ("safe_filename",),
    "_http_date": ("format_http_date", "parse_http_date"),
    "_incoming_request": ("IncomingRequest",),
    "_keep_alive": ("KeepAlive", "parse_keep_alive"),
    "_limits": ("DEFAULT_LIMITS", "Limits"),
    "_link": ("LinkValue", "parse_links"),
    "_media_type": ("parse_media_type",),
    "_request_head": ("serialize_request_head", "serialize_request_line"),
    "_request_parser": ("OnRequest", "RequestParser"),
    "_response_head": ("serialize_response_head", "serialize_status_line"),
    "_response_parser": ("OnHead", "OnInterim", "ResponseParser"),
    "_retry_after": ("parse_retry_after",),
    "_serialize_chunked": ("LAST_CHUNK", "serialize_chunk", "serialize_last_chunk"),
    "_serialize_fields": ("serialize_fields",),
    "_zlib_backend": ("ZlibBackend", "set_zlib_backend", "zlib_backend"),
}
_HOME_OF = {name: home for home, names in _NAMES_OF.items() for name in names}


def __getattr__(name: str) -> object:
    # Imported when they are first asked for: who parses heads has no use for the rest.
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
