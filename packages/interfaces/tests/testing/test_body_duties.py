"""Each duty about bodies is missed by a connector that leaves just that undone."""

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar, Final

import pytest

from martlet_interfaces import BodySink, Flow, Receiver, ResponseHead
from martlet_interfaces.testing import (
    FakeConnector,
    FakeExchange,
    conformance_origin,
)
from martlet_interfaces.testing._body_duties import BODY_DUTIES

WHOLE: Final = "a body comes whole and in order"
END: Final = "a body ends with exactly one eof, and nothing follows"
PIECES: Final = "the sink is fed bytes, and none that are empty"
BODILESS: Final = "HEAD and 204 have no body"
HEAD_PAUSE: Final = "pause in on_head holds the body back"
FEED_PAUSE: Final = "pause in feed holds the rest of the body back"
RESUME: Final = "resume brings the rest of the body"
REPEATED: Final = "pause and resume may be repeated"
AFTER_END: Final = "pause and resume do nothing after the end"
ABORTED: Final = "after abort the sink hears nothing more"
RELEASED: Final = "after release the sink hears nothing more"
FACTS: Final = "facts stay readable after the end"
CLOSED: Final = "close fails a body that is under way"


class MutantExchange(FakeExchange):
    """Passes what the sink gets through itself; `start` is where a fault begins."""

    wrapped: BodySink

    def start(self, receiver: Receiver) -> None:
        super().start(Between(self, receiver))

    def pass_piece(self, data: bytes) -> None:
        self.wrapped.feed(data)

    def pass_eof(self) -> None:
        self.wrapped.eof()


class Between:
    def __init__(self, exchange: MutantExchange, receiver: Receiver) -> None:
        self.exchange, self.receiver = exchange, receiver

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        self.exchange.wrapped = self.receiver.on_head(head, flow)
        return self

    def feed(self, data: bytes, /) -> None:
        self.exchange.pass_piece(data)

    def eof(self) -> None:
        self.exchange.pass_eof()

    def fail(self, exc: BaseException, /) -> None:
        self.exchange.wrapped.fail(exc)


class LosesPiece(MutantExchange):
    count = 0

    def pass_piece(self, data: bytes) -> None:
        self.count += 1
        if self.count != 20:
            super().pass_piece(data)


class Swaps(MutantExchange):
    kept: bytes | None = None

    def pass_piece(self, data: bytes) -> None:
        if self.kept is None:
            self.kept = data
        else:
            kept, self.kept = self.kept, None
            super().pass_piece(data)
            super().pass_piece(kept)

    def pass_eof(self) -> None:
        if self.kept is not None:
            super().pass_piece(self.kept)
        super().pass_eof()


class TwoEnds(MutantExchange):
    def pass_eof(self) -> None:
        super().pass_eof()
        super().pass_eof()


class FeedsAfterEnd(MutantExchange):
    def pass_eof(self) -> None:
        super().pass_eof()
        if self.request.url.path == "/status/200":
            super().pass_piece(b"late")


class FailsAfterEnd(MutantExchange):
    def pass_eof(self) -> None:
        super().pass_eof()
        self.wrapped.fail(ConnectionError("late"))


class EmptyPieces(MutantExchange):
    def pass_eof(self) -> None:
        super().pass_piece(b"")
        super().pass_eof()


class MutablePieces(MutantExchange):
    def pass_piece(self, data: bytes) -> None:
        super().pass_piece(bytearray(data))  # type: ignore[arg-type]  # the fault


class BodyAfterHead(MutantExchange):
    def pass_eof(self) -> None:
        if self.request.method == "HEAD":
            super().pass_piece(b"unasked")
        super().pass_eof()


class WaitsForBodyOfHead(MutantExchange):
    def pass_eof(self) -> None:
        if self.request.method != "HEAD":
            super().pass_eof()


class NeverPauses(MutantExchange):
    def pause(self) -> None:
        pass


class ForgetsPauseInHead(MutantExchange):
    def start(self, receiver: Receiver) -> None:
        FakeExchange.start(self, Unpausing(self, receiver))


class Unpausing(Between):
    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        sink = super().on_head(head, flow)
        flow.resume()
        return sink


class ForgetsPauseInFeed(MutantExchange):
    feeding = False

    def pass_piece(self, data: bytes) -> None:
        self.feeding = True
        super().pass_piece(data)
        self.feeding = False

    def pause(self) -> None:
        if not self.feeding:
            super().pause()


class EndsWhilePaused(MutantExchange):
    """Holds the data back, but says that it was all."""

    def pause(self) -> None:
        super().pause()
        self.eof()


class NeverResumes(MutantExchange):
    def resume(self) -> None:
        pass


