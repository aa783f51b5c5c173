"""A peer that goes away or misbehaves, in each phase of a response."""

import errno
import ssl
from typing import Any

import pytest

from martlet_exceptions import (
    BadHttpMessage,
    ClientConnectionError,
    ClientError,
    ClientOSError,
    ClientPayloadError,
    ContentLengthError,
    ServerDisconnectedError,
    TransferEncodingError,
)

from .net import Net, on_net
from .scripted import OK, Answer

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.mark.parametrize(
    ("before", "message"),
    [
        (b"", "Server disconnected before it answered"),
        (b"HTT", "Server disconnected inside the response's head"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", "Server disconnected inside the response's head"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "Server disconnected inside the response's head"),
    ],
)
@pytest.mark.parametrize("how", ["fin", "vanish"])
@on_net
async def test_the_end_before_the_head(net: Net, before: bytes, message: str, how: str) -> None:
    call, wire = await net.sent()
    if before:
        wire.send(before)
    getattr(wire, how)()

    with pytest.raises(ServerDisconnectedError, match=f"^{message}$") as caught:
        await call.task
    assert caught.value.message == message
    assert call.answer.heads == []
    assert net.pool.slots.used == 0


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\nA"])
@on_net
async def test_a_reset_before_the_head(net: Net, before: bytes) -> None:
    call, wire = await net.sent()
    if before:
        wire.send(before)
    error = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
    wire.reset(error)

    with pytest.raises(ClientOSError, match="Connection reset by peer") as caught:
        await call.task
    assert caught.value.errno == errno.ECONNRESET
    assert caught.value.strerror == "Connection reset by peer"
    assert caught.value.__cause__ is error


@on_net
async def test_an_os_error_without_a_text_keeps_what_there_is(net: Net) -> None:
    call, wire = await net.sent()
    wire.reset(OSError("the wire is cut"))

    with pytest.raises(ClientOSError, match="the wire is cut"):
        await call.task


@on_net
async def test_a_connection_that_breaks_for_another_reason(net: Net) -> None:
    call, wire = await net.sent()
    error = ValueError("whatever")
    wire.reset(error)

    with pytest.raises(ClientConnectionError, match=r"^The connection broke: whatever$") as caught:
        await call.task
    assert type(caught.value) is ClientConnectionError
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    ("response", "body", "kind", "message"),
    [
        (LENGTH + b"ab", b"ab", ContentLengthError, "7 bytes before the end"),
        (LENGTH, b"", ContentLengthError, "9 bytes before the end"),
        (CHUNKED, b"", TransferEncodingError, "inside a chunked body"),
        (CHUNKED + b"5\r\nab", b"ab", TransferEncodingError, "inside a chunked body"),
        (CHUNKED + b"2\r\nab\r\n0\r\n", b"ab", TransferEncodingError, "inside a chunked body"),
    ],
)
@on_net
async def test_the_end_inside_the_body(
    net: Net, response: bytes, body: bytes, kind: type[ClientPayloadError], message: str
) -> None:
    call, wire = await net.sent()
    wire.send(response)
    wire.fin()

    await call.exchange()
    with pytest.raises(kind, match=message):
        await call.body()
    assert call.answer.body == body
    assert net.pool.slots.used == 0


@pytest.mark.parametrize("response", [LENGTH + b"ab", CHUNKED + b"5\r\nab", UNTIL_CLOSE + b"ab"])
@on_net
async def test_a_reset_inside_the_body(net: Net, response: bytes) -> None:
    call, wire = await net.sent()
    wire.send(response)
    error = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
    wire.reset(error)

    with pytest.raises(ClientPayloadError, match="broke inside the body") as caught:
        await call.body()
    assert caught.value.__cause__ is error
    assert call.answer.body == b"ab"


