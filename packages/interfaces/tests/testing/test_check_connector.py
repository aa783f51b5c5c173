"""`check_connector`: what passes, what it reports, and that it always comes to an end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from martlet_interfaces import Observer, Receiver, RequestBody, RequestHead, Timeouts
from martlet_interfaces.testing import (
    ConformanceError,
    ConnectorUnderTest,
    FakeConnector,
    FakeExchange,
    check_connector,
    conformance_origin,
)
from martlet_interfaces.testing._check_connector import DUTIES

Run = Callable[[Coroutine[Any, Any, None]], None]
FailedDuties = Callable[[Callable[[], FakeConnector]], Mapping[str, str]]
FIRST: Final = "a request is answered"


def subject(connector: FakeConnector) -> ConnectorUnderTest:
    return ConnectorUnderTest(connector, "http://origin.test", early_responses=False)


def test_the_fake_passes(failed_duties: FailedDuties) -> None:
    assert failed_duties(lambda: FakeConnector(conformance_origin)) == {}


async def test_it_passes_in_real_time_too() -> None:
    @asynccontextmanager
    async def factory() -> AsyncIterator[ConnectorUnderTest]:
        yield subject(FakeConnector(conformance_origin))

    await check_connector(factory, errors=OSError, deadline=60)


def test_no_two_duties_have_one_name() -> None:
    names = [duty.text for duty in DUTIES]
    assert len(set(names)) == len(names)


def test_each_duty_gets_a_connector_of_its_own_and_gives_it_back(run_virtually: Run) -> None:
    log: list[str] = []

    @asynccontextmanager
    async def factory() -> AsyncIterator[ConnectorUnderTest]:
        log.append("begin")
        yield subject(FakeConnector(conformance_origin))
        log.append("end")

    run_virtually(check_connector(factory, errors=OSError))
    assert log == ["begin", "end"] * len(DUTIES)


def test_all_failures_are_reported_with_their_causes(run_virtually: Run) -> None:
    @asynccontextmanager
    async def factory() -> AsyncIterator[ConnectorUnderTest]:
        yield subject(FakeConnector(conformance_origin))

    with pytest.raises(ConformanceError) as caught:
        run_virtually(check_connector(factory, errors=LookupError))
    assert "a failure before the head is raised by send" in caught.value.failures
    assert "a send after close fails" in caught.value.failures
    cause = caught.value.__cause__
    assert isinstance(cause, ExceptionGroup)
    assert len(cause.exceptions) == len(caught.value.failures) < len(DUTIES)


def test_where_nothing_works_the_first_duty_is_enough(run_virtually: Run) -> None:
    made = []

    @asynccontextmanager
    async def factory() -> AsyncIterator[ConnectorUnderTest]:
        made.append(FakeConnector(error=ConnectionError))
        yield subject(made[-1])

    with pytest.raises(ConformanceError) as caught:
        run_virtually(check_connector(factory, errors=OSError))
    assert list(caught.value.failures) == [FIRST]
    assert len(made) == 1


class Hanging(FakeConnector):
    """Waits in `send` and does not let itself be cancelled."""

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        cancelled = 0
        while cancelled < 2:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled += 1
        raise ConnectionError("at last")


@asynccontextmanager
async def never_entered() -> AsyncIterator[ConnectorUnderTest]:
    await asyncio.Event().wait()
    yield subject(FakeConnector())


@asynccontextmanager
async def never_left() -> AsyncIterator[ConnectorUnderTest]:
    yield subject(FakeConnector(conformance_origin))
    await asyncio.Event().wait()


class FailsToEnter:
    async def __aenter__(self) -> ConnectorUnderTest:
        raise OSError("no port is free")

    async def __aexit__(self, *_exc: object) -> None:
        raise AssertionError("it was never entered")


@asynccontextmanager
async def fails_to_leave() -> AsyncIterator[ConnectorUnderTest]:
    yield subject(FakeConnector(conformance_origin))
    raise TimeoutError("the factory's own")


@asynccontextmanager
async def leaks_cancellation() -> AsyncIterator[ConnectorUnderTest]:
    yield subject(FakeConnector(conformance_origin))
    raise asyncio.CancelledError


@asynccontextmanager
async def cannot_be_cancelled() -> AsyncIterator[ConnectorUnderTest]:
    yield subject(Hanging())


@pytest.mark.parametrize(
    ("factory", "problem"),
    [
        (never_entered, "waited 5 s for the factory"),
        (never_left, "waited 5 s for the factory to clear up"),
        (FailsToEnter, "OSError('no port is free')"),
        (fails_to_leave, 'TimeoutError("the factory\'s own")'),
        (leaks_cancellation, "CancelledError came out, though nobody had cancelled"),
        (cannot_be_cancelled, "waited 5 s for the head of the response to GET /echo"),
    ],
)
def test_it_comes_to_an_end_whatever_hangs_or_fails(
    factory: Callable[[], Any], problem: str, run_virtually: Run
) -> None:
    with pytest.raises(ConformanceError) as caught:
        run_virtually(check_connector(factory, errors=OSError))
    assert caught.value.failures[FIRST] == problem


def test_the_deadline_can_be_chosen(run_virtually: Run) -> None:
    with pytest.raises(ConformanceError) as caught:
        run_virtually(check_connector(never_entered, errors=OSError, deadline=0.5))
    assert caught.value.failures == {FIRST: "waited 0.5 s for the factory"}


async def test_it_can_be_cancelled_itself() -> None:
    checking = asyncio.create_task(check_connector(never_entered, errors=OSError))
    await asyncio.sleep(0)
    checking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await checking