class ResumesLate(MutantExchange):
    """Takes many turns of the event loop, as a way over several machines does: no fault."""

    resuming = False

    def resume(self) -> None:
        if not self.resuming:
            self.resuming = True
            self.resume_after(50)

    def resume_after(self, turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(self.resume_after, turns - 1)
        else:
            self.resuming = False
            super().resume()


class CountsPauses(MutantExchange):
    depth = 0

    def pause(self) -> None:
        self.depth += 1
        super().pause()

    def resume(self) -> None:
        self.depth -= 1
        if not self.depth:
            super().resume()


class PauseOutlives(MutantExchange):
    """Pauses the connection, whoever is using it by then."""

    over = False
    stuck: ClassVar[set[str]] = set()

    def pass_eof(self) -> None:
        self.over = True
        super().pass_eof()

    def start(self, receiver: Receiver) -> None:
        if self.stuck:
            self.stuck.clear()
            super().pause()
        super().start(receiver)

    def pause(self) -> None:
        super().pause()
        if self.over:
            self.stuck.add("paused")


class ResumeRepeatsEnd(MutantExchange):
    over = False

    def pass_eof(self) -> None:
        self.over = True
        super().pass_eof()

    def resume(self) -> None:
        if self.over:
            self.wrapped.eof()
        super().resume()


WRONG: Final = "2097152 bytes of it came, or wrong"
ALL_CAME: Final = "2097152 bytes came after pause()"
END_CAME: Final = "the end came after pause()"
NO_END: Final = "waited 5 s for the end of the response to GET /large"
TABLE: Final[Mapping[type[MutantExchange], Mapping[str, str]]] = {
    LosesPiece: {
        WHOLE: "of 2097152 bytes 2031616 came",
        RESUME: "2031616 bytes of it came, or wrong",
        REPEATED: "2031616 bytes of it came, or wrong",
    },
    Swaps: {
        WHOLE: "its pieces are not in their order, or have changed",
        RESUME: WRONG,
        REPEATED: WRONG,
    },
    TwoEnds: {END: "the sink of /large got eof and eof"},
    FeedsAfterEnd: {END: "the sink of /status/200 got feed after its end"},
    FailsAfterEnd: {END: "the sink of /large got eof and fail"},
    EmptyPieces: {PIECES: "it got an empty piece"},
    MutablePieces: {PIECES: "it got bytearray"},
    BodyAfterHead: {BODILESS: "HEAD /large brought 7 bytes"},
    WaitsForBodyOfHead: {BODILESS: "waited 5 s for the end of the response to HEAD /large"},
    NeverPauses: {
        HEAD_PAUSE: ALL_CAME,
        FEED_PAUSE: ALL_CAME,
        ABORTED: END_CAME,
        RELEASED: END_CAME,
        CLOSED: "the sink of GET /large ended with None, which is no OSError",
    },
    ForgetsPauseInHead: {
        HEAD_PAUSE: ALL_CAME,
        ABORTED: END_CAME,
        RELEASED: END_CAME,
        CLOSED: "the sink of GET /large ended with None, which is no OSError",
    },
    ForgetsPauseInFeed: {FEED_PAUSE: ALL_CAME},
    EndsWhilePaused: {
        FEED_PAUSE: END_CAME,
        RESUME: "65536 bytes of it came, or wrong",
        REPEATED: "0 bytes of it came, or wrong",
    },
    NeverResumes: {RESUME: NO_END, REPEATED: NO_END, FACTS: NO_END},
    CountsPauses: {REPEATED: NO_END},
    PauseOutlives: {AFTER_END: "waited 5 s for the end of the response to GET /echo?again=0"},
    ResumeRepeatsEnd: {AFTER_END: "resume() after the end reached the sink"},
}


@pytest.mark.parametrize("mutant", TABLE)
def test_a_duty_left_undone_is_named(
    mutant: type[MutantExchange],
    failed_duties: Callable[[Callable[[], FakeConnector]], Mapping[str, str]],
) -> None:
    class Mutant(FakeConnector):
        exchange_type = mutant

    assert failed_duties(lambda: Mutant(conformance_origin)) == TABLE[mutant]


def test_who_is_slow_does_its_duties(
    failed_duties: Callable[[Callable[[], FakeConnector]], Mapping[str, str]],
) -> None:
    class Slow(FakeConnector):
        exchange_type = ResumesLate

    assert failed_duties(lambda: Slow(conformance_origin)) == {}


def test_each_duty_has_somebody_who_misses_it() -> None:
    missed = {duty for failures in TABLE.values() for duty in failures}
    assert {duty.text for duty in BODY_DUTIES} <= missed
