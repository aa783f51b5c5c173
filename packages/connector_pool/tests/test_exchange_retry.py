"""The retry rule: a request is sent once more only if that cannot do any harm."""

import asyncio
import errno

import pytest

from martlet_exceptions import ClientOSError, ServerDisconnectedError

from .bodies import Pieces
from .net import Net, on_net
from .scripted import OK, Log, Wire

IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]


@pytest.mark.parametrize("method", IDEMPOTENT)
@pytest.mark.parametrize("how", ["fin", "reset", "vanish"])
@on_net
async def test_a_reused_connection_that_gave_nothing_is_replaced(
    net: Net, method: str, how: str
) -> None:
    (old,) = await net.warm()
    call, wire = await net.sent(method)
    assert wire is old
    getattr(old, how)()
    await net.loop.quiet()

    assert net.wires[1].received == old.received
    net.wires[1].send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    await call.body()
    assert call.answer.complete


@pytest.mark.parametrize("method", ["POST", "PATCH", "CONNECT", "get"])
@on_net
async def test_what_is_not_idempotent_is_never_sent_twice(net: Net, method: str) -> None:
    await net.warm()
    call, wire = await net.sent(method)
    wire.fin()

    with pytest.raises(ServerDisconnectedError, match="before it answered"):
        await call.task
    assert len(net.wires) == 1


@on_net
async def test_a_reset_of_what_is_not_idempotent_keeps_its_errno(net: Net) -> None:
    await net.warm()
    call, wire = await net.sent("POST")
    wire.reset()

    with pytest.raises(ClientOSError) as caught:
        await call.task
    assert caught.value.errno == errno.ECONNRESET


@on_net
async def test_a_fresh_connection_is_not_replaced(net: Net) -> None:
    call, wire = await net.sent()
    wire.fin()

    with pytest.raises(ServerDisconnectedError):
        await call.task
    assert len(net.wires) == 1


@pytest.mark.parametrize("seen", [b"H", b"HTTP/1.1 100 Continue\r\n\r\n"])
@on_net
async def test_after_one_byte_it_is_too_late(net: Net, seen: bytes) -> None:
    await net.warm()
    call, wire = await net.sent()
    wire.send(seen)
    wire.fin()

    with pytest.raises(ServerDisconnectedError, match="inside the response's head"):
        await call.task
    assert len(net.wires) == 1


@on_net
async def test_it_is_tried_once_more_and_not_twice(net: Net) -> None:
    first, _ = await net.warm(2)
    call, wire = await net.sent()
    wire.fin()
    await net.loop.quiet()
    # The second attempt goes to a fresh connection, not to the other idle one.
    assert net.wires[2].writes
    assert not first.writes
    net.wires[2].fin()

    with pytest.raises(ServerDisconnectedError):
        await call.task
    assert len(net.wires) == 3


@on_net
async def test_a_second_attempt_on_a_handed_over_connection_is_the_last_too(net: Net) -> None:
    net.configure(limit=1)
    (wire,) = await net.warm()
    call, _ = await net.sent()
    queued = [net.send() for _ in range(2)]
    await net.loop.quiet()
    wire.fin()  # the slot goes to the first in the queue
    await net.loop.quiet()
    for _ in queued:
        net.wires[-1].send(OK)
        await net.loop.quiet()
    assert [await other.body() for other in queued] == [b"ok", b"ok"]
    net.wires[-1].fin()

    with pytest.raises(ServerDisconnectedError):
        await call.task


@pytest.mark.parametrize("replayable", [True, False])
@on_net
async def test_a_body_is_written_again_if_it_says_that_it_can(net: Net, replayable: bool) -> None:
    await net.warm()
    body = Pieces([b"ab", b"cd"], 4, replayable=replayable)
    call, wire = await net.sent("PUT", body=body)
    wire.fin()
    await net.loop.quiet()

    if replayable:
        assert net.wires[1].received.endswith(b"\r\n\r\nabcd")
        net.wires[1].send(OK)
        assert await call.body() == b"ok"
        assert body.begun == 2
    else:
        with pytest.raises(ServerDisconnectedError):
            await call.task
        assert body.begun == 1


@pytest.mark.parametrize("size", [4, 100_000])
@on_net
async def test_bytes_are_written_again(net: Net, size: int) -> None:
    await net.warm()
    call, wire = await net.sent("PUT", body=bytes(size))
    wire.fin()
    await net.loop.quiet()

    assert net.wires[1].received.endswith(b"\r\n\r\n" + bytes(size))
    net.wires[1].send(OK)
    assert await call.body() == b"ok"


@on_net
async def test_the_body_is_not_begun_again_before_it_has_let_go(net: Net) -> None:
    await net.warm()
    leave = asyncio.Event()

    class Slow(Pieces):
        async def write_to(self, out: object, /) -> None:
            self.begun += 1
            if self.begun == 1:
                try:
                    await asyncio.Event().wait()
                finally:
                    await leave.wait()
            self.ended += 1

    body = Slow([], 0, replayable=True)
    call, wire = await net.sent("PUT", body=body)
    wire.fin()
    await net.loop.quiet()
    assert (body.begun, len(net.wires)) == (1, 1)

    leave.set()
    await net.loop.quiet()
    assert (body.begun, len(net.wires)) == (2, 2)
    net.wires[1].send(OK)
    assert await call.body() == b"ok"


