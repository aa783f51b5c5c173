"""The types that parameters are annotated with."""

from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any, TypeAlias, TypedDict

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint, Unset

    from ._basic_auth import AuthLike
    from ._defaults import LooseCookies
    from ._form_data import FormData
    from ._middlewares import ClientMiddlewareType
    from ._payload import Payload
    from ._redirects import RedirectPolicy
    from ._status_check import StatusCheck
    from ._streamer import StreamCall, streamer
    from ._timeout import ClientTimeout
    from ._upload_tracker import UploadTracker

__all__ = [
    "Data",
    "FormValue",
    "JSONBytesEncoder",
    "JSONDecoder",
    "JSONEncoder",
    "LooseHeaders",
    "Query",
    "RawHeaders",
    "RequestOptions",
    "StrOrURL",
]

StrOrURL: TypeAlias = str | URL
LooseHeaders: TypeAlias = (
    Mapping[str, str]
    | Mapping[istr, str]
    | CIMultiDict[str]
    | CIMultiDictProxy[str]
    | Iterable[tuple[str | istr, str]]
)
RawHeaders: TypeAlias = tuple[tuple[bytes, bytes], ...]
_QueryVariable: TypeAlias = str | int | float
Query: TypeAlias = (
    str
    | Mapping[str, _QueryVariable | Sequence[_QueryVariable]]
    | Sequence[tuple[str, _QueryVariable | Sequence[_QueryVariable]]]
)
FormValue: TypeAlias = "str | int | float | bytes | IO[bytes] | IO[str] | Payload"
# Apart, because type checkers read a type in quotes only from one literal.
_FieldValue: TypeAlias = "FormValue | Sequence[FormValue]"
_Fields: TypeAlias = "Mapping[str, _FieldValue] | Sequence[tuple[str, _FieldValue]]"
_AnyFields: TypeAlias = Mapping[str, object] | Sequence[tuple[str, object]]
_Stream: TypeAlias = "IO[bytes] | IO[str] | AsyncIterable[bytes] | streamer | StreamCall"
Data: TypeAlias = (
    "bytes | bytearray | memoryview | str | _Fields | _AnyFields | FormData | Payload | _Stream"
)
# What json makes of a document is its caller's to know.
JSONDecoder: TypeAlias = Callable[[str], Any]
JSONEncoder: TypeAlias = Callable[[Any], str]
JSONBytesEncoder: TypeAlias = Callable[[Any], bytes]


class RequestOptions(TypedDict, total=False):
    """What every verb takes besides the URL; see `ClientSession.request`."""

    params: Query | None
    data: "Data | None"
    json: object
    headers: LooseHeaders | None
    cookies: "LooseCookies | None"
    skip_auto_headers: Iterable[str] | None
    auth: "AuthLike | None"
    allow_redirects: "bool | RedirectPolicy"
    max_redirects: int
    compress: str | bool | None
    chunked: bool | int | None
    expect100: bool
    raise_for_status: "StatusCheck | None"
    read_until_eof: bool
    proxy: StrOrURL | None
    proxy_auth: "AuthLike | None"
    proxy_headers: LooseHeaders | None
    timeout: "ClientTimeout | float | Unset | None"
    ssl: "SSLContext | bool | Fingerprint | None"
    verify_ssl: bool | None
    fingerprint: bytes | None
    ssl_context: "SSLContext | None"
    server_hostname: str | None
    trace_request_ctx: object
    read_bufsize: int | None
    auto_decompress: bool | None
    max_line_size: int | None
    max_field_size: int | None
    max_headers: int | None
    upload_tracker: "UploadTracker | None"
    middlewares: "Sequence[ClientMiddlewareType] | None"
