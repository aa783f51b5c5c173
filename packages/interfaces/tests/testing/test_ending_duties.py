"""Each duty about abort, release and cancellation is missed by who leaves just that undone."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from martlet_interfaces import Observer, Receiver, RequestBody, RequestHead, Timeouts
from martlet_interfaces.testing import FakeConnector, FakeExchange, conformance_origin
from martlet_interfaces.testing._ending_duties import ENDING_DUTIES

ABORTED: Final = "after abort the sink hears nothing more"
RELEASED: Final = "after release the sink hears nothing more"
REPEATED: Final = "abort and release may be repeated, and leave the connector usable"
WAITING: Final = "send may be cancelled while it waits for the head"
ANYWHERE: Final = "send may be cancelled at any await"
UPLOAD: Final = "cancelling send ends the writing of the body"


class Mutant(FakeConnector):
    def __init__(self) -> None:
        super().__init__(conformance_origin)

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
            return await self.attempt(request, body, receiver, timeouts)
        except asyncio.CancelledError:
            self.on_cancel(receiver)
            raise

    async def attempt(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> FakeExchange:
        await asyncio.sleep(0)
        return await super().send(request, body, receiver, timeouts=timeouts)

    def on_cancel(self, receiver: Receiver) -> None:
        """Do something wrong."""


class GoesOnAfterAbort(Mutant):
    class Exchange(FakeExchange):
        def abort(self) -> None:
            pass

    exchange_type = Exchange


class GoesOnAfterRelease(Mutant):
    class Exchange(FakeExchange):
        def release(self) -> None:
            pass

    exchange_type = Exchange


class FailsOnAbort(Mutant):
    class Exchange(FakeExchange):
        def abort(self) -> None:
            self.fail(ConnectionError("aborted"))

    exchange_type = Exchange


class AbortsOnce(Mutant):
    class Exchange(FakeExchange):
        def abort(self) -> None:
            if self.aborted:
                raise RuntimeError("already aborted")
            super().abort()

    exchange_type = Exchange


class ReleasesOnlyWhatIsWhole(Mutant):
    class Exchange(FakeExchange):
        def release(self) -> None:
            if self.aborted and self.released:
                raise RuntimeError("already aborted")
            super().release()

    exchange_type = Exchange


class TurnsCancellationIntoError(Mutant):
    def on_cancel(self, receiver: Receiver) -> None:
        raise ConnectionError("cancelled")


class DiesOfCancellation(Mutant):
    def on_cancel(self, receiver: Receiver) -> None:
        self.closed = True


class AnswersTheCancelled(Mutant):
    async def attempt(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> FakeExchange:
        if request.url.path != "/hang":
            return await super().attempt(request, body, receiver, timeouts)
        try:
            return await super().attempt(request, body, receiver, timeouts)
        finally:
            status = RequestHead("GET", request.url.with_path("/status/204"), request.headers)
            task = asyncio.ensure_future(super().attempt(status, None, receiver, timeouts))
            self.tasks = [task]


class MixesAfterCancellation(Mutant):
    """Leaves the answer to a cancelled request on its connection, for the next."""

    left: RequestHead | None = None

    async def attempt(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> FakeExchange:
        left, self.left = self.left, request if request.url.query else None
        if left is not None and request.url.query_string == "second":
            request = left
        exchange = await super().attempt(request, body, receiver, timeouts)
        self.left = None
        return exchange


STILL: Final = "the sink got feed feed feed… afterwards"
TABLE: Final[Mapping[type[Mutant], Mapping[str, str]]] = {
    Mutant: {},
    GoesOnAfterAbort: {ABORTED: STILL},
    GoesOnAfterRelease: {RELEASED: STILL},
    FailsOnAbort: {ABORTED: "the sink got fail… afterwards"},
    AbortsOnce: {REPEATED: "RuntimeError('already aborted')"},
    ReleasesOnlyWhatIsWhole: {REPEATED: "RuntimeError('already aborted')"},
    TurnsCancellationIntoError: {
        WAITING: "CancelledError did not come out",
        ANYWHERE: "CancelledError did not come out",
        UPLOAD: "CancelledError did not come out",
    },
    DiesOfCancellation: {
        WAITING: "GET /echo?again=0 raised ConnectionError('The connector is closed')",
        ANYWHERE: "GET /echo?second raised ConnectionError('The connector is closed')",
        UPLOAD: "GET /echo?again=0 raised ConnectionError('The connector is closed')",
    },
    AnswersTheCancelled: {WAITING: "the receiver got ['on_head', 'eof'] afterwards"},
    MixesAfterCancellation: {
        ANYWHERE: "the next request got the answer of a cancelled one",
    },
}


@pytest.mark.parametrize("connector", TABLE)
def test_a_duty_left_undone_is_named(
    connector: type[Mutant], failed_duties: Callable[[type[Mutant]], Mapping[str, str]]
) -> None:
    assert failed_duties(connector) == TABLE[connector]


def test_each_duty_has_somebody_who_misses_it() -> None:
    missed = {duty for failures in TABLE.values() for duty in failures}
    assert {duty.text for duty in ENDING_DUTIES} <= missed