@on_net
async def test_an_observer_hears_of_both_attempts(net: Net) -> None:
    await net.warm()
    log = Log()
    call, wire = await net.sent(observer=log)
    wire.fin()
    await net.loop.quiet()
    net.wires[1].send(OK)
    await call.body()
    await net.loop.quiet()

    assert log.names == [
        "ConnectionReused",
        "HeadSent",
        "ConnectionCreateStart",
        "ConnectionCreateEnd",
        "HeadSent",
        "ChunkReceived",
    ]


@on_net
async def test_there_is_no_second_attempt_after_the_close(net: Net) -> None:
    await net.warm()
    call, wire = await net.sent()
    wire.fin()
    net.connector.close()

    with pytest.raises(Exception, match=r"^Connector is closed$"):
        await call.task
    assert len(net.wires) == 1


@on_net
async def test_a_failed_dial_for_the_second_attempt_is_what_is_raised(net: Net) -> None:
    await net.warm()
    call, wire = await net.sent()
    error = ClientOSError(errno.ECONNREFUSED, "refused")
    net.dialer.errors.append(error)
    wire.fin()

    with pytest.raises(ClientOSError) as caught:
        await call.task
    assert caught.value is error


@on_net
async def test_the_second_attempt_can_be_cancelled(net: Net) -> None:
    await net.warm()

    def hold(wire: Wire) -> None:
        wire.respond = None

    net.dialer.on_made = hold
    call, wire = await net.sent()
    wire.fin()
    await net.loop.quiet()
    call.task.cancel()
    await net.loop.quiet()

    assert call.task.cancelled()
    assert net.wires[1].lost


@on_net
async def test_at_the_limit_a_used_connection_is_traded_for_a_fresh_one(net: Net) -> None:
    net.configure(limit=2)
    older, newer = await net.warm(2)
    call, wire = await net.sent()
    assert wire is newer
    other, wire = await net.sent()
    assert wire is older
    queued = net.send()
    await net.loop.quiet()
    newer.fin()  # its slot goes to the one in the queue, and the retry has to wait
    await net.loop.quiet()
    assert repr(net.pool) == "<Pool 2 active, 0 idle, 0 dialling, 1 waiting>"
    older.send(OK)  # and is handed what has been used
    await net.loop.quiet()

    assert older.lost
    assert older.received.count(b"GET ") == 1
    assert net.wires[3].received == newer.received
    assert repr(net.pool) == "<Pool 2 active, 0 idle, 0 dialling, 0 waiting>"
    for late, wire in ((queued, net.wires[2]), (call, net.wires[3])):
        wire.send(OK)
        assert await late.body() == b"ok"
    assert await other.body() == b"ok"
    assert (await call.exchange()).info("reused") is False


@on_net
async def test_a_retry_does_not_go_before_who_waits_already(net: Net) -> None:
    net.configure(limit=2)
    older, newer = await net.warm(2)
    call, _ = await net.sent()
    other, _ = await net.sent()
    queued = [net.send(url=f"http://{host}.test/") for host in "ab"]
    await net.loop.quiet()
    net.dialer.gate = asyncio.Event()
    newer.fin()
    await net.loop.quiet()
    older.send(OK)
    await net.loop.quiet()
    # Both slots are being dialled for those who were first; the retry is in line behind them.
    assert repr(net.pool) == "<Pool 0 active, 0 idle, 2 dialling, 1 waiting>"
    net.dialer.gate.set()
    await net.loop.quiet()
    for late in queued:
        net.wires[2 + queued.index(late)].send(OK)
        assert await late.body() == b"ok"
    await net.loop.quiet()

    assert net.wires[4].received == newer.received
    net.wires[4].send(OK)
    assert await call.body() == b"ok"
    assert await other.body() == b"ok"


@pytest.mark.parametrize("how", ["cancel", "fail"])
@on_net
async def test_a_retry_that_ends_after_the_trade_gives_the_slot_back(net: Net, how: str) -> None:
    net.configure(limit=2)
    older, newer = await net.warm(2)
    call, _ = await net.sent()
    other, _ = await net.sent()
    queued = net.send()
    await net.loop.quiet()
    newer.fin()
    await net.loop.quiet()
    net.wires[2].send(OK)
    assert await queued.body() == b"ok"
    net.dialer.gate = asyncio.Event()
    if how == "fail":
        net.dialer.errors.append(ClientOSError(errno.ECONNREFUSED, "refused"))
    await net.loop.quiet()
    assert repr(net.pool) == "<Pool 1 active, 0 idle, 1 dialling, 0 waiting>"
    if how == "cancel":
        call.task.cancel()
    net.dialer.gate.set()
    await net.loop.quiet()

    assert net.pool.slots.used == 1
    if how == "cancel":
        assert call.task.cancelled()
    else:
        with pytest.raises(ClientOSError, match="refused"):
            await call.task
    older.send(OK)
    assert await other.body() == b"ok"
