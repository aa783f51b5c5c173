"""Each duty about the writing of bodies is missed by a connector that leaves it undone."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import pytest

from martlet_interfaces import Observer, Receiver, RequestBody, RequestHead, Timeouts
from martlet_interfaces.testing import FakeConnector, FakeExchange, conformance_origin
from martlet_interfaces.testing._upload_duties import UPLOAD_DUTIES

CANCELLED: Final = "cancelling send ends the writing of the body"
ABORTED: Final = "abort ends the writing of the body"
RAISED: Final = "what a RequestBody raises after the head goes to the sink"
CLOSED: Final = "close fails a send whose body is being written"


class Nowhere:
    """Takes what a body writes, and forgets it."""

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        await asyncio.sleep(0)


class EarlyExchange(FakeExchange):
    """An exchange whose request is still being written when the response has come."""

    upload: asyncio.Task[None] | None = None

    def begin_upload(self, body: RequestBody) -> None:
        self.upload = asyncio.create_task(body.write_to(Nowhere()))
        self.upload.add_done_callback(self.uploaded)

    def uploaded(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            exc = task.exception()
            assert exc is not None, "no body of the suite that is answered early comes to an end"
            self.tell(exc)

    def tell(self, exc: BaseException) -> None:
        self.fail(exc)

    def abort(self) -> None:
        super().abort()
        if self.upload is not None:
            self.upload.cancel()


class EarlyConnector(FakeConnector):
    """Delivers the responses to some requests before it has written their bodies."""

    exchange_type: type[FakeExchange] = EarlyExchange

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
        if request.url.path != "/early" or isinstance(body, bytes | None):
            return await super().send(request, body, receiver, timeouts=timeouts)
        exchange = await super().send(request, None, receiver, timeouts=timeouts)
        assert isinstance(exchange, EarlyExchange)
        exchange.begin_upload(body)
        return exchange


class KeepsWritingAfterAbort(EarlyConnector):
    class Exchange(EarlyExchange):
        def abort(self) -> None:
            FakeExchange.abort(self)

    exchange_type = Exchange


class WrapsLateError(EarlyConnector):
    class Exchange(EarlyExchange):
        def tell(self, exc: BaseException) -> None:
            self.fail(ConnectionError("the body failed"))

    exchange_type = Exchange


class KeepsLateErrorToItself(EarlyConnector):
    class Exchange(EarlyExchange):
        def tell(self, exc: BaseException) -> None:
            pass

    exchange_type = Exchange


class Shielded:
    """A body whose writing nobody can stop."""

    length = None
    replayable = False

    def __init__(self, body: RequestBody) -> None:
        self.body = body

    async def write_to(self, out: object, /) -> None:
        await asyncio.shield(asyncio.ensure_future(self.body.write_to(Nowhere())))


class KeepsWritingAfterCancellation(EarlyConnector):
    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        if getattr(body, "started", None):
            assert body is not None
            assert not isinstance(body, bytes)
            body = Shielded(body)
        return await super().send(request, body, receiver, timeouts=timeouts)


NOT_CANCELLED: Final = "waited 5 s for write_to to be cancelled"
TABLE: Final[Mapping[type[EarlyConnector], Mapping[str, str]]] = {
    EarlyConnector: {},
    KeepsWritingAfterAbort: {ABORTED: NOT_CANCELLED},
    KeepsWritingAfterCancellation: {
        CANCELLED: NOT_CANCELLED,
        ABORTED: NOT_CANCELLED,
        CLOSED: NOT_CANCELLED,
    },
    WrapsLateError: {
        RAISED: 'LookupError("the body\'s own error") was raised,'
        " the sink ended with ConnectionError('the body failed')"
    },
    KeepsLateErrorToItself: {RAISED: "waited 5 s for the end of the response to PUT /early"},
}


@pytest.mark.parametrize("connector", TABLE)
def test_a_duty_left_undone_is_named(
    connector: type[EarlyConnector], failed_duties: Callable[..., Mapping[str, str]]
) -> None:
    assert failed_duties(connector, early=True) == TABLE[connector]


def test_who_cannot_answer_early_need_not(failed_duties: Callable[..., Mapping[str, str]]) -> None:
    assert failed_duties(lambda: FakeConnector(conformance_origin)) == {}


def test_who_cannot_answer_early_must_not_say_so(
    failed_duties: Callable[..., Mapping[str, str]],
) -> None:
    late = "waited 5 s for the head of the response to PUT /early"
    failures = failed_duties(lambda: FakeConnector(conformance_origin), early=True)
    assert failures == {ABORTED: late, RAISED: late}


def test_each_duty_has_somebody_who_misses_it() -> None:
    missed = {duty for failures in TABLE.values() for duty in failures}
    assert {duty.text for duty in UPLOAD_DUTIES} <= missed
