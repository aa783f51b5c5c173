"""Which names belong to which part of the client."""

from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Final

from ._facts import ClassFacts, Facts

ALL: Final = "all"
"""Stands for every part."""

PARTS: Final[dict[str, tuple[str, ...]]] = {
    "session": (
        "ClientSession",
        "ClientTimeout",
        "ClientRequest",
        "Client*Type",
        "request",
        "BasicAuth",
        "encode_basic_auth",
        "DigestAuthMiddleware",
        "AddrInfoType",
        "SocketFactoryType",
        "ETag",
    ),
    "tracing": ("Trace*",),
    "connectors": (
        "*Connector",
        "*Resolver",
        "Connection",
        "Fingerprint",
        "AddrInfoType",
        "SocketFactoryType",
        "abc.ResolveResult",
    ),
    "cookies": ("*CookieJar",),
    "errors": (
        "Client*Error",
        "Connection*Error",
        "Content*Error",
        "InvalidU*",
        "NonHttp*Error",
        "RedirectClientError",
        "Server*Error",
        "ServerFingerprintMismatch",
        "SocketTimeoutError",
        "TooManyRedirects",
        "UploadAbortedError",
        "WSServerHandshakeError",
    ),
    "values": ("HttpVersion*", "ChainMapProxy", "hdrs.*", "abc.*"),
    "bodies": (
        "*Payload",
        "FormData",
        "MultipartWriter",
        "payload_type",
        "get_payload",
        "streamer",
        "PAYLOAD_REGISTRY",
        "UploadTracker",
        "UploadAbortedError",
        "abc.AbstractStreamWriter",
    ),
    "responses": (
        "ClientResponse",
        "ContentDisposition",
        "RequestInfo",
        "ClientResponseError",
        "ClientHttpProxyError",
        "ClientPayloadError",
        "ContentTypeError",
        "TooManyRedirects",
        "WSServerHandshakeError",
        "BadContentDisposition*",
        "parse_content_disposition",
        "content_disposition_filename",
        "set_zlib_backend",
    ),
    "streams": (
        "StreamReader",
        "DataQueue",
        "FlowControlDataQueue",
        "EofStream",
        "EMPTY_PAYLOAD",
    ),
    "multipart": ("MultipartReader", "BodyPartReader", "MultipartResponseWrapper"),
    "websocket": (
        "WS*",
        "WebSocketError",
        "ClientWebSocketResponse",
        "ClientWSTimeout",
        "ws_connect",
        "ClientSession.ws_connect",
    ),
}
"""Patterns of names, by part; a name may belong to more than one.

A pattern of a class and a member takes the member out of the parts of its class.
"""

_MEMBERS: Final = {
    (part, pattern)
    for part, patterns in PARTS.items()
    for pattern in patterns
    # What is called `abc.Class` is a class in a module.
    if pattern.partition(".")[0][:1].isupper() and "." in pattern
}


def belongs(name: str, part: str) -> bool:
    """Whether a name, or a member (`Class.member`) that has a part of its own, is of a part."""
    return any(fnmatchcase(name, pattern) for pattern in PARTS[part])


def parts_of(part: str, without: Collection[str] = ()) -> list[str]:
    """The parts that *part* stands for, less some."""
    return [one for one in (PARTS if part == ALL else (part,)) if one not in without]


def selected(facts: Facts, parts: Collection[str]) -> Facts:
    """Give the facts of some parts."""
    found: Facts = {}
    for name, fact in facts.items():
        own = any(belongs(name, part) for part in parts)
        if not isinstance(fact, ClassFacts):
            if own:
                found[name] = fact
            continue
        members = {
            member: one
            for member, one in fact.members.items()
            if _member_belongs(f"{name}.{member}", parts, own)
        }
        if own:
            found[name] = ClassFacts(fact.bases, members)
        elif members:
            found[name] = ClassFacts([], members)
    return found


def _member_belongs(subject: str, parts: Collection[str], with_class: bool) -> bool:
    apart = [part for part, pattern in _MEMBERS if pattern == subject]
    return any(part in parts for part in apart) if apart else with_class
