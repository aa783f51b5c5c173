"""The session: requests and responses, over any connector."""

from ._request_context import RequestContext
from ._response import ClientResponse
from ._session import ClientSession
from ._stream_reader import AsyncStreamIterator, StreamReader
from ._timeout import DEFAULT_TIMEOUT, ClientTimeout
from ._typedefs import LooseHeaders, Query, RawHeaders, RequestOptions, StrOrURL

__all__ = [
    "DEFAULT_TIMEOUT",
    "AsyncStreamIterator",
    "ClientResponse",
    "ClientSession",
    "ClientTimeout",
    "LooseHeaders",
    "Query",
    "RawHeaders",
    "RequestContext",
    "RequestOptions",
    "StrOrURL",
    "StreamReader",
]

__version__ = "0.1.0"
