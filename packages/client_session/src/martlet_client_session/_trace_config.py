"""What a program wants to hear of requests: signals, and who receives them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from ._signal import Signal

if TYPE_CHECKING:
    from martlet_interfaces import Event

    from ._session import ClientSession
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

__all__ = ["AnySignal", "TraceConfig", "TraceReceiver", "given_trace_configs"]

P = TypeVar("P")

# What the second argument is, only the factory of contexts knows.
TraceReceiver: TypeAlias = "Callable[[ClientSession, Any, P], Awaitable[object]]"
AnySignal: TypeAlias = "Signal[TraceReceiver[Any]]"

_NAMES: Final = (
    "on_request_start",
    "on_request_redirect",
    "on_request_end",
    "on_request_exception",
    "on_connection_queued_start",
    "on_connection_queued_end",
    "on_connection_create_start",
    "on_connection_create_end",
    "on_connection_reuseconn",
    "on_dns_resolvehost_start",
    "on_dns_resolvehost_end",
    "on_dns_cache_hit",
    "on_dns_cache_miss",
    "on_request_headers_sent",
    "on_request_chunk_sent",
    "on_response_chunk_received",
)
_OF_SESSION: Final = frozenset(_NAMES[:4])
_NOTHING: "Final[Mapping[type[Event], Sequence[TraceReceiver[Any]]]]" = MappingProxyType({})


class TraceConfig:
    """Signals of what happens to requests; give it to a session as one of ``trace_configs``.

    Each signal is a list to which coroutine functions are appended. They are called as
    ``await receiver(session, trace_config_ctx, params)``: with the session, the context that
    the request has got of this object, and what there is to tell. The request waits for them,
    and what one raises comes out of it. Receivers are added before a session is made with the
    object, which freezes it; it may be given to several sessions.

    *trace_config_ctx_factory* makes the contexts. It is called for each request with
    ``trace_request_ctx=``: what was given as that to the request, or ``None``.
    """

    told: "Mapping[str, Sequence[TraceReceiver[Any]]] | None"
    """The receivers of each signal that has some, once it is frozen."""
    watched: "Mapping[type[Event], Sequence[TraceReceiver[Any]]]"
    """Those of what happens in the connector, by its events, once it is frozen."""

    def __init__(self, trace_config_ctx_factory: Callable[..., Any] = SimpleNamespace) -> None:
        if not callable(trace_config_ctx_factory):
            raise TypeError(
                "trace_config_ctx_factory must be callable with trace_request_ctx=, not"
                f" {type(trace_config_ctx_factory).__name__}"
            )
        self._factory = trace_config_ctx_factory
        self._frozen = False
        self._signals: dict[str, AnySignal] = {name: Signal(name) for name in _NAMES}
        self.told = None
        self.watched = _NOTHING

    def __repr__(self) -> str:
        heard = ", ".join(name for name, signal in self._signals.items() if signal)
        return f"<{type(self).__name__} {heard or 'without receivers'}>"

    def trace_config_ctx(self, trace_request_ctx: object = None) -> Any:
        """Make the context of a request."""
        return self._factory(trace_request_ctx=trace_request_ctx)

    @property
    def frozen(self) -> bool:
        """Whether `freeze` has been called."""
        return self._frozen

    def freeze(self) -> None:
        """Take no more receivers; may be called again."""
        if self._frozen:
            return
        for signal in self._signals.values():
            signal.freeze()
        # Sequences of C's, which are gone through at each request.
        told = {name: tuple(signal) for name, signal in self._signals.items() if signal}
        if not _OF_SESSION.issuperset(told):
            from ._trace_observer import by_event

            self.watched = by_event(told)
        self.told = told
        self._frozen = True

    @property
    def on_request_start(self) -> "Signal[TraceReceiver[TraceRequestStartParams]]":
        """A request begins, before anything is sent. Its headers may still be changed."""
        return self._signals["on_request_start"]

    @property
    def on_request_redirect(self) -> "Signal[TraceReceiver[TraceRequestRedirectParams]]":
        """A redirect has come, and is about to be followed."""
        return self._signals["on_request_redirect"]

    @property
    def on_request_end(self) -> "Signal[TraceReceiver[TraceRequestEndParams]]":
        """The head of the response has come, after all redirects."""
        return self._signals["on_request_end"]

    @property
    def on_request_exception(self) -> "Signal[TraceReceiver[TraceRequestExceptionParams]]":
        """The request has failed, or was cancelled: instead of `on_request_end`."""
        return self._signals["on_request_exception"]

    @property
    def on_connection_queued_start(
        self,
    ) -> "Signal[TraceReceiver[TraceConnectionQueuedStartParams]]":
        """All connections are in use: the request waits for one."""
        return self._signals["on_connection_queued_start"]

    @property
    def on_connection_queued_end(self) -> "Signal[TraceReceiver[TraceConnectionQueuedEndParams]]":
        """The wait for a connection is over."""
        return self._signals["on_connection_queued_end"]

    @property
    def on_connection_create_start(
        self,
    ) -> "Signal[TraceReceiver[TraceConnectionCreateStartParams]]":
        """A connection is being made."""
        return self._signals["on_connection_create_start"]

    @property
    def on_connection_create_end(self) -> "Signal[TraceReceiver[TraceConnectionCreateEndParams]]":
        """A connection has been made, TLS included."""
        return self._signals["on_connection_create_end"]

    @property
    def on_connection_reuseconn(self) -> "Signal[TraceReceiver[TraceConnectionReuseconnParams]]":
        """A connection that was there already is used."""
        return self._signals["on_connection_reuseconn"]

    @property
    def on_dns_resolvehost_start(self) -> "Signal[TraceReceiver[TraceDnsResolveHostStartParams]]":
        """A host's addresses are being looked up."""
        return self._signals["on_dns_resolvehost_start"]

    @property
    def on_dns_resolvehost_end(self) -> "Signal[TraceReceiver[TraceDnsResolveHostEndParams]]":
        """A host's addresses have been found."""
        return self._signals["on_dns_resolvehost_end"]

    @property
    def on_dns_cache_hit(self) -> "Signal[TraceReceiver[TraceDnsCacheHitParams]]":
        """A host's addresses are known from before."""
        return self._signals["on_dns_cache_hit"]

    @property
    def on_dns_cache_miss(self) -> "Signal[TraceReceiver[TraceDnsCacheMissParams]]":
        """A host's addresses are not known: they are going to be looked up."""
        return self._signals["on_dns_cache_miss"]

    @property
    def on_request_headers_sent(self) -> "Signal[TraceReceiver[TraceRequestHeadersSentParams]]":
        """The head of a request has been sent: once for each redirect."""
        return self._signals["on_request_headers_sent"]

    @property
    def on_request_chunk_sent(self) -> "Signal[TraceReceiver[TraceRequestChunkSentParams]]":
        """A piece of a request's body has been sent."""
        return self._signals["on_request_chunk_sent"]

    @property
    def on_response_chunk_received(
        self,
    ) -> "Signal[TraceReceiver[TraceResponseChunkReceivedParams]]":
        """A piece of the response's body has come, whether it is read or not.

        It is told beside the reading, which need not wait for it. What a receiver raises comes
        out of the reading.
        """
        return self._signals["on_response_chunk_received"]


def given_trace_configs(configs: Iterable[TraceConfig] | None) -> list[TraceConfig]:
    """Freeze the ``trace_configs`` of a session; raises `TypeError` for anything else."""
    given = list(configs or ())
    for config in given:
        if not isinstance(config, TraceConfig):
            raise TypeError(
                f"trace_configs must be TraceConfig objects, not {type(config).__name__}"
            )
    for config in given:
        config.freeze()
    return given
