"""The session: requests and responses, over any connector."""

from importlib import import_module
from typing import TYPE_CHECKING

from ._request_context import RequestContext
from ._response import CharsetResolver, ClientResponse
from ._session import ClientSession
from ._stream_iterators import AsyncStreamIterator, ChunkTupleAsyncStreamIterator
from ._stream_reader import StreamReader
from ._timeout import DEFAULT_TIMEOUT, ClientTimeout
from ._typedefs import (
    Data,
    FormValue,
    JSONBytesEncoder,
    JSONDecoder,
    JSONEncoder,
    LooseHeaders,
    Query,
    RawHeaders,
    RequestOptions,
    StrOrURL,
)

if TYPE_CHECKING:
    from ._async_payload import (
        AsyncIterablePayload,
        StreamReaderPayload,
    )
    from ._backoff import ExponentialBackoff
    from ._basic_auth import (
        BasicAuth,
        encode_basic_auth,
    )
    from ._body_part_reader import (
        BodyPartReader,
    )
    from ._bytes_payload import (
        BytesPayload,
        StringIOPayload,
        StringPayload,
    )
    from ._client_request import (
        ClientRequest,
    )
    from ._client_ws_response import ClientWebSocketResponse
    from ._data_queue import (
        DataQueue,
        EofStream,
        FlowControlDataQueue,
    )
    from ._digest_auth import (
        DigestAuthMiddleware,
    )
    from ._disposition import (
        ContentDisposition,
    )
    from ._disposition_warnings import (
        BadContentDispositionHeader,
        BadContentDispositionParam,
    )
    from ._empty_stream import (
        EMPTY_PAYLOAD,
        EmptyStreamReader,
    )
    from ._etag import (
        ETag,
    )
    from ._event_stream import (
        EventStreamParser,
        ServerSentEvent,
    )
    from ._fingerprint import (
        Fingerprint,
    )
    from ._form_data import (
        FormData,
    )
    from ._io_payload import (
        BufferedReaderPayload,
        BytesIOPayload,
        IOBasePayload,
        TextIOPayload,
    )
    from ._json_payload import (
        JsonBytesPayload,
        JsonPayload,
    )
    from ._middlewares import (
        ClientHandlerType,
        ClientMiddlewareType,
    )
    from ._multipart_reader import (
        MultipartReader,
    )
    from ._multipart_response import (
        MultipartResponseWrapper,
    )
    from ._multipart_writer import (
        MultipartWriter,
    )
    from ._one_request import (
        request,
    )
    from ._one_ws_connect import ws_connect
    from ._payload import (
        Payload,
    )
    from ._payload_registry import (
        PAYLOAD_REGISTRY,
        Order,
        PayloadRegistry,
        get_payload,
        payload_type,
        register_payload,
    )
    from ._redirects import (
        Redirect,
        RedirectPolicy,
    )
    from ._retry import RetryMiddleware
    from ._retry_budget import RetryBudget
    from ._server_events import (
        ServerEvents,
    )
    from ._stream_writer import (
        AbstractStreamWriter,
    )
    from ._streamer import (
        streamer,
    )
    from ._timings import Timings
    from ._trace_config import (
        TraceConfig,
    )
    from ._trace_params import (
        TraceConnectionCreateEndParams,
        TraceConnectionCreateStartParams,
        TraceConnectionQueuedEndParams,
        TraceConnectionQueuedStartParams,
        TraceConnectionReuseconnParams,
        TraceDnsCacheHitParams,
        TraceDnsCacheMissParams,
        TraceDnsResolveHostEndParams,
        TraceDnsResolveHostStartParams,
        TraceRequestChunkSentParams,
        TraceRequestEndParams,
        TraceRequestExceptionParams,
        TraceRequestHeadersSentParams,
        TraceRequestRedirectParams,
        TraceRequestStartParams,
        TraceResponseChunkReceivedParams,
    )
    from ._upload_tracker import (
        UploadTracker,
    )
    from ._ws_context import WebSocketContext
    from ._ws_options import WebSocketOptions
    from ._ws_reconnect import WebSocketReconnect
    from ._ws_timeout import (
        ClientWSTimeout,
    )

