"""Each duty about failures is missed by a connector that leaves just that undone."""

from collections.abc import Callable, Mapping
from typing import Final

import pytest
from multidict import CIMultiDict

from martlet_interfaces import (
    NO_TIMEOUTS,
    HttpVersion11,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
)
from martlet_interfaces.testing import FakeConnector, FakeExchange, conformance_origin
from martlet_interfaces.testing._failure_duties import FAILURE_DUTIES

FailedDuties = Callable[[Callable[[], FakeConnector]], Mapping[str, str]]

BEFORE_HEAD: Final = "a failure before the head is raised by send"
IN_BODY: Final = "a failure in the body goes to the sink"
USABLE: Final = "a failure leaves the connector usable"
SLOW_HEAD: Final = "sock_read limits the wait for the head"
SLOW_BODY: Final = "sock_read limits the wait for the body"


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
        except ConnectionError:
            if request.url.path == "/break-before-head":
                self.on_failure(receiver)
            raise

    async def attempt(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> FakeExchange:
        return await super().send(request, body, receiver, timeouts=timeouts)

    def on_failure(self, receiver: Receiver) -> None:
        """Do something wrong."""


class RaisesItsOwn(Mutant):
    def on_failure(self, receiver: Receiver) -> None:
        raise LookupError("internal")


class MakesUpHead(Mutant):
    def on_failure(self, receiver: Receiver) -> None:
        flow = FakeExchange.__new__(FakeExchange)
        receiver.on_head(ResponseHead(HttpVersion11, 502, "", CIMultiDict()), flow)


class NeverRecovers(Mutant):
    def on_failure(self, receiver: Receiver) -> None:
        self.closed = True


class EndsBody(FakeExchange):
    def fail(self, exc: BaseException) -> None:
        if self.request.url.path == "/break-in-body":
            self.eof()
        super().fail(exc)


class FailsWithItsOwn(FakeExchange):
    def fail(self, exc: BaseException) -> None:
        ours = self.request.url.path == "/break-in-body"
        super().fail(LookupError("internal") if ours else exc)


class FailsTwice(FakeExchange):
    def fail(self, exc: BaseException) -> None:
        sink = self._sink
        super().fail(exc)
        if sink is not None:
            sink.fail(exc)


class MakesUpBody(FakeExchange):
    def fail(self, exc: BaseException) -> None:
        self.feed(b"<html>Bad Gateway")
        super().fail(exc)


class WaitsForHead(Mutant):
    async def attempt(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> FakeExchange:
        limits = NO_TIMEOUTS if request.url.path == "/hang" else timeouts
        return await super().attempt(request, body, receiver, limits)


class WaitsForBody(Mutant):
    async def attempt(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        timeouts: Timeouts,
    ) -> FakeExchange:
        limits = NO_TIMEOUTS if request.url.path == "/hang-in-body" else timeouts
        return await super().attempt(request, body, receiver, limits)


class TimesOutWithoutSayingSo(Mutant):
    def __init__(self) -> None:
        FakeConnector.__init__(self, conformance_origin, timeout_error=ConnectionError)


def with_exchange(kind: type[FakeExchange]) -> Callable[[], FakeConnector]:
    class WithExchange(FakeConnector):
        exchange_type = kind

    return lambda: WithExchange(conformance_origin)


TABLE: Final[Mapping[str, tuple[Callable[[], FakeConnector], Mapping[str, str]]]] = {
    "raises its own": (
        RaisesItsOwn,
        {BEFORE_HEAD: "GET /break-before-head raised LookupError('internal'), which is no OSError"},
    ),
    "makes up a head": (MakesUpHead, {BEFORE_HEAD: "the receiver got ['on_head'] besides"}),
    "never recovers": (
        NeverRecovers,
        {USABLE: "GET /echo?again=0 raised ConnectionError('The connector is closed')"},
    ),
    "ends the body": (
        with_exchange(EndsBody),
        {IN_BODY: "the sink ended with None, which is no OSError"},
    ),
    "fails with its own": (
        with_exchange(FailsWithItsOwn),
        {IN_BODY: "the sink ended with LookupError('internal'), which is no OSError"},
    ),
    "fails twice": (
        with_exchange(FailsTwice),
        {IN_BODY: "the sink got on_head and feed and fail and fail"},
    ),
    "makes up a body": (
        with_exchange(MakesUpBody),
        {IN_BODY: "the body was b'the first part<html>Bad Gateway'"},
    ),
    "waits for the head": (
        WaitsForHead,
        {SLOW_HEAD: "waited 5 s for the head of the response to GET /hang"},
    ),
    "waits for the body": (
        WaitsForBody,
        {SLOW_BODY: "waited 5 s for the end of the response to GET /hang-in-body"},
    ),
    "times out without saying so": (
        TimesOutWithoutSayingSo,
        {
            SLOW_HEAD: "ConnectionError('Nothing came within sock_read') is no TimeoutError",
            SLOW_BODY: "ConnectionError('Nothing came within sock_read') is no TimeoutError",
        },
    ),
}


@pytest.mark.parametrize("mutant", TABLE)
def test_a_duty_left_undone_is_named(mutant: str, failed_duties: FailedDuties) -> None:
    make, failures = TABLE[mutant]
    assert failed_duties(make) == failures


def test_a_connector_that_changes_nothing_passes(failed_duties: FailedDuties) -> None:
    assert failed_duties(Mutant) == {}


def test_each_duty_has_somebody_who_misses_it() -> None:
    missed = {duty for _, failures in TABLE.values() for duty in failures}
    assert {duty.text for duty in FAILURE_DUTIES} == missed
