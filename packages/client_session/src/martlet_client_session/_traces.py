"""One call's view of a session's tracing."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from ._trace_config import TraceConfig
from ._trace_params import (
    TraceRequestEndParams,
    TraceRequestExceptionParams,
    TraceRequestRedirectParams,
    TraceRequestStartParams,
)

if TYPE_CHECKING:
    from multidict import CIMultiDict, CIMultiDictProxy
    from yarl import URL

    from martlet_interfaces import Observer

    from ._response import ClientResponse
    from ._session import ClientSession
    from ._trace_config import TraceReceiver
    from ._trace_observer import TraceObserver, Watched

    Told: TypeAlias = Mapping[str, Sequence[TraceReceiver[Any]]]

__all__ = ["Traces"]


@cache
def _observer_class() -> "type[TraceObserver]":
    # It knows all the events of connectors.
    from ._trace_observer import TraceObserver

    return TraceObserver


class Traces:
    """What each `TraceConfig` of *session* hears of one call, over all its redirects.

    Each has a context of its own, made here of *trace_request_ctx*. What a receiver raises
    comes out of the methods. *headers* are the session's and the request's own; receivers of
    the start and of redirects may change them, so they are to be sent as they are after that.
    """

    __slots__ = ("_session", "_views", "_watchers")

    def __init__(
        self,
        session: "ClientSession",
        configs: Sequence[TraceConfig],
        trace_request_ctx: object = None,
    ) -> None:
        self._session = session
        self._views: list[tuple[Told, object]] = []
        self._watchers: list[tuple[Watched, object]] = []
        for config in configs:
            told = config.told
            if told is None:
                # The session has frozen its own, but some programs add to them later.
                config.freeze()
                told = config.told or {}
            context = config.trace_config_ctx(trace_request_ctx=trace_request_ctx)
            self._views.append((told, context))
            if config.watched:
                self._watchers.append((config.watched, context))

    async def request_start(self, method: str, url: "URL", headers: "CIMultiDict[str]") -> None:
        """Tell that the call begins."""
        for told, context in self._views:
            if receivers := told.get("on_request_start"):
                params = TraceRequestStartParams(method, url, headers)
                # Not by the signal's `send`: a coroutine less for each request.
                for receiver in receivers:
                    await receiver(self._session, context, params)

    async def request_redirect(
        self,
        method: str,
        url: "URL",
        headers: "CIMultiDict[str]",
        response: "ClientResponse",
    ) -> None:
        """Tell that *url* has answered with a redirect, which is followed."""
        for told, context in self._views:
            if receivers := told.get("on_request_redirect"):
                params = TraceRequestRedirectParams(method, url, headers, response)
                for receiver in receivers:
                    await receiver(self._session, context, params)

    async def request_end(
        self,
        method: str,
        url: "URL",
        headers: "CIMultiDict[str]",
        response: "ClientResponse",
    ) -> None:
        """Tell that *response* is there."""
        for told, context in self._views:
            if receivers := told.get("on_request_end"):
                params = TraceRequestEndParams(method, url, headers, response)
                for receiver in receivers:
                    await receiver(self._session, context, params)

    async def request_exception(
        self,
        method: str,
        url: "URL",
        headers: "CIMultiDict[str]",
        exception: BaseException,
    ) -> None:
        """Tell that the call fails with *exception*."""
        for told, context in self._views:
            if receivers := told.get("on_request_exception"):
                params = TraceRequestExceptionParams(method, url, headers, exception)
                for receiver in receivers:
                    await receiver(self._session, context, params)

    def observer(
        self, method: str, url: "URL", headers: "CIMultiDict[str] | CIMultiDictProxy[str]"
    ) -> "Observer | None":
        """Make what a connector tells of one request, whose whole section is *headers*.

        ``None`` where nobody would hear of it: connectors do less then.
        """
        if not self._watchers:
            return None
        return _observer_class()(self._session, self._watchers, method, url, headers)
