"""What the session holds on to: release, abort, facts, and the limits of time."""

import asyncio

import pytest
from yarl import URL

from martlet_exceptions import ServerTimeoutError, SocketTimeoutError
from martlet_interfaces import RequestInfo, Timeouts

from .bodies import Pieces
from .net import Net, on_net
from .scripted import OK, Answer

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
READ = Timeouts(sock_read=2, head=None)
HEAD = Timeouts(head=7)


@pytest.mark.parametrize("how", ["release", "abort"])
@on_net
async def test_giving_up_inside_the_body_closes_the_connection(net: Net, how: str) -> None:
    call, wire = await net.sent(timeouts=net.short)
    wire.send(LENGTH + b"ab")
    exchange = await call.exchange()

    getattr(exchange, how)()

    assert net.pool.slots.used == 0
    assert wire.is_closing()
    for again in (exchange.abort, exchange.release):
        again()
    assert call.answer.ends == []


@pytest.mark.parametrize("how", ["release", "abort"])
@on_net
async def test_after_the_end_there_is_nothing_to_give_up(net: Net, how: str) -> None:
    call, wire = await net.sent()
    wire.send(OK)
    exchange = await call.exchange()
    other, _ = await net.sent()

    getattr(exchange, how)()

    assert not wire.is_closing()
    wire.send(OK)
    assert await other.body() == b"ok"


@on_net
async def test_flow_after_the_end_does_not_touch_the_next_exchange(net: Net) -> None:
    call, wire = await net.sent(timeouts=READ)
    wire.send(OK)
    await call.body()
    other, _ = await net.sent()

    call.answer.flow.pause()
    assert wire.reading
    call.answer.flow.resume()

    assert not net.armed()
    wire.send(OK)
    assert await other.body() == b"ok"


