"""From what happens in a connector to the signals of tracing."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from multidict import CIMultiDict

from martlet_interfaces import (
    ChunkReceived,
    ChunkSent,
    ConnectionCreateEnd,
    ConnectionCreateStart,
    ConnectionQueuedEnd,
    ConnectionQueuedStart,
    ConnectionReused,
    DnsCacheHit,
    DnsCacheMiss,
    DnsResolveEnd,
    DnsResolveStart,
    Event,
    HeadSent,
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
    TraceRequestHeadersSentParams,
    TraceResponseChunkReceivedParams,
)

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy
    from yarl import URL

    from ._session import ClientSession
    from ._trace_config import TraceReceiver

    Watched: TypeAlias = Mapping[type[Event], Sequence[TraceReceiver[Any]]]

__all__ = ["TraceObserver", "by_event"]

_SIGNALS: Final[Mapping[type[Event], str]] = {
    ConnectionQueuedStart: "on_connection_queued_start",
    ConnectionQueuedEnd: "on_connection_queued_end",
    ConnectionCreateStart: "on_connection_create_start",
    ConnectionCreateEnd: "on_connection_create_end",
    ConnectionReused: "on_connection_reuseconn",
    DnsResolveStart: "on_dns_resolvehost_start",
    DnsResolveEnd: "on_dns_resolvehost_end",
    DnsCacheHit: "on_dns_cache_hit",
    DnsCacheMiss: "on_dns_cache_miss",
    HeadSent: "on_request_headers_sent",
    ChunkSent: "on_request_chunk_sent",
    ChunkReceived: "on_response_chunk_received",
}
# Those that say no more than that they happened: one object of each will do.
_WITHOUT_FACTS: Final[Mapping[type[Event], object]] = {
    ConnectionQueuedStart: TraceConnectionQueuedStartParams(),
    ConnectionQueuedEnd: TraceConnectionQueuedEndParams(),
    ConnectionCreateStart: TraceConnectionCreateStartParams(),
    ConnectionCreateEnd: TraceConnectionCreateEndParams(),
    ConnectionReused: TraceConnectionReuseconnParams(),
}
_OF_HOST: Final[Mapping[type[Event], Callable[[str], object]]] = {
    DnsResolveStart: TraceDnsResolveHostStartParams,
    DnsResolveEnd: TraceDnsResolveHostEndParams,
    DnsCacheHit: TraceDnsCacheHitParams,
    DnsCacheMiss: TraceDnsCacheMissParams,
}
_OF_CHUNK: Final[Mapping[type[Event], Callable[[str, "URL", bytes], object]]] = {
    ChunkSent: TraceRequestChunkSentParams,
    ChunkReceived: TraceResponseChunkReceivedParams,
}


def by_event(told: "Mapping[str, Sequence[TraceReceiver[Any]]]") -> "Watched":
    """Order the receivers of a connector's signals by the events that they are told of."""
    return {event: told[name] for event, name in _SIGNALS.items() if name in told}


class TraceObserver:
    """Tells receivers what happens to one request; a `martlet_interfaces.Observer`.

    *watchers*: for each `TraceConfig` its receivers, by event, and the context of the call.
    *headers*: the whole section that is sent.
    """

    __slots__ = ("_headers", "_method", "_session", "_url", "_watchers")

    def __init__(
        self,
        session: "ClientSession",
        watchers: "Sequence[tuple[Watched, object]]",
        method: str,
        url: "URL",
        headers: "CIMultiDict[str] | CIMultiDictProxy[str]",
    ) -> None:
        self._session = session
        self._watchers = watchers
        self._method = method
        self._url = url
        self._headers = headers

    @property
    def wants(self) -> frozenset[type[Event]]:
        """The events that there are receivers for (`martlet_interfaces.SelectiveObserver`)."""
        watchers = self._watchers
        if len(watchers) == 1:
            return frozenset(watchers[0][0])
        return frozenset().union(*[watched for watched, _ in watchers])

    async def observe(self, event: Event, /) -> None:
        """Send the signals of *event*, if they have receivers."""
        kind = type(event)
        params = None
        for watched, context in self._watchers:
            receivers = watched.get(kind)
            if receivers is not None:
                if params is None:
                    params = _WITHOUT_FACTS.get(kind) or self._params(event)
                for receiver in receivers:
                    await receiver(self._session, context, params)

    def _params(self, event: Event) -> object:
        if isinstance(event, HeadSent):
            # A copy, made only where it is wanted: receivers may change what they get.
            headers = self._headers.copy()
            return TraceRequestHeadersSentParams(self._method, self._url, headers)
        if isinstance(event, (ChunkSent, ChunkReceived)):
            return _OF_CHUNK[type(event)](self._method, self._url, event.chunk)
        assert isinstance(event, (DnsResolveStart, DnsResolveEnd, DnsCacheHit, DnsCacheMiss))
        return _OF_HOST[type(event)](event.host)
