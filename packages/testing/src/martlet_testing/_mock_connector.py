"""A connector that answers by routes, without a network."""

from collections.abc import Awaitable, Generator, Iterable
from fnmatch import fnmatchcase
from types import TracebackType
from typing import TYPE_CHECKING, Any

from yarl import URL

from martlet_interfaces import Exchange

from ._memory_connector import MemoryConnector
from ._reply import Outcome
from ._router import Router
from ._seen_request import SeenRequest

if TYPE_CHECKING:
    from martlet_interfaces import (
        Connector,
        Observer,
        Receiver,
        RequestBody,
        RequestHead,
        Timeouts,
    )

__all__ = ["MockConnector"]


class MockConnector(Router, MemoryConnector):
    """Answers the requests of a session: ``ClientSession(connector=mock)``.

    A request goes to the first of its routes that matches; without one, it fails with
    `UnmatchedRequestError`. A handler sees it when all of its body has been sent. All waiting is by
    timers of the event loop, and the timeouts of a request (sock_read, total) hold.

    Args:
        passthrough: A connector for what is not mocked. It is closed with this one.
        passthrough_hosts: The hosts whose requests go there, whatever routes there are; ``*``
            stands for any characters. By default those go there whose method and URL no route has.
        assert_all_routes_called: Whether leaving ``async with`` also is `assert_all_called`, unless
            an exception comes out.

    Raises:
        ValueError: There are hosts and nothing to pass them through.

    Used in ``async with``, it is closed at the end.
    """

    def __init__(
        self,
        *,
        passthrough: "Connector | None" = None,
        passthrough_hosts: Iterable[str] | None = None,
        assert_all_routes_called: bool = False,
    ) -> None:
        if passthrough_hosts is not None and passthrough is None:
            raise ValueError("passthrough_hosts needs passthrough, the connector to reach them by")
        Router.__init__(self)
        MemoryConnector.__init__(self)
        self._passthrough = passthrough
        hosts = None if passthrough_hosts is None else [host.lower() for host in passthrough_hosts]
        self._passthrough_hosts = hosts
        self._assert_all_routes_called = assert_all_routes_called

    def __repr__(self) -> str:
        state = "closed" if self.closed else f"{len(self.calls)} calls"
        return f"<{type(self).__name__} {len(self.routes)} routes, {state}>"

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await super().__aexit__(kind, exc, traceback)
        if self._assert_all_routes_called and exc is None:
            self.assert_all_called()

    async def send(
        self,
        request: "RequestHead",
        body: "bytes | RequestBody | None",
        receiver: "Receiver",
        *,
        timeouts: "Timeouts",
        observer: "Observer | None" = None,
    ) -> Exchange:
        """Answer *request*; see `martlet_interfaces.Connector`."""
        connector = self._passthrough
        if connector is not None and self._passes(request.method, request.url):
            return await connector.send(
                request, body, receiver, timeouts=timeouts, observer=observer
            )
        return await super().send(request, body, receiver, timeouts=timeouts, observer=observer)

    def close(self) -> Awaitable[None]:
        """Fail what is under way; what is returned can be awaited until all of it has ended."""
        ending = super().close()
        if self._passthrough is None:
            return ending
        return _Both(ending, self._passthrough.close())

    async def _answer(self, request: SeenRequest) -> Outcome:
        return await self.outcome(request)

    def _passes(self, method: str, url: URL) -> bool:
        if self._passthrough_hosts is not None:
            host = (url.raw_host or "").lower()
            return any(fnmatchcase(host, pattern) for pattern in self._passthrough_hosts)
        return not any(route.is_for(method, url) for route in self.routes)


class _Both:
    """Waits for one after the other, if it is awaited."""

    def __init__(self, first: Awaitable[None], second: Awaitable[None]) -> None:
        self._first = first
        self._second = second

    def __await__(self) -> Generator[Any, None, None]:
        yield from self._first.__await__()
        yield from self._second.__await__()
