"""Each duty of `Connector.close` is missed by a connector that leaves just that undone."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import pytest

from martlet_interfaces import Observer, Receiver, RequestBody, RequestHead, Timeouts
from martlet_interfaces.testing import FakeConnector, FakeExchange, conformance_origin
from martlet_interfaces.testing._closing_duties import CLOSING_DUTIES

REPEATED: Final = "close may be repeated"
AT_CALL: Final = "close takes effect at the call, and need not be awaited"
UNUSED: Final = "close may come before any send"
WAITING: Final = "close fails a send that waits for the head"
UPLOADING: Final = "close fails a send whose body is being written"
IN_BODY: Final = "close fails a body that is under way"
LATER: Final = "a send after close fails"


class Mutant(FakeConnector):
    """Runs each `send` in a task of its own, for `close` to do something to."""

    def __init__(self) -> None:
        super().__init__(conformance_origin)
        self.tasks: dict[asyncio.Task[FakeExchange], str] = {}

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        sending = super().send(request, body, receiver, timeouts=timeouts)
        task = asyncio.create_task(sending)
        self.tasks[task] = request.url.path
        return await task


class ClosesOnce(Mutant):
    def close(self) -> Awaitable[None]:
        if self.closed:
            raise RuntimeError("already closed")
        return super().close()


class ClosesWhenAwaited(Mutant):
    def close(self) -> Awaitable[None]:
        return self.close_later()

    async def close_later(self) -> None:
        await super().close()


class NeedsSend(Mutant):
    def close(self) -> Awaitable[None]:
        if not self.tasks:
            raise AttributeError("_loop")
        return super().close()


class NeverDone(Mutant):
    def close(self) -> Awaitable[None]:
        super().close()
        return asyncio.get_running_loop().create_future()


class CancelsTheWaiting(Mutant):
    def close(self) -> Awaitable[None]:
        for task in self.tasks:
            task.cancel()
        return super().close()


class ForgetsTheWaiting(Mutant):
    def close(self) -> Awaitable[None]:
        kept, self._scopes = self._scopes, set()
        closed = super().close()
        self._scopes = kept
        return closed


class AnswersTheWaiting(Mutant):
    """Gives those who wait for a head one that nobody has sent."""

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        try:
            return await super().send(request, body, receiver, timeouts=timeouts)
        except ConnectionError:
            if self.tasks and request.url.path == "/hang":
                exchange = self.exchanges[0]
                exchange.start(receiver)
            raise


class ForgetsBodies(Mutant):
    def close(self) -> Awaitable[None]:
        self.exchanges.clear()
        return super().close()


class EndsBodies(Mutant):
    def close(self) -> Awaitable[None]:
        for exchange in self.exchanges:
            exchange.eof()
        return super().close()


class StaysOpen(Mutant):
    def close(self) -> Awaitable[None]:
        closed = super().close()
        self.closed = False
        return closed


class RaisesWhatSessionsRaise(Mutant):
    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        if self.closed:
            raise RuntimeError("The connector is closed")
        return await super().send(request, body, receiver, timeouts=timeouts)


OURS: Final = "RuntimeError('The connector is closed')"
TABLE: Final[Mapping[type[Mutant], Mapping[str, str]]] = {
    Mutant: {},
    ClosesOnce: {
        REPEATED: "RuntimeError('already closed')",
        WAITING: "RuntimeError('already closed')",
    },
    ClosesWhenAwaited: dict.fromkeys(
        (REPEATED, AT_CALL, WAITING, UPLOADING, IN_BODY),
        "what close() returned was ignored: coroutine"
        " 'ClosesWhenAwaited.close_later' was never awaited",
    ),
    NeedsSend: {UNUSED: "AttributeError('_loop')", LATER: "AttributeError('_loop')"},
    NeverDone: dict.fromkeys(
        (REPEATED, UNUSED, WAITING, LATER), "waited 5 s for what close() returned"
    ),
    CancelsTheWaiting: {
        WAITING: "GET /hang raised CancelledError(), which is no OSError",
        UPLOADING: "PUT /echo raised CancelledError(), which is no OSError",
    },
    ForgetsTheWaiting: {
        WAITING: "waited 5 s for the head of the response to GET /hang",
        UPLOADING: "waited 5 s for the head of the response to PUT /echo",
    },
    AnswersTheWaiting: {WAITING: "the receiver got ['on_head', 'eof'] besides"},
    ForgetsBodies: {IN_BODY: "waited 5 s for the end of the response to GET /large"},
    EndsBodies: {IN_BODY: "the sink of GET /large ended with None, which is no OSError"},
    StaysOpen: {AT_CALL: "GET /echo raised nothing", LATER: "GET /echo raised nothing"},
    RaisesWhatSessionsRaise: {
        AT_CALL: f"GET /echo raised {OURS}, which is no OSError",
        LATER: f"GET /echo raised {OURS}, which is no OSError",
    },
}


@pytest.mark.parametrize("connector", TABLE)
def test_a_duty_left_undone_is_named(
    connector: type[Mutant], failed_duties: Callable[[type[Mutant]], Mapping[str, str]]
) -> None:
    assert failed_duties(connector) == TABLE[connector]


def test_each_duty_has_somebody_who_misses_it() -> None:
    missed = {duty for failures in TABLE.values() for duty in failures}
    assert {duty.text for duty in CLOSING_DUTIES} <= missed
