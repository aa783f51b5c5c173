import asyncio
from typing import Any

import pytest

from martlet_client_session._ws_heartbeat import Heartbeat
from martlet_exceptions import ClientConnectionError, ClientConnectionResetError, ServerTimeoutError
from martlet_websocket import DeflateParameters, WSMsgType, WSState

from .scripted import run_virtual, turn
from .ws_scripted import Peer, held_back, is_over, link_to, pass_time

PLAIN = DeflateParameters()


async def test_what_comes_waits_in_order() -> None:
    peer = Peer()
    link = link_to(peer)
    peer.say(peer.server.send_text("one"), peer.server.send_bytes(b"two"))
    peer.say(peer.server.send_text("three"))
    assert [message.data for message in link.messages] == ["one", b"two", "three"]
    assert not is_over(link)


async def test_what_came_early_is_taken() -> None:
    peer = Peer()
    peer.early = peer.server.send_text("early")
    assert [message.data for message in link_to(peer).messages] == ["early"]


async def test_who_waits_is_woken_once() -> None:
    peer = Peer()
    link = link_to(peer)
    link.waiter = waiter = asyncio.get_running_loop().create_future()
    half = peer.server.send_text("one")
    peer.say(half[:2])
    assert not waiter.done()
    peer.say(half[2:])
    assert waiter.done()
    peer.say(peer.server.send_text("two"))
    peer.eof()


async def test_pings_are_answered_at_once() -> None:
    peer = Peer(autoping=False)
    link = link_to(peer)
    peer.say(peer.server.ping(b"1"), peer.server.ping(b"2"))
    assert [(m.type, m.data) for m in peer.heard()] == [
        (WSMsgType.PONG, b"1"),
        (WSMsgType.PONG, b"2"),
    ]
    assert not link.messages


async def test_who_takes_nothing_gets_no_pongs() -> None:
    peer = Peer(autoping=False)
    link = link_to(peer)
    peer.transport.waiting = 65537
    peer.say(peer.server.ping(b"1"))
    assert peer.heard() == []
    peer.transport.waiting = 65536
    peer.say(peer.server.ping(b"2"))
    assert [message.data for message in peer.heard()] == [b"2"]
    assert not is_over(link)


async def test_without_a_transport_pings_are_answered_too() -> None:
    peer = Peer(autoping=False)
    link_to(peer, bare=True)
    peer.say(peer.server.ping(b"1"))
    assert [message.data for message in peer.heard()] == [b"1"]


