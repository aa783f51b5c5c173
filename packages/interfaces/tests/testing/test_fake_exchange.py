"""`FakeExchange`: pushing, pausing, hanging, and what the session did."""

from collections.abc import Sequence

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import Flow, HttpVersion11, RequestHead, ResponseHead, Timeouts
from martlet_interfaces.testing import FakeConnector, FakeExchange, OriginResponse, Then
from martlet_interfaces.testing._recording import Recording

PAGE = "http://origin.test/page"


async def exchange(
    answer: OriginResponse, recording: Recording, *, sock_read: float | None = None
) -> FakeExchange:
    connector = FakeConnector()
    connector.respond("GET", PAGE, answer)
    request = RequestHead("GET", URL(PAGE), CIMultiDictProxy(CIMultiDict()))
    return await connector.send(request, None, recording, timeouts=Timeouts(sock_read=sock_read))


def chunks(count: int) -> Sequence[bytes]:
    return [bytes([number]) for number in range(count)]


async def test_the_head_is_the_answer_s() -> None:
    recording = Recording()
    await exchange(OriginResponse(404, [("X", "1"), ("x", "2")], reason="Lost"), recording)
    head = recording.head
    assert (head.version, head.status, head.reason) == (HttpVersion11, 404, "Lost")
    assert head.headers.getall("X") == ["1", "2"]


async def test_the_body_is_pushed_until_it_is_paused() -> None:
    recording = Recording(pause_at_data=True)
    got = await exchange(OriginResponse(chunks=chunks(5)), recording)
    assert recording.pieces == [b"\0"]
    got.resume()
    assert recording.pieces == chunks(5)
    assert recording.ends == [None]


async def test_a_sink_may_pause_and_resume_while_it_is_fed() -> None:
    class Nervous(Recording):
        depth = 0

        def feed(self, data: bytes, /) -> None:
            self.depth += 1
            assert self.depth == 1
            super().feed(data)
            self.flow.pause()
            self.flow.resume()
            self.depth -= 1

    recording = Nervous()
    await exchange(OriginResponse(chunks=[b"x"] * 5000), recording)
    assert len(recording.pieces) == 5000
    assert recording.ends == [None]


async def test_a_receiver_may_resume_before_it_has_named_its_sink() -> None:
    class Eager(Recording):
        def on_head(self, head: ResponseHead, flow: Flow, /) -> Recording:
            flow.resume()
            return super().on_head(head, flow)

    recording = Eager()
    await exchange(OriginResponse(chunks=chunks(2)), recording)
    assert recording.calls == ["on_head", "feed", "feed", "eof"]


async def test_a_body_that_breaks_off_fails() -> None:
    recording = Recording()
    await exchange(OriginResponse(chunks=chunks(2), then=Then.BREAK), recording)
    assert recording.pieces == chunks(2)
    assert [repr(end) for end in recording.ends] == ["ConnectionError('The connection was lost')"]


async def test_a_body_that_hangs_is_continued_by_hand() -> None:
    recording = Recording()
    got = await exchange(OriginResponse(chunks=[b"one"], then=Then.HANG), recording)
    got.feed(b"two")
    got.eof()
    got.feed(b"three")
    got.eof()
    got.fail(ConnectionError("late"))
    assert recording.calls == ["on_head", "feed", "feed", "eof"]
    assert recording.body == b"onetwo"


async def test_a_body_that_hangs_can_be_made_to_fail() -> None:
    recording, error = Recording(), ConnectionError("now")
    got = await exchange(OriginResponse(then=Then.HANG), recording)
    got.fail(error)
    assert recording.ends == [error]


async def test_a_body_that_hangs_times_out() -> None:
    recording = Recording()
    await exchange(OriginResponse(then=Then.HANG), recording, sock_read=0)
    assert repr(await recording.end()) == "TimeoutError('Nothing came within sock_read')"


async def test_a_pause_is_not_timed() -> None:
    recording = Recording()
    got = await exchange(OriginResponse(then=Then.HANG), recording, sock_read=3600)
    timers = [got._timer]
    got.pause()
    timers.append(got._timer)
    got.resume()
    timers.append(got._timer)
    got.resume()
    timers.append(got._timer)
    assert [timer is not None for timer in timers] == [True, False, True, True]
    assert len(set(timers)) == 4
    got.abort()
    assert got._timer is None


@pytest.mark.parametrize("act", ["release", "abort"])
async def test_what_the_session_does_is_noted_and_ends_the_body(act: str) -> None:
    recording = Recording(pause_at_head=True)
    got = await exchange(OriginResponse(chunks=chunks(2)), recording)
    assert (got.released, got.aborted) == (False, False)
    getattr(got, act)()
    getattr(got, act)()
    got.resume()
    assert (got.released, got.aborted) == (act == "release", act == "abort")
    assert recording.calls == ["on_head"]


async def test_it_cannot_be_upgraded() -> None:
    got = await exchange(OriginResponse(101), Recording())
    with pytest.raises(RuntimeError, match=r"^The response did not switch protocols$"):
        got.upgrade()


async def test_it_knows_what_it_was_made_with() -> None:
    got = await exchange(OriginResponse(), Recording())
    assert (got.info("http_version"), got.info("peername")) == ("1.1", None)
