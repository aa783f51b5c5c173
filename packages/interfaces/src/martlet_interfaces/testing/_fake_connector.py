"""A connector for tests of what stands above connectors."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping
from types import MappingProxyType

from yarl import URL

from martlet_interfaces import (
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    Timeouts,
)

from ._application import Application, OriginResponse, Then
from ._fake_exchange import FakeExchange, RecordedRequest

__all__ = ["FakeConnector"]

Answer = OriginResponse | BaseException


class FakeConnector:
    """Answers requests in memory, and writes down what it was asked.

    *application* answers them, if it is given (`conformance_origin` is one); before it
    come the answers that `respond` is given. What fails by itself (a response with
    ``Then.BREAK``, a closed connector) fails with *error*, what takes too long with
    *timeout_error*; both are called with a text. *facts* are what `Exchange.info` knows.

    `requests` are those that were sent, `exchanges` those that got a head, of the class
    *exchange_type*, which a subclass may change.
    """

    exchange_type: type[FakeExchange] = FakeExchange

    def __init__(
        self,
        application: Application | None = None,
        *,
        error: Callable[[str], Exception] = ConnectionError,
        timeout_error: Callable[[str], Exception] = TimeoutError,
        schemes: frozenset[str] = frozenset({"http", "https", "ws", "wss"}),
        facts: Mapping[str, object] = MappingProxyType({"http_version": "1.1"}),
    ) -> None:
        self.schemes = schemes
        self.facts = facts
        self.requests: list[RecordedRequest] = []
        self.exchanges: list[FakeExchange] = []
        self.closed: bool = False
        self._application = application
        self._error = error
        self._timeout_error = timeout_error
        self._answers: dict[tuple[str, URL], list[Answer]] = {}
        self._scopes: set[asyncio.Timeout] = set()

    def respond(self, method: str, url: URL | str, *answers: Answer) -> None:
        """Answer requests of *method* and *url* with *answers*, in turn.

        The last one is given again and again. An exception is raised by `send`. Raises
        `ValueError` if there is none.
        """
        if not answers:
            raise ValueError("Give one answer at least")
        self._answers[method, URL(url)] = list(answers)

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        """Write the request down and give its answer to *receiver*; no event happens."""
        if self.closed:
            raise self._error("The connector is closed")
        # A cancel scope: sock_read shortens it, close() ends it.
        scope = asyncio.timeout(None)
        self._scopes.add(scope)
        try:
            async with scope:
                written = await _read(body)
                recorded = RecordedRequest(request, written, timeouts)
                self.requests.append(recorded)
                answer = self._answer(request, written)
                if answer.silent:
                    await self._say_nothing(answer.then, timeouts, scope)
        except TimeoutError:
            if not scope.expired():
                raise
            raise self._failure() from None
        finally:
            self._scopes.discard(scope)
        if self.closed:
            raise self._failure()
        exchange = self.exchange_type(
            recorded, answer, facts=self.facts, broken=self._broken, failure=self._failure
        )
        self.exchanges.append(exchange)
        exchange.start(receiver)
        return exchange

    def close(self) -> Awaitable[None]:
        """Fail what is under way. There is nothing to wait for."""
        self.closed = True
        for scope in self._scopes:
            if not scope.expired():
                scope.reschedule(0)
        for exchange in self.exchanges:
            exchange.fail(self._failure())
        return _Done()

    def _answer(self, request: RequestHead, body: bytes) -> OriginResponse:
        url = request.url
        answers = self._answers.get((request.method, url.with_fragment(None)))
        if answers is not None:
            answer = answers[0] if len(answers) == 1 else answers.pop(0)
            if isinstance(answer, BaseException):
                raise answer
            return answer
        if self._application is None:
            raise self._error(f"No answer to {request.method} {url}")
        fields = list(request.headers.items())
        return self._application(request.method, url.raw_path_qs, fields, body)

    async def _say_nothing(self, then: Then, timeouts: Timeouts, scope: asyncio.Timeout) -> None:
        if then is not Then.HANG:
            raise self._broken()
        if timeouts.sock_read is not None:
            scope.reschedule(asyncio.get_running_loop().time() + timeouts.sock_read)
        await asyncio.Event().wait()

    def _broken(self) -> Exception:
        """Make the error for an origin that breaks off."""
        return self._error("The connection was lost")

    def _failure(self) -> Exception:
        """Make the error for an exchange that was still going on."""
        if self.closed:
            return self._error("The connector was closed")
        return self._timeout_error("Nothing came within sock_read")


class _Collector:
    """Where bodies write themselves to."""

    def __init__(self) -> None:
        self.data = bytearray()

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.data += data
        # A turn of the loop, as with a network: here one can be cancelled.
        await asyncio.sleep(0)


async def _read(body: bytes | RequestBody | None) -> bytes:
    if body is None or isinstance(body, bytes):
        return body or b""
    collector = _Collector()
    await body.write_to(collector)
    return bytes(collector.data)


class _Done:
    """Nothing to wait for."""

    def __await__(self) -> Generator[None, None, None]:
        yield from ()
