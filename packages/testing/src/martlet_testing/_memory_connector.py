"""A connector whose other end is a function: what mocks and recordings have in common."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Generator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import Exchange

from ._memory_exchange import MemoryExchange
from ._reply import Outcome
from ._seen_request import SeenRequest

if TYPE_CHECKING:
    from martlet_interfaces import Observer, Receiver, RequestBody, RequestHead, Timeouts

__all__ = ["MemoryConnector"]

_SCHEMES: Final = frozenset({"http", "https", "ws", "wss"})


class MemoryConnector(ABC):
    """Sends each request to `_answer`, when all of its body is there."""

    def __init__(self) -> None:
        self._closed = False
        self._live: dict[asyncio.Task[None], MemoryExchange] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def schemes(self) -> frozenset[str]:
        """The URL schemes it takes."""
        return _SCHEMES

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._closed

    async def send(
        self,
        request: "RequestHead",
        body: "bytes | RequestBody | None",
        receiver: "Receiver",
        *,
        timeouts: "Timeouts",
        observer: "Observer | None" = None,
    ) -> Exchange:
        """Send *request*; see `martlet_interfaces.Connector`.

        The body of a request is asked for at once, whatever its Expect says; connect and head
        timeouts have no meaning here.
        """
        if self._closed:
            raise ClientConnectionError("The connector is closed")
        if body is None and request.headers.get("Expect", "").lower() == "100-continue":
            raise ValueError("A request that expects 100-continue needs a body")
        exchange = MemoryExchange(request, body, receiver, timeouts, observer, self._answer)
        self._live[exchange.task] = exchange
        exchange.task.add_done_callback(self._live.pop)
        await exchange.answered()
        return exchange

    @abstractmethod
    async def _answer(self, request: SeenRequest) -> Outcome:
        """Say what comes of *request*; what it raises comes out of `send`."""

    def close(self) -> Awaitable[None]:
        """Fail what is under way; what is returned can be awaited until all of it has ended."""
        self._closed = True
        tasks = list(self._live)
        for exchange in self._live.values():
            exchange.fail(ClientConnectionError("The connector was closed"))
        return _Ending(tasks)


class _Ending:
    """Waits for tasks, if it is awaited."""

    def __init__(self, tasks: list[asyncio.Task[None]]) -> None:
        self._tasks = tasks

    def __await__(self) -> Generator[Any, None, None]:
        for task in self._tasks:
            if not task.done():
                yield from asyncio.wait([task]).__await__()