__all__ = [
    "DEFAULT_TIMEOUT",
    "EMPTY_PAYLOAD",
    "PAYLOAD_REGISTRY",
    "AbstractStreamWriter",
    "AsyncIterablePayload",
    "AsyncStreamIterator",
    "BadContentDispositionHeader",
    "BadContentDispositionParam",
    "BasicAuth",
    "BodyPartReader",
    "BufferedReaderPayload",
    "BytesIOPayload",
    "BytesPayload",
    "CharsetResolver",
    "ChunkTupleAsyncStreamIterator",
    "ClientHandlerType",
    "ClientMiddlewareType",
    "ClientRequest",
    "ClientResponse",
    "ClientSession",
    "ClientTimeout",
    "ClientWSTimeout",
    "ClientWebSocketResponse",
    "ContentDisposition",
    "Data",
    "DataQueue",
    "DigestAuthMiddleware",
    "ETag",
    "EmptyStreamReader",
    "EofStream",
    "EventStreamParser",
    "ExponentialBackoff",
    "Fingerprint",
    "FlowControlDataQueue",
    "FormData",
    "FormValue",
    "IOBasePayload",
    "JSONBytesEncoder",
    "JSONDecoder",
    "JSONEncoder",
    "JsonBytesPayload",
    "JsonPayload",
    "LooseHeaders",
    "MultipartReader",
    "MultipartResponseWrapper",
    "MultipartWriter",
    "Order",
    "Payload",
    "PayloadRegistry",
    "Query",
    "RawHeaders",
    "Redirect",
    "RedirectPolicy",
    "RequestContext",
    "RequestOptions",
    "RetryBudget",
    "RetryMiddleware",
    "ServerEvents",
    "ServerSentEvent",
    "StrOrURL",
    "StreamReader",
    "StreamReaderPayload",
    "StringIOPayload",
    "StringPayload",
    "TextIOPayload",
    "Timings",
    "TraceConfig",
    "TraceConnectionCreateEndParams",
    "TraceConnectionCreateStartParams",
    "TraceConnectionQueuedEndParams",
    "TraceConnectionQueuedStartParams",
    "TraceConnectionReuseconnParams",
    "TraceDnsCacheHitParams",
    "TraceDnsCacheMissParams",
    "TraceDnsResolveHostEndParams",
    "TraceDnsResolveHostStartParams",
    "TraceRequestChunkSentParams",
    "TraceRequestEndParams",
    "TraceRequestExceptionParams",
    "TraceRequestHeadersSentParams",
    "TraceRequestRedirectParams",
    "TraceRequestStartParams",
    "TraceResponseChunkReceivedParams",
    "UploadTracker",
    "WebSocketContext",
    "WebSocketOptions",
    "WebSocketReconnect",
    "encode_basic_auth",
    "get_payload",
    "payload_type",
    "register_payload",
    "request",
    "streamer",
    "ws_connect",
]

__version__ = "0.1.0"

_NAMES_OF = {
    "_async_payload": (
        "AsyncIterablePayload",
        "StreamReaderPayload",
    ),
    "_backoff": ("ExponentialBackoff",),
    "_basic_auth": (
        "BasicAuth",
        "encode_basic_auth",
    ),
    "_body_part_reader": ("BodyPartReader",),
    "_bytes_payload": (
        "BytesPayload",
        "StringIOPayload",
        "StringPayload",
    ),
    "_client_request": ("ClientRequest",),
    "_data_queue": (
        "DataQueue",
        "EofStream",
        "FlowControlDataQueue",
    ),
    "_digest_auth": ("DigestAuthMiddleware",),
    "_disposition": ("ContentDisposition",),
    "_disposition_warnings": (
        "BadContentDispositionHeader",
        "BadContentDispositionParam",
    ),
    "_empty_stream": (
        "EMPTY_PAYLOAD",
        "EmptyStreamReader",
    ),
    "_etag": ("ETag",),
    "_event_stream": (
        "EventStreamParser",
        "ServerSentEvent",
    ),
    "_fingerprint": ("Fingerprint",),
    "_form_data": ("FormData",),
    "_io_payload": (
        "BufferedReaderPayload",
        "BytesIOPayload",
        "IOBasePayload",
        "TextIOPayload",
    ),
    "_json_payload": (
        "JsonBytesPayload",
        "JsonPayload",
    ),
    "_middlewares": (
        "ClientHandlerType",
        "ClientMiddlewareType",
    ),
    "_multipart_reader": ("MultipartReader",),
    "_multipart_response": ("MultipartResponseWrapper",),
    "_multipart_writer": ("MultipartWriter",),
    "_one_request": ("request",),
    "_payload": ("Payload",),
    "_payload_registry": (
        "PAYLOAD_REGISTRY",
        "Order",
        "PayloadRegistry",
        "get_payload",
        "payload_type",
        "register_payload",
    ),
    "_redirects": (
        "Redirect",
        "RedirectPolicy",
    ),
    "_retry": ("RetryMiddleware",),
    "_retry_budget": ("RetryBudget",),
    "_server_events": ("ServerEvents",),
    "_stream_writer": ("AbstractStreamWriter",),
    "_streamer": ("streamer",),
    "_trace_config": ("TraceConfig",),
    "_trace_params": (
        "TraceConnectionCreateEndParams",
        "TraceConnectionCreateStartParams",
        "TraceConnectionQueuedEndParams",
        "TraceConnectionQueuedStartParams",
        "TraceConnectionReuseconnParams",
        "TraceDnsCacheHitParams",
        "TraceDnsCacheMissParams",
        "TraceDnsResolveHostEndParams",
        "TraceDnsResolveHostStartParams",
        "TraceRequestChunkSentParams",
        "TraceRequestEndParams",
        "TraceRequestExceptionParams",
        "TraceRequestHeadersSentParams",
        "TraceRequestRedirectParams",
        "TraceRequestStartParams",
        "TraceResponseChunkReceivedParams",
    ),
    "_upload_tracker": ("UploadTracker",),
    "_ws_timeout": ("ClientWSTimeout",),
    "_client_ws_response": ("ClientWebSocketResponse",),
    "_one_ws_connect": ("ws_connect",),
    "_timings": ("Timings",),
    "_ws_context": ("WebSocketContext",),
    "_ws_reconnect": ("WebSocketReconnect",),
    "_ws_options": ("WebSocketOptions",),
}
_HOME_OF = {name: home for home, names in _NAMES_OF.items() for name in names}


def __getattr__(name: str) -> object:
    # Imported when they are first asked for: a small GET needs none of them.
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
