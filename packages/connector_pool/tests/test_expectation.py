"""Bodies that are held back until the server asks for them (RFC 9110 section 10.1.1)."""

import asyncio

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_connector_pool._expectation import PATIENCE
from martlet_connector_pool._upload import BytesBody
from martlet_exceptions import ServerDisconnectedError, SocketTimeoutError
from martlet_interfaces import NO_TIMEOUTS, HttpVersion10, RequestBody, RequestHead, Timeouts

from .bodies import Pieces, RaisingBody
from .net import Net, on_net
from .scripted import OK, Answer, Log

EXPECT = {"Expect": "100-continue"}
HEAD_OF_4 = b"POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REFUSED = b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno"


@pytest.mark.parametrize("size", [4, 100_000])
@on_net
async def test_even_small_bytes_wait_until_they_are_asked_for(net: Net, size: int) -> None:
    call, wire = await net.sent("POST", body=bytes(size), headers=EXPECT)
    assert wire.received.endswith(b"Content-Length: %d\r\n\r\n" % size)
    wire.send(CONTINUE)
    await net.loop.quiet()

    assert wire.received.endswith(b"\r\n\r\n" + bytes(size))
    assert not net.armed()
    wire.send(OK)
    assert await call.body() == b"ok"
    assert len(net.pool.idle) == 1


@pytest.mark.parametrize(
    ("length", "sent"),
    [(4, [b"ab", b"cd"]), (None, [b"2\r\nab\r\n", b"2\r\ncd\r\n", b"0\r\n\r\n"])],
)
@on_net
async def test_a_body_that_waits_has_no_task(
    net: Net, length: int | None, sent: list[bytes]
) -> None:
    body = Pieces([b"ab", b"cd"], length)
    call, wire = await net.sent("POST", body=body, headers=EXPECT)
    assert asyncio.all_tasks() == {asyncio.current_task(), call.task}
    assert (body.begun, len(wire.writes)) == (0, 1)
    wire.send(CONTINUE)
    await net.loop.quiet()

    assert wire.writes[1:] == sent
    wire.send(OK)
    assert await call.body() == b"ok"
    assert len(net.pool.idle) == 1


@on_net
async def test_after_a_second_of_silence_it_is_sent_all_the_same(net: Net) -> None:
    call, wire = await net.sent("POST", body=b"abcd", headers=EXPECT)
    began = net.loop.time()
    await net.loop.until(began + PATIENCE - 0.01)
    assert wire.received == HEAD_OF_4
    await net.loop.until(began + PATIENCE)

    assert PATIENCE == 1.0
    assert wire.writes == [HEAD_OF_4, b"abcd"]
    wire.send(CONTINUE + OK)  # what comes late is passed over
    assert await call.body() == b"ok"
    assert wire.received == HEAD_OF_4 + b"abcd"
    assert len(net.pool.idle) == 1


@pytest.mark.parametrize("status", [200, 308, 401, 413, 417, 500])
@pytest.mark.parametrize("body", [b"abcd", Pieces([b"abcd"], 4), Pieces([b"abcd"])])
@on_net
async def test_after_a_final_response_it_is_not_sent(
    net: Net, status: int, body: bytes | Pieces
) -> None:
    call, wire = await net.sent("POST", body=body, headers=EXPECT)
    wire.send(REFUSED.replace(b"417", b"%d" % status))

    assert net.pool.slots.used == 0
    assert wire.is_closing()
    assert await call.body() == b"no"
    assert call.answer.head.status == status
    await net.loop.until(net.loop.time() + 5)
    assert len(wire.writes) == 1
    assert isinstance(body, bytes) or body.begun == 0


