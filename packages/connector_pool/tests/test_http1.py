"""The connection's ordinary life: what is written, what is kept, what ends it."""

import asyncio

import pytest

from martlet_connector_pool import _http1
from martlet_exceptions import ServerDisconnectedError
from martlet_interfaces import Timeouts

from .net import Net, on_net
from .scripted import OK, Answer


@on_net
async def test_a_small_request_is_one_write(net: Net) -> None:
    call, wire = await net.sent("POST", body=b"data")

    assert wire.writes == [b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\ndata"]
    wire.send(OK)
    assert await call.body() == b"ok"
    assert call.answer.head.status == 200
    assert call.answer.head.reason == "OK"


@on_net
async def test_a_connection_is_used_again(net: Net) -> None:
    for _ in range(3):
        call, wire = await net.sent()
        wire.send(OK)
        assert await call.body() == b"ok"

    (wire,) = net.wires
    assert wire.received == 3 * b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"


RESPONSES_TO_KEEP = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "no body": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "interim": b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "1.0, kept alive": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"),
}

RESPONSES_TO_CLOSE = {
    "close": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
    "1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "bytes after it": OK + b"H",
    "another response after it": OK + OK,
    "bytes after no body": b"HTTP/1.1 204 No Content\r\n\r\nx",
    "bytes after the last chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx"
    ),
}


@pytest.mark.parametrize("response", RESPONSES_TO_KEEP.values(), ids=RESPONSES_TO_KEEP)
@pytest.mark.parametrize("bytewise", [False, True])
@on_net
async def test_after_a_clean_response_it_is_kept(net: Net, response: bytes, bytewise: bool) -> None:
    call, wire = await net.sent()
    for piece in [response[i : i + 1] for i in range(len(response))] if bytewise else [response]:
        wire.send(piece)

    # In this tick, before anybody who waits for the response runs.
    assert repr(net.pool) == "<Pool 0 active, 1 idle, 0 dialling, 0 waiting>"
    assert repr(wire.protocol) == "<Http1Connection http://a.test:80 idle>"
    await call.body()
    assert call.answer.complete


@pytest.mark.parametrize("response", RESPONSES_TO_CLOSE.values(), ids=RESPONSES_TO_CLOSE)
@on_net
async def test_after_any_other_it_is_closed(net: Net, response: bytes) -> None:
    call, wire = await net.sent()
    wire.send(response)

    assert net.pool.slots.used == 0
    assert repr(wire.protocol) == "<Http1Connection http://a.test:80 closed>"
    await call.body()
    assert call.answer.complete
    assert call.answer.body in (b"ok", b"")
    assert wire.lost


@on_net
async def test_a_head_request_gets_no_body(net: Net) -> None:
    call, wire = await net.sent("HEAD")
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")

    assert await call.body() == b""
    assert len(net.pool.idle) == 1


@on_net
async def test_it_is_not_kept_when_the_request_said_it_is_the_last(net: Net) -> None:
    call, wire = await net.sent(headers={"Connection": "close"})
    wire.send(OK)

    assert net.pool.slots.used == 0
    assert await call.body() == b"ok"


