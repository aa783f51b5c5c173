"""What receivers of tracing signals are told: a class for each signal."""

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from multidict import CIMultiDict
    from yarl import URL

    from ._response import ClientResponse

__all__ = [
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
]


@frozen
class TraceRequestStartParams:
    """Of `TraceConfig.on_request_start`."""

    method: str
    url: "URL"
    headers: "CIMultiDict[str]"
    """The fields of the request; what is changed here is sent so."""


@frozen
class TraceRequestRedirectParams:
    """Of `TraceConfig.on_request_redirect`."""

    method: str
    url: "URL"
    """What has answered with the redirect."""
    headers: "CIMultiDict[str]"
    """As in `TraceRequestStartParams`; what is changed here is sent so to where it leads."""
    response: "ClientResponse"
    """The answer."""


@frozen
class TraceRequestEndParams:
    """Of `TraceConfig.on_request_end`."""

    method: str
    url: "URL"
    """What has answered: after redirects, the last one's."""
    headers: "CIMultiDict[str]"
    """As in `TraceRequestStartParams`."""
    response: "ClientResponse"
    """The response, whose body is still to be read."""


@frozen
class TraceRequestExceptionParams:
    """Of `TraceConfig.on_request_exception`."""

    method: str
    url: "URL"
    headers: "CIMultiDict[str]"
    """As in `TraceRequestStartParams`."""
    exception: BaseException
    """What the caller is about to get: `asyncio.CancelledError`, too."""


@frozen
class TraceConnectionQueuedStartParams:
    """Of `TraceConfig.on_connection_queued_start`."""


@frozen
class TraceConnectionQueuedEndParams:
    """Of `TraceConfig.on_connection_queued_end`."""


@frozen
class TraceConnectionCreateStartParams:
    """Of `TraceConfig.on_connection_create_start`."""


@frozen
class TraceConnectionCreateEndParams:
    """Of `TraceConfig.on_connection_create_end`."""


@frozen
class TraceConnectionReuseconnParams:
    """Of `TraceConfig.on_connection_reuseconn`."""


@frozen
class TraceDnsResolveHostStartParams:
    """Of `TraceConfig.on_dns_resolvehost_start`."""

    host: str


@frozen
class TraceDnsResolveHostEndParams:
    """Of `TraceConfig.on_dns_resolvehost_end`."""

    host: str


@frozen
class TraceDnsCacheHitParams:
    """Of `TraceConfig.on_dns_cache_hit`."""

    host: str


@frozen
class TraceDnsCacheMissParams:
    """Of `TraceConfig.on_dns_cache_miss`."""

    host: str


@frozen
class TraceRequestHeadersSentParams:
    """Of `TraceConfig.on_request_headers_sent`."""

    method: str
    url: "URL"
    headers: "CIMultiDict[str]"
    """All that have been sent, Cookie included, as a copy."""


@frozen
class TraceRequestChunkSentParams:
    """Of `TraceConfig.on_request_chunk_sent`."""

    method: str
    url: "URL"
    chunk: bytes = field(repr=False)
    """A piece of the body, after its content coding, without the framing of chunks."""


@frozen
class TraceResponseChunkReceivedParams:
    """Of `TraceConfig.on_response_chunk_received`."""

    method: str
    url: "URL"
    chunk: bytes = field(repr=False)
    """A piece of the body, before its content coding is removed."""
