"""Each duty of exchanges and their watchers is missed by who leaves just that undone."""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import pytest

from martlet_interfaces import (
    ChunkReceived,
    Duplex,
    Event,
    HeadSent,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    Timeouts,
)
from martlet_interfaces.testing import FakeConnector, FakeExchange, conformance_origin
from martlet_interfaces.testing._exchange_duties import EXCHANGE_DUTIES, _Watcher

APART: Final = "sends at the same time do not mix"
UPGRADE: Final = "upgrade after an ordinary response raises RuntimeError"
UNKNOWN: Final = "info of an unknown name is None"
FACTS: Final = "facts stay readable after the end"
TIMINGS: Final = "timings, if it tells any, are seconds, and in order"
SCHEMES: Final = "schemes is a frozenset in lower case"
AWAITED: Final = "an observer is awaited, event by event"
RAISES: Final = "what an observer raises comes out of send"


class Watched(FakeConnector):
    """Tells its observer that two heads have been sent."""

    def __init__(self) -> None:
        super().__init__(conformance_origin)
        self.tasks: list[asyncio.Future[None]] = []

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        if observer is not None:
            await self.tell(observer)
        return await super().send(request, body, receiver, timeouts=timeouts)

    async def tell(self, observer: Observer) -> None:
        await observer.observe(HeadSent())
        await observer.observe(HeadSent())


class TellsAtOnce(Watched):
    async def tell(self, observer: Observer) -> None:
        await asyncio.gather(observer.observe(HeadSent()), observer.observe(HeadSent()))


class DoesNotWait(Watched):
    async def tell(self, observer: Observer) -> None:
        self.tasks.append(asyncio.ensure_future(observer.observe(HeadSent())))
        await asyncio.sleep(0)


class TellsNames(Watched):
    async def tell(self, observer: Observer) -> None:
        event: Event = "head sent"  # type: ignore[assignment]  # the fault
        await observer.observe(event)


class SwallowsObjections(Watched):
    async def tell(self, observer: Observer) -> None:
        try:
            await super().tell(observer)
        except LookupError:
            pass


class DiesOfObjections(Watched):
    async def tell(self, observer: Observer) -> None:
        try:
            await super().tell(observer)
        except LookupError:
            self.closed = True
            raise


class OneAtATime(Watched):
    """Keeps the request that it is sending where the next one finds it."""

    request: RequestHead

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> FakeExchange:
        if request.url.path != "/echo":
            return await super().send(request, body, receiver, timeouts=timeouts)
        self.request = request
        await asyncio.sleep(0)
        return await super().send(self.request, body, receiver, timeouts=timeouts)


class UpgradesAnything(Watched):
    class Exchange(FakeExchange):
        def upgrade(self) -> Duplex:
            duplex: Duplex = object()  # type: ignore[assignment]  # nobody gets to use it
            return duplex

    exchange_type = Exchange


class KnowsEverything(Watched):
    class Exchange(FakeExchange):
        def info(self, name: str, /) -> object | None:
            return super().info(name) or ""

    exchange_type = Exchange


class KnowsNothingUnasked(Watched):
    class Exchange(FakeExchange):
        def info(self, name: str, /) -> object | None:
            return {"http_version": "1.1"}[name]

    exchange_type = Exchange


class ForgetsFacts(Watched):
    class Exchange(FakeExchange):
        def info(self, name: str, /) -> object | None:
            return None if self.released else super().info(name)

    exchange_type = Exchange


class KnowsTimes(Watched):
    """Tells some of its timings."""

    timings: object = MappingProxyType({"queued": 9, "dns": 0, "sent": 0.5, "done": 0.5})

    def __init__(self) -> None:
        super().__init__()
        self.facts = {**self.facts, "timings": self.timings}


class KnowsNoTimes(KnowsTimes):
    timings: object = MappingProxyType({})


class ListOfTimes(KnowsTimes):
    timings = [0.5, 0.75]  # noqa: RUF012  # nobody changes it