@on_net
async def test_bytes_on_an_idle_connection_end_it(net: Net) -> None:
    (wire,) = await net.warm()

    wire.send(OK)

    assert net.pool.slots.used == 0
    assert wire.is_closing()
    call, other = await net.sent()
    other.send(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
    await call.exchange()
    assert call.answer.head.status == 201


@pytest.mark.parametrize("how", ["fin", "reset", "vanish"])
@on_net
async def test_the_end_of_an_idle_connection_takes_it_out_at_once(net: Net, how: str) -> None:
    wire, other = await net.warm(2)

    getattr(wire, how)()
    if how != "fin":
        assert net.pool.take(wire.protocol.key) is not wire.protocol
        net.pool.release(other.protocol)
        await net.loop.quiet()

    assert net.pool.idle.all() == [other.protocol]
    assert net.pool.slots.used == 1


@on_net
async def test_bytes_before_the_request_end_a_new_connection(net: Net) -> None:
    net.dialer.on_made = lambda wire: wire.send(OK)

    with pytest.raises(ServerDisconnectedError, match="before the request was sent"):
        await net.send().task
    assert net.wires[0].writes == []


class TestReady:
    """Before an idle connection is used again, it is looked at: the loop may not have."""

    @staticmethod
    @on_net
    async def test_bytes_that_nobody_has_read_yet_count(net: Net) -> None:
        (wire,) = await net.warm()

        assert wire.protocol.is_ready(0.0)
        net.far_socket.send(b"x")
        assert not wire.protocol.is_ready(0.0)
        net.give_no_sockets()

    @staticmethod
    @pytest.mark.parametrize(
        ("promise", "limit"),
        [
            ("timeout=5", 4.0),
            ("timeout=1, max=100", 0.5),
            ("timeout=0", 0.0),
            ("timeout=60, max=0", 0.0),
        ],
    )
    @on_net
    async def test_what_the_server_has_promised_is_not_outstayed(
        net: Net, promise: str, limit: float
    ) -> None:
        call, wire = await net.sent()
        wire.send(OK.replace(b"\r\n\r\n", b"\r\nKeep-Alive: %s\r\n\r\n" % promise.encode()))
        await call.body()

        assert limit == 0 or wire.protocol.is_ready(limit - 0.01)
        assert not wire.protocol.is_ready(limit)

    @staticmethod
    @pytest.mark.parametrize("promise", ["max=5", "", "timeout=x", "\xe9"])
    @on_net
    async def test_a_promise_that_is_none_changes_nothing(net: Net, promise: str) -> None:
        call, wire = await net.sent()
        field = b"\r\nKeep-Alive: %s\r\n\r\n" % promise.encode()
        wire.send(OK.replace(b"\r\n\r\n", field))
        await call.body()

        assert wire.protocol.is_ready(1e9)

    @staticmethod
    @on_net
    async def test_a_pipe_cannot_be_asked(net: Net) -> None:
        net.give_no_sockets()
        call, wire = await net.sent(url="http://b.test/")
        wire.send(OK)
        await call.body()

        assert wire.protocol.is_ready(0.0)

    @staticmethod
    @on_net
    async def test_where_there_is_no_poll_select_serves(
        net: Net, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(_http1, "_poll", None)
        (wire,) = await net.warm()

        assert wire.protocol.is_ready(0.0)
        net.far_socket.send(b"x")
        assert not wire.protocol.is_ready(0.0)
        net.give_no_sockets()

    @staticmethod
    @on_net
    async def test_an_end_that_nobody_has_read_yet_counts_too(net: Net) -> None:
        (wire,) = await net.warm()
        await net.loop.until(net.loop.time() + 5)
        net.far_socket.close()
        net.give_no_sockets()

        call, other = await net.sent()

        assert other is not wire
        assert wire.lost
        other.send(OK)
        assert await call.body() == b"ok"

    @staticmethod
    @on_net
    async def test_one_that_is_closing_is_not_ready(net: Net) -> None:
        (wire,) = await net.warm()
        wire.close()

        assert not wire.protocol.is_ready(0.0)


@on_net
async def test_a_large_body_is_passed_on_piece_by_piece(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab")
    wire.send(b"cd")
    await call.exchange()
    wire.send(b"ef")

    assert await call.body() == b"abcdef"
    assert call.answer.pieces == [b"ab", b"cd", b"ef"]


@on_net
async def test_reading_pauses_until_it_resumes(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
    flow = call.answer.flow
    flow.pause()
    flow.pause()
    wire.send(b"ab")
    wire.send(b"cd")

    assert call.answer.pieces == []
    flow.resume()
    flow.resume()
    assert await call.body() == b"abcd"
    flow.pause()
    assert wire.reading
    flow.resume()


@on_net
async def test_a_body_that_ends_while_it_is_paused_leaves_a_reading_connection(net: Net) -> None:
    answer = Answer()
    answer.on_feed = lambda _: answer.flow.pause()
    call, wire = await net.sent(answer=answer)
    wire.send(OK)

    assert await call.body() == b"ok"
    assert wire.reading
    wire.send(b"!")
    assert net.pool.slots.used == 0


@on_net
async def test_pausing_and_resuming_a_dead_connection_does_nothing(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
    call.answer.flow.pause()
    (await call.exchange()).abort()
    wire.protocol.pause_reading()
    wire.protocol.resume_reading()

    assert not wire.reading
    assert call.answer.ends == []


@on_net
async def test_a_paused_connection_that_is_closing_is_not_resumed(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
    call.answer.flow.pause()
    wire.reset()
    call.answer.flow.resume()

    assert not wire.reading
    with pytest.raises(Exception, match="broke inside the body"):
        await call.body()


@on_net
async def test_room_to_write_that_nobody_waits_for_is_noted(net: Net) -> None:
    (wire,) = await net.warm()
    wire.stop_taking()
    wire.take()

    await asyncio.wait_for(wire.protocol.drain(), None)


@on_net
async def test_its_state_is_in_its_repr(net: Net) -> None:
    call, wire = await net.sent(timeouts=Timeouts())

    assert repr(wire.protocol) == "<Http1Connection http://a.test:80 active>"
    wire.send(OK)
    await call.body()
