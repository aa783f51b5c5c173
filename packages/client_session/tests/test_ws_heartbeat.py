import asyncio

import pytest

from martlet_client_session._ws_heartbeat import Heartbeat
from martlet_client_session._ws_link import WebSocketLink
from martlet_exceptions import ServerTimeoutError
from martlet_websocket import WSMsgType

from .scripted import run_virtual
from .ws_scripted import Peer, held_back, is_over, link_to, pass_time


def begin(peer: Peer, interval: float = 10) -> WebSocketLink:
    link = link_to(peer)
    link.heartbeat = Heartbeat(link, interval, asyncio.get_running_loop())
    return link


def test_what_comes_puts_it_off() -> None:
    async def main() -> None:
        peer = Peer(autoping=False)
        link = begin(peer)
        for _ in range(10):
            await pass_time(9)
            peer.say(peer.server.send_text("x"))
        assert peer.written == []
        await pass_time(9.9)
        assert peer.written == []
        await pass_time(0.2)
        assert [message.type for message in peer.heard()] == [WSMsgType.PING]
        link.abort()

    run_virtual(main)


def test_answers_keep_it_open() -> None:
    async def main() -> None:
        peer = Peer()
        link = begin(peer)
        for _ in range(5):
            await pass_time(14)
            peer.heard()
            peer.say(peer.server.answers())
        assert not is_over(link)
        link.abort()

    run_virtual(main)


def test_anything_is_an_answer() -> None:
    async def main() -> None:
        peer = Peer()
        link = begin(peer)
        await pass_time(14)
        peer.say(b"\x81\x05h")
        await pass_time(9.9)
        assert not is_over(link)
        assert len(peer.written) == 1
        link.abort()

    run_virtual(main)


def test_no_answer() -> None:
    async def main() -> None:
        peer = Peer()
        link = begin(peer)
        await pass_time(14.9)
        assert not is_over(link)
        await pass_time(0.2)
        assert is_over(link)
        error = link.failure
        assert isinstance(error, ServerTimeoutError)
        assert str(error) == "No PONG received after 5 seconds"
        assert (error.phase, error.limit) == ("heartbeat", 5)

    run_virtual(main)


def test_none_is_expected_while_nothing_is_read() -> None:
    async def main() -> None:
        peer = Peer()
        link = begin(peer)
        peer.say(peer.server.send_bytes(bytes(200_000)))
        assert held_back(link)
        await pass_time(35)
        assert not is_over(link)
        assert len(peer.written) == 3
        link.messages.clear()
        link.resume()
        await pass_time(20)
        assert is_over(link)

    run_virtual(main)


def test_it_is_paused_while_an_answer_is_awaited() -> None:
    async def main() -> None:
        peer = Peer()
        link = begin(peer)
        await pass_time(12)
        link.paused = True
        await pass_time(20)
        assert not is_over(link)
        link.abort()

    assert run_virtual(main) == pytest.approx(32)


def test_stopped_it_is_quiet() -> None:
    async def main() -> None:
        peer = Peer()
        heartbeat = Heartbeat(link_to(peer), 10, asyncio.get_running_loop())
        heartbeat.stop()
        heartbeat.stop()
        await pass_time(30)
        assert peer.written == []

    run_virtual(main)