class TimeBefore(KnowsTimes):
    timings = MappingProxyType({"dns": -0.5})


class TimeInWords(KnowsTimes):
    timings = MappingProxyType({"done": "soon"})


class TimesOutOfOrder(KnowsTimes):
    timings = MappingProxyType({"first_byte": 2, "sent": 1, "done": 1.5})


class ListOfSchemes(Watched):
    def __init__(self) -> None:
        super().__init__()
        self.schemes = ["http"]  # type: ignore[assignment]  # the fault


class UpperCase(Watched):
    def __init__(self) -> None:
        super().__init__()
        self.schemes = frozenset({"http", "HTTPS"})


class OtherScheme(Watched):
    def __init__(self) -> None:
        super().__init__()
        self.schemes = frozenset({"https"})


FACTS_BEFORE: Final = (
    "{'http_version': '1.1', 'peername': None, 'reused': None, 'sockname': None,"
    " 'ssl_object': None}"
)
FACTS_AFTER: Final = FACTS_BEFORE.replace("'1.1'", "None")
TABLE: Final[Mapping[type[Watched], Mapping[str, str]]] = {
    Watched: {},
    TellsAtOnce: {AWAITED: "it was not awaited before send went on"},
    DoesNotWait: {
        AWAITED: "it was not awaited before send went on",
        RAISES: 'LookupError("the observer\'s own error") was raised, send returned',
    },
    TellsNames: {AWAITED: "it got 'head sent', which is no Event"},
    SwallowsObjections: {
        RAISES: 'LookupError("the observer\'s own error") was raised, send returned'
    },
    DiesOfObjections: {
        RAISES: "GET /echo?again=0 raised ConnectionError('The connector is closed')"
    },
    OneAtATime: {
        APART: 'the answer to /echo?number=0 was {"method": "POST",'
        ' "target": "/echo?number=19", "headers": [["Host", "origin.test:8080"]],'
        ' "body": "/echo?number=0"}'
    },
    UpgradesAnything: {UPGRADE: "upgrade() after a 200 to GET raised no RuntimeError"},
    KnowsEverything: {
        UNKNOWN: "info('no-such-fact') gave ''",
        TIMINGS: "they are a str, no mapping",
    },
    KnowsNothingUnasked: {
        UNKNOWN: "KeyError('no-such-fact')",
        FACTS: "KeyError('peername')",
        TIMINGS: "KeyError('timings')",
    },
    ForgetsFacts: {FACTS: f"they were {FACTS_BEFORE}, and are {FACTS_AFTER}"},
    KnowsTimes: {},
    KnowsNoTimes: {},
    ListOfTimes: {TIMINGS: "they are a list, no mapping"},
    TimeBefore: {TIMINGS: "dns is -0.5"},
    TimeInWords: {TIMINGS: "done is 'soon'"},
    TimesOutOfOrder: {
        TIMINGS: "they are {'first_byte': 2, 'sent': 1, 'done': 1.5}, which is not in order"
    },
    ListOfSchemes: {SCHEMES: "it is a list"},
    UpperCase: {SCHEMES: "it has HTTPS, http"},
    OtherScheme: {SCHEMES: "it lacks http, which the connector was given for"},
}


@pytest.mark.parametrize("connector", TABLE)
def test_a_duty_left_undone_is_named(
    connector: type[Watched], failed_duties: Callable[[type[Watched]], Mapping[str, str]]
) -> None:
    assert failed_duties(connector) == TABLE[connector]


def test_each_duty_has_somebody_who_misses_it() -> None:
    missed = {duty for failures in TABLE.values() for duty in failures}
    assert {duty.text for duty in EXCHANGE_DUTIES} <= missed


async def test_pieces_of_a_body_need_not_be_waited_for() -> None:
    watcher = _Watcher()
    await watcher.observe(ChunkReceived(b"piece"))
    assert (watcher.events, watcher.notes) == ([], [])