@on_net
async def test_the_head_of_a_final_response_is_enough(net: Net) -> None:
    body = Pieces([b"abcd"], 4)
    call, wire = await net.sent("POST", body=body, headers=EXPECT)
    wire.send(REFUSED[:-2])
    await call.exchange()
    assert not net.armed()
    await net.loop.until(net.loop.time() + 5)
    wire.send(CONTINUE[:2])

    assert await call.body() == CONTINUE[:2]
    assert wire.received == HEAD_OF_4
    assert body.begun == 0
    assert wire.lost or wire.is_closing()


@on_net
async def test_other_interim_responses_are_no_answer(net: Net) -> None:
    call, wire = await net.sent("POST", body=b"abcd", headers=EXPECT, timeouts=net.short)
    began = net.loop.time()
    for status in (102, 103, 199):
        wire.send(b"HTTP/1.1 %d X\r\n\r\n" % status)
    await net.loop.until(began + 0.9)
    assert wire.received == HEAD_OF_4
    wire.send(CONTINUE)
    await net.loop.quiet()

    assert wire.received == HEAD_OF_4 + b"abcd"
    wire.send(OK)
    assert await call.body() == b"ok"


@on_net
async def test_to_be_asked_twice_is_as_good_as_once(net: Net) -> None:
    body = Pieces([b"ab", b"cd"], 4)
    call, wire = await net.sent("POST", body=body, headers=EXPECT)
    wire.send(CONTINUE + CONTINUE)
    await net.loop.quiet()
    wire.send(CONTINUE + OK)

    assert await call.body() == b"ok"
    assert body.begun == 1


@on_net
async def test_asked_for_and_refused_in_one_packet(net: Net) -> None:
    body = Pieces([b"abcd"], 4)
    call, wire = await net.sent("POST", body=body, headers=EXPECT)
    wire.send(CONTINUE + REFUSED)

    assert await call.body() == b"no"
    assert body.begun == 0
    assert wire.received == HEAD_OF_4
    assert len(net.pool.idle) == 0


@on_net
async def test_the_next_request_on_the_connection_does_not_wait(net: Net) -> None:
    call, wire = await net.sent("POST", body=b"abcd", headers=EXPECT)
    wire.send(CONTINUE)
    await net.loop.quiet()
    wire.send(OK)
    await call.body()
    wire.writes.clear()
    call, wire = await net.sent("POST", body=b"abcd")

    assert wire.received.endswith(b"\r\n\r\nabcd")
    wire.send(CONTINUE + OK)
    assert await call.body() == b"ok"
    assert wire.received.endswith(b"\r\n\r\nabcd")


@on_net
async def test_a_request_of_http_1_0_does_not_wait(net: Net) -> None:
    fields = CIMultiDictProxy(CIMultiDict({"Host": "a.test", **EXPECT}))
    request = RequestHead("POST", URL("http://a.test/"), fields, HttpVersion10)
    answer = Answer()
    sending = net.connector.send(request, b"abcd", answer, timeouts=NO_TIMEOUTS)
    task = net.loop.create_task(sending)
    await net.loop.quiet()

    assert net.wires[0].received.endswith(b"\r\n\r\nabcd")
    net.wires[0].send(OK)
    await task
    assert await answer.read() == b"ok"


@pytest.mark.parametrize("body", [None, b"", Pieces([], 0), BytesBody(b"")])
@on_net
async def test_without_a_body_nothing_can_be_expected(net: Net, body: bytes | RequestBody) -> None:
    call = net.send("POST", body=body, headers=EXPECT)

    with pytest.raises(ValueError, match=r"^Expect: 100-continue needs a body that is not empty$"):
        await call.task
    assert net.dialer.keys == []


@on_net
async def test_the_wait_has_no_limit_but_its_own(net: Net) -> None:
    gate = asyncio.Event()
    body = Pieces([b"ab", b"cd"], 4, gate=gate)
    limits = Timeouts(sock_read=0.5, head=0.7)
    call, wire = await net.sent("POST", body=body, headers=EXPECT, timeouts=limits)
    began = net.loop.time()
    wire.send(CONTINUE[:5])
    await net.loop.until(began + 0.8)
    assert not call.task.done()
    wire.send(CONTINUE[5:])
    # Nor is it the server that is waited for while the body is written.
    await net.loop.until(began + 1000)
    assert not call.task.done()
    gate.set()

    with pytest.raises(SocketTimeoutError, match=r"sock_read=0\.5 s"):
        await call.task
    assert net.loop.time() - began == pytest.approx(1000.5)
    assert wire.received == HEAD_OF_4 + b"abcd"


