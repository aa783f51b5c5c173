"""All that can be called, found by looking, and what of it can hold text that is sent."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

import martlet

__all__ = ["NEVER_SENT", "is_known_unsent", "text_parameters"]

# Annotations made of these alone leave no room for text.
_NO_TEXT: Final = frozenset(
    {
        "int", "float", "bool", "None", "bytes", "bytearray", "memoryview", "Unset", "_Bytes",
        "AbstractEventLoop", "Connector", "Timeouts", "Observer", "Receiver", "Exchange",
        "ClientResponse", "ClientSession", "StreamReader", "MultipartReader", "TotalTimeout",
        "BaseException", "Fingerprint", "SSLContext", "BaseTransport", "AddressFamily", "Flow",
        "AbstractStreamWriter", "UploadTracker", "ClientTimeout", "ClientWSTimeout",
        "Http1Connection",
        "AbstractResolver", "ServerDisconnectedError", "ssl", "asyncio", "collections", "abc",
        "events", "martlet_interfaces", "_unset", "_request", "_observer", "_connector",
        "ssl_module",
        "tuple", "list", "martlet_connector_pool", "_resolver", "random", "Random", "Order",
        "martlet_client_session", "_retry_budget", "RetryBudget", "_buffer", "_Buffer",
    }
)  # fmt: skip
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


def text_parameters() -> Iterator[tuple[str, str]]:
    """Give each callable of ``martlet.__all__``, methods included, with each parameter for text.

    A constructor has the name of its class; a method that is inherited, that of the class that has
    it, if that is public.
    """
    for name in sorted(martlet.__all__):
        value = getattr(martlet, name)
        if not isinstance(value, type):
            if inspect.isfunction(value):
                yield from _of(name, value)
        elif not issubclass(value, BaseException):
            yield from _of_class(name, value)


def _of_class(name: str, cls: type) -> Iterator[tuple[str, str]]:
    if not issubclass(cls, Enum):  # what that takes is Python's
        yield from _of(name, cls)
    for method in dir(cls):
        home = next((base for base in cls.__mro__ if method in vars(base)), object)
        is_ours = home.__module__.startswith("martlet")
        if method.startswith("_") or not is_ours or not _tells(name, home):
            continue
        value = vars(home)[method]
        if isinstance(value, property):
            if value.fset is not None:
                yield f"{name}.{method}", "value"
        elif inspect.isroutine(getattr(cls, method)):
            yield from _of(f"{name}.{method}", getattr(cls, method))


def _tells(name: str, home: type) -> bool:
    """Tell whether *name* is what methods of *home* go by."""
    public = [other for other in sorted(martlet.__all__) if getattr(martlet, other) is home]
    if not public:
        classes = {other: getattr(martlet, other) for other in sorted(martlet.__all__)}
        public = [
            other
            for other, cls in classes.items()
            if isinstance(cls, type) and issubclass(cls, home)
        ]
    return name == public[0]


def _of(name: str, value: object) -> Iterator[tuple[str, str]]:
    if not callable(value):
        return
    try:
        signature = inspect.signature(value)
    except ValueError:
        return
    for parameter in signature.parameters.values():
        if parameter.name not in {"self", "args", "kwargs", "kwds"} and _may_be_text(parameter):
            yield name, parameter.name


def _may_be_text(parameter: inspect.Parameter) -> bool:
    annotation = parameter.annotation
    if annotation is inspect.Parameter.empty:
        return True
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return not _NO_TEXT.issuperset(_WORD.findall(text))


_COOKIE_LOOKUP: Final = "predicate domain request_url loop"
_RECEIVED: Final = "it is what has been received"
_ABSTRACT: Final = "it is for others to fill in"
_HAND_OVER: Final = "what these do to requests is among the cases of ClientRequest and Redirect"
_OF_RESPONSES: Final = (
    "method url writer continue100 timer request_info traces loop session stream_writer"
    " head request reading upload"
)
_CLASSES: Final = "request_class response_class ws_response_class cookie_jar raise_for_status"
_OF_VERBS: Final = (_HAND_OVER, "allow_redirects raise_for_status middlewares")
_TOLD: Final = ("it tells what happens; what may be changed in it has a case", "method url headers")
_TEXT_OF_BODY: Final = "it makes text of what is sent, and sends nothing"

NEVER_SENT: Final[dict[str, tuple[str, str]]] = {
    "AbstractCookieJar": (_ABSTRACT, f"cookies response_url headers {_COOKIE_LOOKUP}"),
    "AbstractResolver": (_ABSTRACT, "host"),
    "AbstractStreamWriter": (_ABSTRACT, "encoding status_line headers"),
    "AsyncIterablePayload": ("it is content", "value"),
    "AsyncIterablePayload.as_bytes": (_TEXT_OF_BODY, "encoding errors"),
    "AsyncIterablePayload.decode": (_TEXT_OF_BODY, "encoding errors"),
    "AsyncResolver": ("it is asked of the DNS", "host"),
    "AsyncStreamIterator": (_RECEIVED, "read_func"),
    "BaseConnector.connect": ("the caller writes to it", "req traces timeout"),
    "BaseConnector.send": ("it is content", "body"),
    "BodyPartReader": (
        _RECEIVED, "headers content subtype default_charset max_size_error_cls encoding default",
    ),
    "BufferedReaderPayload": ("it is content", "value"),
    "BytesIOPayload": ("it is content", "value"),
    "BytesPayload.as_bytes": (_TEXT_OF_BODY, "encoding errors"),
    "BytesPayload.decode": (_TEXT_OF_BODY, "encoding errors"),
    "ClientRequest": ("these have no meaning", "response_class timer traces"),
    "ClientRequest.adopt": ("it is content", "upload"),
    "ClientRequest.to": ("sessions call it, with what they have checked", "head body compress"),
    "ClientResponse": (
        _RECEIVED,
        f"{_OF_RESPONSES} value content_type name default encoding errors loads",
    ),
    "ClientResponse.build": (_RECEIVED, "reason headers history request_headers"),
    "ClientSession": (
        _HAND_OVER,
        f"{_CLASSES} redirect_policy trace_configs fallback_charset_resolver middlewares",
    ),
    "ClientSession.delete": _OF_VERBS,
    "ClientSession.get": _OF_VERBS,
    "ClientSession.head": _OF_VERBS,
    "ClientSession.options": _OF_VERBS,
    "ClientSession.patch": _OF_VERBS,
    "ClientSession.post": _OF_VERBS,
    "ClientSession.put": _OF_VERBS,
    "ClientSession.request": _OF_VERBS,
    "ClientSession.requote_redirect_url": ("it is a bool", "value"),
    "ClientSession.ws_reconnect": ("those of ws_connect, which has cases", "backoff options"),
    "ClientWebSocketResponse": (
        "it is in frames, which say how long they are",
        "reader writer protocol message name default loads opcode data dumps",
    ),
    "Connection": ("it is called", "free callback"),
    "ConnectionKey": ("it tells connections apart", "host ssl server_hostname proxy proxy_headers"),
    "Connector": (_ABSTRACT, "request body"),
    "ContentDisposition": (_RECEIVED, "type parameters filename"),
    "CookieJar": (
        "it says which cookies, and where they are kept",
        f"treat_as_secure_origin limits public_suffixes now file_path {_COOKIE_LOOKUP}",
    ),
    "DataQueue": (_RECEIVED, "data"),
    "DummyCookieJar": ("it keeps nothing", f"cookies response_url headers {_COOKIE_LOOKUP}"),
    "ETag": (_RECEIVED, "value"),
    "FlowControlDataQueue": (_RECEIVED, "protocol data"),
    "IOBasePayload": ("it is content", "value"),
    "IOBasePayload.decode": (_TEXT_OF_BODY, "encoding errors"),
    "MultipartReader": (_RECEIVED, "headers content max_size_error_cls"),
    "MultipartWriter.as_bytes": (_TEXT_OF_BODY, "encoding errors"),
    "MultipartWriter.decode": (_TEXT_OF_BODY, "encoding errors"),
    "NamedPipeConnector": ("it is a path", "path"),
    "Payload": ("it is content", "value"),
    "Payload.as_bytes": (_TEXT_OF_BODY, "encoding errors"),
    "Payload.decode": (_TEXT_OF_BODY, "encoding errors"),
    "RequestInfo": (_RECEIVED, "url method headers real_url"),
    "RetryBudget": ("it is counted", "origin"),
    "RetryMiddleware": ("it is compared, raised or called", "statuses exceptions backoff"),
    "ServerEvents": (_RECEIVED, "response content_type"),
    "ServerSentEvent": (_RECEIVED, "data event id loads"),
    "StreamReader": (_RECEIVED, "protocol timer callback"),
    "TCPConnector": ("it is the machine's own", "local_addr socket_factory"),
    "TCPConnector.clear_dns_cache": ("it is looked up", "host"),
    "TextIOPayload": ("it is content", "value"),
    "ThreadedResolver": ("it is asked of the DNS", "host"),
    "TraceConfig": ("it is called, and handed to receivers", "trace_config_ctx_factory"),
    "TraceConfig.trace_config_ctx": ("it is handed to receivers", "trace_request_ctx"),
    "TraceDnsCacheHitParams": ("it tells what happens", "host"),
    "TraceDnsCacheMissParams": ("it tells what happens", "host"),
    "TraceDnsResolveHostEndParams": ("it tells what happens", "host"),
    "TraceDnsResolveHostStartParams": ("it tells what happens", "host"),
    "TraceRequestChunkSentParams": ("it tells what happens", "method url"),
    "TraceRequestEndParams": _TOLD,
    "TraceRequestExceptionParams": _TOLD,
    "TraceRequestHeadersSentParams": _TOLD,
    "TraceRequestRedirectParams": _TOLD,
    "TraceRequestStartParams": ("it tells what happens", "method url"),
    "TraceResponseChunkReceivedParams": ("it tells what happens", "method url"),
    "UnixConnector": ("it is a path", "path"),
    "WSMessage": (_RECEIVED, "type data extra loads"),
    "content_disposition_filename": (_RECEIVED, "params name"),
    "parse_content_disposition": (_RECEIVED, "header"),
    "payload_type": ("it is a class", "type"),
    "register_payload": ("it is a class, and called", "factory type"),
    "request": (f"{_HAND_OVER}; an encoding has no meaning", f"{_OF_VERBS[1]} encoding"),
    "set_zlib_backend": ("it is a module", "new_zlib_backend"),
    "streamer": ("it makes content", "coro"),
}  # fmt: skip
"""By callable, or class: why nothing that these parameters hold can end a line of a request."""


def is_known_unsent(where: str, parameter: str) -> bool:
    """Tell whether it is said above of a parameter."""
    return any(
        parameter in NEVER_SENT[name][1].split()
        for name in (where, where.partition(".")[0])
        if name in NEVER_SENT
    )