@on_net
async def test_facts_stay_readable_after_the_end(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    exchange = await call.exchange()
    await call.body()
    assert wire.lost
    wire._extra.clear()  # type: ignore[attr-defined]  # as TLS transports do when they end

    assert exchange.info("peername") == ("192.0.2.1", 80)
    assert exchange.info("sockname") is None
    assert exchange.info("http_version") == "1.1"
    assert exchange.info("reused") is False
    assert exchange.info("unheard-of") is None


@on_net
async def test_it_tells_whether_its_connection_was_used_before(net: Net) -> None:
    await net.warm()
    call, wire = await net.sent()
    wire.send(OK)

    assert (await call.exchange()).info("reused") is True


@on_net
async def test_it_describes_its_request(net: Net) -> None:
    call, wire = await net.sent("GET", "http://a.test/x#part")
    wire.send(OK)

    info = (await call.exchange()).request_info()

    assert isinstance(info, RequestInfo)
    assert info.method == "GET"
    assert info.url == URL("http://a.test/x")
    assert info.real_url == URL("http://a.test/x#part")
    assert info.headers["Host"] == "a.test"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("reused", [False, True])
@on_net
async def test_silence_before_the_head_is_a_timeout(net: Net, method: str, reused: bool) -> None:
    if reused:
        await net.warm()
    call, wire = await net.sent(method, "http://user:pw@a.test/x?y", timeouts=READ)
    began = net.loop.time()

    with pytest.raises(SocketTimeoutError) as caught:
        await call.task
    error = caught.value
    assert net.loop.time() - began == pytest.approx(2)
    assert (error.phase, error.limit) == ("sock_read", 2)
    assert error.elapsed == pytest.approx(2)
    assert error.url == URL("http://user:pw@a.test/x?y")
    assert "sock_read=2 s" in str(error)
    assert "a.test/x" in str(error)
    assert "pw" not in str(error)
    # Never sent again, although nothing has come.
    assert len(net.dialer.keys) == 1
    assert wire.lost


@on_net
async def test_silence_inside_the_body_is_a_timeout(net: Net) -> None:
    call, wire = await net.sent(timeouts=READ)
    await net.loop.until(net.loop.time() + 1.5)
    wire.send(LENGTH + b"ab")
    await net.loop.until(net.loop.time() + 1.5)
    wire.send(b"cd")
    await call.exchange()
    began = net.loop.time()

    with pytest.raises(SocketTimeoutError) as caught:
        await call.body()
    assert net.loop.time() - began == pytest.approx(2)
    assert caught.value.elapsed == pytest.approx(5)
    assert call.answer.body == b"abcd"


@on_net
async def test_the_readers_own_pause_is_not_timed(net: Net) -> None:
    call, wire = await net.sent(timeouts=READ)
    wire.send(LENGTH + b"ab")
    await call.exchange()
    flow = call.answer.flow
    flow.pause()
    await net.loop.until(net.loop.time() + 1000)
    assert call.answer.ends == []
    flow.resume()

    with pytest.raises(SocketTimeoutError):
        await call.body()


@on_net
async def test_a_pause_from_inside_the_sink_is_not_timed_either(net: Net) -> None:
    answer = Answer()
    answer.on_feed = lambda _: answer.flow.pause()
    _, wire = await net.sent(answer=answer, timeouts=READ)
    wire.send(LENGTH + b"ab")
    await net.loop.until(net.loop.time() + 1000)

    assert answer.ends == []
    answer.on_feed = None
    answer.flow.resume()
    wire.send(b"cdefghi")
    assert await answer.read() == b"abcdefghi"


@on_net
async def test_the_pause_of_a_reader_outlives_the_upload(net: Net) -> None:
    gate = asyncio.Event()
    answer = Answer()
    body = Pieces([b"ab", b"cd"], 4, gate=gate)
    call, wire = await net.sent("POST", body=body, answer=answer, timeouts=READ)
    wire.send(LENGTH + b"ab")
    await call.exchange()
    answer.flow.pause()
    gate.set()
    await net.loop.until(net.loop.time() + 1000)

    assert body.ended == 1
    assert answer.ends == []
    answer.flow.resume()
    wire.send(b"cdefghi")
    assert await call.body() == b"abcdefghi"


@on_net
async def test_silence_is_not_timed_while_the_client_is_still_writing(net: Net) -> None:
    gate = asyncio.Event()
    call, _ = await net.sent("POST", body=Pieces([b"ab", b"cd"], 4, gate=gate), timeouts=READ)
    await net.loop.until(net.loop.time() + 1000)
    assert not call.task.done()
    began = net.loop.time()
    gate.set()

    with pytest.raises(SocketTimeoutError) as caught:
        await call.task
    assert net.loop.time() - began == pytest.approx(2)
    assert caught.value.phase == "sock_read"


@pytest.mark.parametrize("sock_read", [None, 2])
@on_net
async def test_a_head_that_trickles_in_has_a_limit_of_its_own(
    net: Net, sock_read: float | None
) -> None:
    call, wire = await net.sent(timeouts=Timeouts(sock_read=sock_read, head=7))
    began = net.loop.time()
    for letter in b"HTTP/1.1 ":
        if not call.task.done():
            wire.send(bytes([letter]))
            await net.loop.until(net.loop.time() + 1)

    with pytest.raises(SocketTimeoutError) as caught:
        await call.task
    assert (caught.value.phase, caught.value.limit) == ("head", 7)
    assert "reading the response's head" in str(caught.value)
    assert net.loop.time() - began == pytest.approx(7, abs=2.1)
    assert wire.lost


@on_net
async def test_a_head_that_came_is_not_timed_any_more(net: Net) -> None:
    call, wire = await net.sent(timeouts=HEAD)
    wire.send(LENGTH[:10])
    await net.loop.until(net.loop.time() + 6)
    wire.send(LENGTH[10:])
    await call.exchange()
    await net.loop.until(net.loop.time() + 1000)

    wire.send(b"123456789")
    assert await call.body() == b"123456789"


@on_net
async def test_interim_responses_are_a_part_of_the_head(net: Net) -> None:
    call, wire = await net.sent(timeouts=HEAD)
    while not call.task.done():
        wire.send(b"HTTP/1.1 102 Processing\r\n\r\n")
        await net.loop.until(net.loop.time() + 1)

    with pytest.raises(ServerTimeoutError, match="head=7 s"):
        await call.task


@on_net
async def test_a_response_in_time_leaves_no_deadline(net: Net) -> None:
    call, wire = await net.sent(timeouts=net.short)
    assert net.armed()
    wire.send(OK)

    assert not net.armed()
    await call.body()


@pytest.mark.parametrize("cut", [0, 10, 40])
@on_net
async def test_a_cancelled_request_leaves_no_deadline(net: Net, cut: int) -> None:
    call, wire = await net.sent(timeouts=net.short)
    if cut:
        wire.send(LENGTH[:10])
    call.task.cancel()
    await net.loop.quiet()

    assert call.task.cancelled()
    assert not net.armed()
    assert wire.lost