@on_net
async def test_the_end_of_a_body_that_only_the_end_delimits(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(UNTIL_CLOSE + b"ab")
    wire.send(b"cd")
    wire.fin()

    assert net.pool.slots.used == 0
    assert await call.body() == b"abcd"


class Session:
    """What TLS says when it is asked for more, at the end."""

    def __init__(self, outcome: bytes | ssl.SSLError) -> None:
        self.outcome = outcome

    def read(self, _size: int) -> bytes:
        if isinstance(self.outcome, bytes):
            return self.outcome
        raise self.outcome


@pytest.mark.parametrize("outcome", [b"", ssl.SSLZeroReturnError()])
@pytest.mark.parametrize("how", ["fin", "vanish"])
@on_net
async def test_a_tls_session_that_was_closed_ends_the_body(
    net: Net, outcome: Any, how: str
) -> None:
    call, wire = await net.sent()
    wire._extra["ssl_object"] = Session(outcome)  # type: ignore[attr-defined]  # of asyncio's base
    wire.send(UNTIL_CLOSE + b"ab")
    getattr(wire, how)()

    assert await call.body() == b"ab"


@pytest.mark.parametrize("how", ["fin", "vanish"])
@pytest.mark.parametrize("response", [LENGTH + b"ab", CHUNKED + b"5\r\nab", UNTIL_CLOSE + b"ab"])
@on_net
async def test_a_tls_session_that_was_torn_does_not(net: Net, response: bytes, how: str) -> None:
    call, wire = await net.sent()
    wire._extra["ssl_object"] = Session(ssl.SSLWantReadError())  # type: ignore[attr-defined]  # as above
    wire.send(response)
    getattr(wire, how)()

    with pytest.raises(ClientPayloadError, match=r"^The connection was cut off inside the body$"):
        await call.body()


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\nA B: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    ],
)
@on_net
async def test_a_head_that_is_none(net: Net, garbage: bytes) -> None:
    call, wire = await net.sent()
    wire.send(garbage)

    with pytest.raises(BadHttpMessage) as caught:
        await call.task
    info = caught.value.request_info
    assert info is not None
    assert (info.method, str(info.url)) == ("GET", "http://a.test/")
    assert call.answer.heads == []
    assert wire.lost


@on_net
async def test_garbage_inside_a_chunked_body(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(CHUNKED + b"2\r\nok\r\n")
    wire.send(b"zz\r\n")

    await call.exchange()
    with pytest.raises(TransferEncodingError):
        await call.body()
    assert call.answer.body == b"ok"
    assert wire.lost


@on_net
async def test_what_the_receiver_raises_comes_out_of_send(net: Net) -> None:
    class RefusedError(Exception):
        pass

    def refuse() -> None:
        raise RefusedError

    answer = Answer()
    answer.on_head_hook = refuse
    call, wire = await net.sent(answer=answer)
    wire.send(OK)

    with pytest.raises(RefusedError):
        await call.task
    assert wire.lost


@on_net
async def test_what_the_sink_raises_ends_the_exchange_alone(net: Net) -> None:
    answer = Answer()
    error = RuntimeError("a fault in the sink")

    def complain(_: bytes) -> None:
        raise error

    answer.on_feed = complain
    call, wire = await net.sent(answer=answer)
    wire.send(LENGTH + b"ab")

    await call.exchange()
    assert call.answer.failure is error
    assert wire.is_closing()


@on_net
async def test_what_the_sink_raises_at_the_end_is_kept_from_the_event_loop(net: Net) -> None:
    answer = Answer()

    def eof() -> None:
        raise RuntimeError("a fault in the sink")

    answer.eof = eof  # type: ignore[method-assign]  # only here
    call, wire = await net.sent(answer=answer)
    wire.send(UNTIL_CLOSE)
    wire.fin()

    await call.exchange()
    assert wire.is_closing()


@pytest.mark.parametrize("when", ["head", "body", "paused"])
@on_net
async def test_aborting_from_inside_the_receiver(net: Net, when: str) -> None:
    # A sink may find out there that it wants no more; timeouts must not stay set.
    answer = Answer()
    call, wire = await net.sent(answer=answer, timeouts=net.short)

    def abort(_: object = None) -> None:
        exchange = wire.protocol.exchange
        assert exchange is not None
        if when == "paused":
            exchange.pause()
        exchange.abort()

    if when == "head":
        answer.on_head_hook = abort
    else:
        answer.on_feed = abort
    wire.send(LENGTH + b"ab")

    assert not net.armed()
    assert net.pool.slots.used == 0
    await call.exchange()
    wire.send(b"cdefghi")
    assert call.answer.ends == []


@on_net
async def test_aborting_from_inside_the_sink_at_the_last_byte(net: Net) -> None:
    call, wire = await net.sent(timeouts=net.short)
    call.answer.on_feed = lambda _: wire.protocol.abort()
    wire.send(OK)

    assert net.pool.slots.used == 0
    assert not net.armed()
    await call.exchange()
    assert wire.lost


@on_net
async def test_data_after_the_abort_is_dropped(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(LENGTH + b"ab")
    (await call.exchange()).abort()

    wire.protocol.data_received(b"cd")

    assert call.answer.pieces == [b"ab"]
    assert call.answer.ends == []


@on_net
async def test_the_slot_is_free_before_anybody_hears_of_the_failure(net: Net) -> None:
    seen: list[int] = []
    answer = Answer()
    call, wire = await net.sent(answer=answer)
    wire.send(LENGTH)
    answer.fail = lambda exc: seen.append(net.pool.slots.used)  # type: ignore[method-assign]  # only here
    wire.fin()

    assert seen == [0]
    await call.exchange()


@on_net
async def test_every_failure_is_in_the_tree(net: Net) -> None:
    for cut in range(len(OK)):
        call, wire = await net.sent()
        if cut:
            wire.send(OK[:cut])
        wire.fin()
        with pytest.raises(ClientError):
            await call.body()