class TestBackPressure:
    async def test_many_bytes(self) -> None:
        peer = Peer()
        link = link_to(peer)
        frame = peer.server.send_bytes(bytes(60_000))
        peer.say(frame)
        peer.say(frame)
        assert not held_back(link)
        peer.say(frame)
        assert held_back(link)
        assert peer.calls == ["pause"]
        link.messages.clear()
        link.resume()
        assert peer.calls == ["pause", "resume"]
        peer.say(frame)
        assert not held_back(link)

    async def test_many_messages(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.say(peer.server.send_text("") * 1024)
        assert not held_back(link)
        peer.say(peer.server.send_text(""))
        assert held_back(link)

    async def test_one_large_message_is_not_held_back(self) -> None:
        peer = Peer()
        link = link_to(peer)
        frame = peer.server.send_bytes(bytes(1_000_000))
        for start in range(0, len(frame), 100_000):
            peer.say(frame[start : start + 100_000])
        assert peer.calls == []
        assert len(link.messages) == 1
        peer.say(frame[:200_000])
        assert peer.calls == ["pause"]

    async def test_compressed_bytes_are_taken_a_few_at_a_time(self) -> None:
        peer = Peer(PLAIN)
        link = link_to(peer, deflate=PLAIN)
        bomb = b"".join(peer.server.send_bytes(bytes(1_000_000)) for _ in range(20))
        assert len(bomb) > 4096 * 4
        peer.say(bomb)
        most = len(link.messages)
        assert held_back(link)
        assert 1 <= most <= 5
        peer.say(peer.server.send_text("last"))  # it was on its way already
        got = []
        while link.messages:
            while link.messages:
                got.append(link.messages.popleft().data)
            link.resume()
            assert len(link.messages) <= most + 1
        assert [len(data) for data in got] == [1_000_000] * 20 + [4]
        assert got[-1] == "last"
        assert peer.calls[-1] == "resume"

    async def test_the_end_comes_after_what_is_held_back(self) -> None:
        peer = Peer(PLAIN)
        link = link_to(peer, deflate=PLAIN)
        peer.say(b"".join(peer.server.send_bytes(bytes(1_000_000)) for _ in range(10)))
        peer.eof()
        assert not is_over(link)
        count = 0
        while link.messages:
            count += len(link.messages)
            link.messages.clear()
            link.resume()
        assert count == 10
        assert is_over(link)

    async def test_what_follows_a_close_frame_is_dropped(self) -> None:
        peer = Peer(PLAIN)
        link = link_to(peer, deflate=PLAIN)
        peer.say(peer.server.close(), bytes(9000))
        assert [message.type for message in link.messages] == [WSMsgType.CLOSE]
        assert is_over(link)


class TestTheEnd:
    async def test_a_close_frame_is_answered(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.say(peer.server.close(3001, "why"))
        assert [(m.type, m.data) for m in peer.heard()] == [(WSMsgType.CLOSE, 3001)]
        assert is_over(link)
        assert peer.closed
        peer.eof()
        assert link.failure is None
        assert link.deadlines.idle

    async def test_it_waits_for_what_came_before_to_be_received(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.say(peer.server.send_text("one"), peer.server.close())
        assert is_over(link)
        assert peer.heard() == []
        assert not peer.closed
        peer.write(link.connection.send_text("reply"))
        link.settle()
        assert [message.data for message in peer.heard()] == ["reply", 1000]
        assert peer.closed

    async def test_without_autoclose_it_is_not_answered(self) -> None:
        peer = Peer()
        link = link_to(peer, autoclose=False)
        peer.say(peer.server.close())
        assert is_over(link)
        assert peer.heard() == []
        assert not peer.closed

    async def test_what_breaks_the_protocol(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.say(b"\x83\x00")
        assert [message.type for message in link.messages] == [WSMsgType.ERROR]
        assert [message.data for message in peer.heard()] == [1002]
        assert is_over(link)
        assert peer.closed
        peer.say(b"more")
        assert len(link.messages) == 1

    async def test_it_may_be_replied_to_what_came_before_that(self) -> None:
        peer = Peer()
        link = link_to(peer, autoclose=False)
        peer.say(peer.server.send_text("one"), b"\x83\x00")
        assert [message.type for message in link.messages] == [WSMsgType.TEXT, WSMsgType.ERROR]
        assert is_over(link)
        peer.write(link.connection.send_text("reply"))
        link.settle()
        assert [message.data for message in peer.heard()] == ["reply", 1002]
        assert peer.closed

    async def test_the_stream_ends(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.eof()
        assert is_over(link)
        assert link.connection.close_code == 1006
        assert isinstance(link.failure, ClientConnectionError)
        assert peer.closed
        assert link.deadlines.idle

    async def test_the_stream_breaks(self) -> None:
        peer = Peer()
        link = link_to(peer)
        error = ClientConnectionError("broken")
        peer.fail(error)
        peer.fail(ClientConnectionError("again"))
        assert link.failure is error
        assert is_over(link)

    async def test_the_owner_goes_with_the_stream(self) -> None:
        closed = []

        class Owner:
            schemes: frozenset[str] = frozenset()
            send: Any = None

            def close(self) -> Any:
                closed.append(self)

        peer = Peer()
        link = link_to(peer)
        link.owner = Owner()
        peer.say(peer.server.close())
        assert not closed
        peer.eof()
        peer.eof()
        assert len(closed) == 1

    def test_a_peer_that_takes_nothing_is_cut_off(self) -> None:
        async def main() -> None:
            peer = Peer()
            link = link_to(peer, limit=None)
            peer.say(peer.server.close())
            found = []
            for wait in (9.9, 0.2):
                await pass_time(wait)
                found.append(peer.transport.aborted)
            assert found == [False, True]
            assert link.failure is None

        run_virtual(main)


class TestClosing:
    async def test_the_peer_answers(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.say(peer.server.send_text("unread"))
        link.begin_close(link.connection.close(1001, "bye"))
        assert not link.messages
        closing = asyncio.ensure_future(link.until_over())
        await turn()
        assert not closing.done()
        assert [(m.data, m.extra) for m in peer.heard()] == [(1001, "bye")]
        peer.say(peer.server.send_text("too late"))
        peer.say(peer.server.answers())
        await closing
        assert not link.messages
        assert link.connection.state is WSState.CLOSED
        assert peer.closed
        await link.until_over()

    async def test_it_goes_on_though_much_waits(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.say(peer.server.send_bytes(bytes(200_000)))
        assert held_back(link)
        link.begin_close(link.connection.close())
        assert not held_back(link)
        assert peer.calls == ["pause", "resume"]

    async def test_a_lost_stream_has_no_frame_to_take(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.eof()
        link.begin_close(link.connection.close())
        assert peer.written == []

    @pytest.mark.parametrize("limit", [0, 0.5])
    def test_the_peer_does_not_answer(self, limit: float) -> None:
        async def main() -> None:
            peer = Peer()
            link = link_to(peer, limit=limit)
            link.begin_close(link.connection.close())
            await link.until_over()
            assert peer.transport.aborted
            assert isinstance(link.failure, ServerTimeoutError)
            assert (link.failure.phase, link.failure.limit) == ("ws_close", limit)
            assert f"within {limit} s" in str(link.failure)
            assert link.deadlines.idle

        assert run_virtual(main) == pytest.approx(limit, abs=0.01)

    def test_without_a_limit_it_waits(self) -> None:
        async def main() -> None:
            peer = Peer()
            link = link_to(peer, limit=None)
            link.begin_close(link.connection.close())
            asyncio.get_running_loop().call_later(1000, peer.eof)
            await link.until_over()
            assert link.failure is None

        assert run_virtual(main) == pytest.approx(1000)

    async def test_cancelled_it_cuts_off(self) -> None:
        peer = Peer()
        link = link_to(peer, bare=True)
        link.begin_close(link.connection.close())
        closing = asyncio.ensure_future(link.until_over())
        await turn()
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        assert peer.closed
        assert is_over(link)
        assert link.deadlines.idle

    async def test_the_answer_comes_in_the_tick_of_the_deadline(self) -> None:
        peer = Peer()
        link = link_to(peer)
        link.begin_close(link.connection.close())
        closing = asyncio.ensure_future(link.until_over())
        await turn()
        peer.heard()
        peer.say(peer.server.answers())
        link.on_deadline()
        await closing
        assert link.failure is None
        assert peer.transport.aborted


class TestWriting:
    async def test_what_is_little_need_not_wait(self) -> None:
        peer = Peer()
        link = link_to(peer)
        assert not link.write(bytes(65536))
        assert link.write(b"1")
        await link.drain()
        assert not link.write(b"1")
        assert peer.calls == ["drain"]

    async def test_no_room_ever(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.room.clear()
        draining = asyncio.ensure_future(link.drain())
        await turn()
        peer.close()
        peer.room.set()
        with pytest.raises(ClientConnectionResetError, match="closed") as caught:
            await draining
        assert isinstance(caught.value.__cause__, ClientConnectionError)


class TestGivingUp:
    async def test_with_something_left(self) -> None:
        peer = Peer()
        link = link_to(peer)
        peer.say(peer.server.send_text("one"))
        error = ServerTimeoutError("silence")
        link.give_up(error)
        assert [message.data for message in link.messages] == ["one", error]
        assert not link.silent
        assert link.failure is error
        assert peer.transport.aborted

    async def test_with_nothing_left(self) -> None:
        link = link_to(Peer())
        link.give_up(ServerTimeoutError("silence"))
        assert link.silent
        assert is_over(link)

    async def test_the_heartbeat_ends_with_the_stream(self) -> None:
        peer = Peer()
        link = link_to(peer)
        link.heartbeat = Heartbeat(link, 5, asyncio.get_running_loop())
        peer.say(peer.server.send_text("one"))
        peer.eof()
        assert link.heartbeat is None