@pytest.mark.parametrize("end", ["cancel", "close", "fin", "reset", "vanish"])
@on_net
async def test_a_request_that_ends_while_it_waits(net: Net, end: str) -> None:
    body = Pieces([b"abcd"], 4)
    call, wire = await net.sent("POST", body=body, headers=EXPECT)
    if end == "cancel":
        call.task.cancel()
    elif end == "close":
        net.connector.close()
    else:
        getattr(wire, end)()
    await asyncio.wait([call.task])

    assert call.task.cancelled() or call.task.exception() is not None
    assert not net.armed()
    await net.loop.until(net.loop.time() + 5)
    assert body.begun == 0
    assert wire.received == HEAD_OF_4


@on_net
async def test_the_end_of_the_connection_in_the_tick_in_which_the_wait_ends(net: Net) -> None:
    body = Pieces([b"abcd"], 4)
    call, wire = await net.sent("POST", body=body, headers=EXPECT)
    wire.close()
    wire.protocol.data_received(CONTINUE)

    with pytest.raises(ServerDisconnectedError):
        await call.task
    assert wire.received == HEAD_OF_4


@pytest.mark.parametrize("replayable", [False, True])
@on_net
async def test_a_body_that_waited_is_whole_for_a_second_attempt(net: Net, replayable: bool) -> None:
    await net.warm()
    body = Pieces([b"abcd"], 4, replayable=replayable)
    call, wire = await net.sent("PUT", body=body, headers=EXPECT)
    wire.fin()
    await net.loop.quiet()
    wire = net.wires[1]
    assert wire.received == HEAD_OF_4.replace(b"POST", b"PUT")
    wire.send(CONTINUE)
    await net.loop.quiet()

    assert wire.received.endswith(b"\r\n\r\nabcd")
    wire.send(OK)
    assert await call.body() == b"ok"
    assert body.begun == 1


@on_net
async def test_a_body_that_has_been_asked_for_is_not_whole_any_more(net: Net) -> None:
    await net.warm()
    body = Pieces([b"ab", b"cd"], 4, gate=asyncio.Event())
    call, wire = await net.sent("PUT", body=body, headers=EXPECT)
    await net.loop.until(net.loop.time() + 1)
    wire.fin()

    with pytest.raises(ServerDisconnectedError):
        await call.task
    assert (body.begun, len(net.wires)) == (1, 1)


@on_net
async def test_what_is_not_idempotent_is_not_tried_again(net: Net) -> None:
    await net.warm()
    call, wire = await net.sent("POST", body=b"abcd", headers=EXPECT)
    wire.fin()

    with pytest.raises(ServerDisconnectedError):
        await call.task
    assert len(net.wires) == 1


@on_net
async def test_an_observer_hears_of_the_body_when_it_is_sent(net: Net) -> None:
    log = Log()
    call, wire = await net.sent("POST", body=b"abcd", headers=EXPECT, observer=log)
    before = log.names[-1]
    wire.send(CONTINUE)
    await net.loop.quiet()

    assert (before, log.names[-1]) == ("HeadSent", "ChunkSent")
    wire.send(OK)
    assert await call.body() == b"ok"


@on_net
async def test_what_the_body_raises_comes_out_of_send(net: Net) -> None:
    error = KeyError("planned")
    call, wire = await net.sent("POST", body=RaisingBody(error), headers=EXPECT)
    wire.send(CONTINUE)

    with pytest.raises(KeyError) as caught:
        await call.task
    assert caught.value is error
    assert wire.lost
