"""Bodies that are written while the response may come already."""

import asyncio

import pytest

from martlet_connector_pool._upload import BytesBody, Http1BodyWriter
from martlet_exceptions import ClientConnectionError, ClientPayloadError, ServerDisconnectedError

from .bodies import Pieces, RaisingBody
from .net import Net, on_net
from .scripted import OK, Answer

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
CHUNKED_HEAD = b"POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD_OF_4 = b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\n"


@on_net
async def test_a_body_of_unknown_length_is_sent_in_chunks(net: Net) -> None:
    call, wire = await net.sent("POST", body=Pieces([b"hello", b"", b"world" * 4]))

    assert wire.writes == [
        CHUNKED_HEAD,
        b"5\r\nhello\r\n",
        b"14\r\n" + b"world" * 4 + b"\r\n",
        b"0\r\n\r\n",
    ]
    wire.send(OK)
    assert await call.body() == b"ok"
    assert len(net.pool.idle) == 1


@on_net
async def test_an_empty_body_of_unknown_length_ends_at_once(net: Net) -> None:
    call, wire = await net.sent("POST", body=Pieces([]))

    assert wire.writes == [CHUNKED_HEAD, b"0\r\n\r\n"]
    wire.send(OK)
    await call.body()


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("length", [4, None])
@on_net
async def test_a_body_may_write_any_kind_of_bytes(
    net: Net, kind: "type[bytes | bytearray | memoryview]", length: int | None
) -> None:
    call, wire = await net.sent("POST", body=Pieces([kind(b"ab"), kind(b"cd")], length))

    assert wire.writes[1:3] == ([b"ab", b"cd"] if length else [b"2\r\nab\r\n", b"2\r\ncd\r\n"])
    wire.send(OK)
    await call.body()


@on_net
async def test_memory_of_wide_items_is_counted_in_bytes(net: Net) -> None:
    wide = memoryview(bytes(range(8))).cast("I")
    call, wire = await net.sent("POST", body=Pieces([wide], 8))

    assert wire.writes[1] == bytes(range(8))
    wire.send(OK)
    await call.body()


@pytest.mark.parametrize("kind", [bytearray, lambda data: memoryview(bytearray(data))])
@on_net
async def test_what_is_written_may_be_changed_afterwards(net: Net, kind: type[bytearray]) -> None:
    buffer = kind(b"abcd")
    body = Pieces([buffer], 4)
    handed: list[object] = []
    net.dialer.on_made = lambda wire: setattr(wire, "write", handed.append)
    call = net.send("POST", body=body)
    await net.loop.quiet()
    buffer[:] = b"wxyz"

    assert handed[1] == b"abcd"
    call.task.cancel()


@on_net
async def test_large_bytes_go_out_in_slices_without_being_copied(net: Net) -> None:
    data = bytes(range(256)) * 4096
    call, wire = await net.sent("POST", body=data)

    assert [len(piece) for piece in wire.writes[1:]] == [256 * 1024] * 4
    assert wire.received.endswith(data)
    wire.send(OK)
    assert await call.body() == b"ok"
    assert BytesBody(data).replayable
    assert BytesBody(data).length == 1024 * 1024


@on_net
async def test_the_peer_sets_the_pace(net: Net) -> None:
    net.dialer.on_made = lambda wire: wire.stop_taking()
    body = Pieces([b"ab", b"cd"], 4)
    call, wire = await net.sent("POST", body=body)

    assert wire.writes == [HEAD_OF_4, b"ab"]
    wire.take()
    await net.loop.quiet()
    assert wire.writes == [HEAD_OF_4, b"ab", b"cd"]
    assert body.ended == 1
    wire.send(OK)
    assert await call.body() == b"ok"


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ([b"ab"], "The request's body is 2 bytes shorter than its Content-Length"),
        ([], "The request's body is 4 bytes shorter than its Content-Length"),
        ([b"abc", b"de"], "The request's body is 1 bytes longer than its Content-Length"),
    ],
)
@on_net
async def test_a_body_is_held_to_its_length(net: Net, pieces: list[bytes], message: str) -> None:
    call = net.send("POST", body=Pieces(pieces, 4))

    with pytest.raises(ClientPayloadError, match=f"^{message}$"):
        await call.task
    # Never more than was announced.
    assert len(net.wires[0].received) <= len(HEAD_OF_4) + 4
    assert net.wires[0].lost


class PlannedError(Exception):
    """What a body raises in these tests."""


@on_net
async def test_what_the_body_raises_comes_out_of_send(net: Net) -> None:
    error = PlannedError()
    call = net.send("POST", body=RaisingBody(error))

    with pytest.raises(PlannedError) as caught:
        await call.task
    assert caught.value is error
    assert not net.wires[0].received.endswith(b"0\r\n\r\n")
    assert net.wires[0].lost


@on_net
async def test_what_the_body_raises_after_the_head_fails_the_response(net: Net) -> None:
    gate = asyncio.Event()
    error = PlannedError()
    call, wire = await net.sent("POST", body=RaisingBody(error, gate))
    wire.send(LENGTH + b"ab")
    await call.exchange()
    gate.set()

    with pytest.raises(PlannedError):
        await call.body()
    assert wire.lost


@on_net
async def test_what_the_body_raises_after_the_response_hurts_nobody(net: Net) -> None:
    gate = asyncio.Event()

    class Stubborn:
        length = None
        replayable = False

        async def write_to(self, out: object, /) -> None:
            try:
                await gate.wait()
            except asyncio.CancelledError:
                raise PlannedError from None

    call, wire = await net.sent("POST", body=Stubborn())
    wire.send(OK)

    assert await call.body() == b"ok"
    assert wire.lost


@on_net
async def test_an_early_response_is_delivered_and_the_connection_closed(net: Net) -> None:
    body = Pieces([b"ab", b"cd"], 4, gate=asyncio.Event())
    call, wire = await net.sent("POST", body=body)
    wire.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")

    assert net.pool.slots.used == 0
    assert await call.body() == b"no"
    assert call.answer.head.status == 413
    assert [type(error) for error in body.errors] == [asyncio.CancelledError]
    assert (body.begun, body.ended) == (1, 1)
    assert wire.received == HEAD_OF_4 + b"ab"


@on_net
async def test_an_early_response_may_be_read_while_the_body_is_written(net: Net) -> None:
    gate = asyncio.Event()
    call, wire = await net.sent("POST", body=Pieces([b"ab", b"cd"], 4, gate=gate))
    wire.send(LENGTH + b"1234")
    await call.exchange()
    gate.set()
    await net.loop.quiet()
    wire.send(b"56789")

    assert await call.body() == b"123456789"
    assert wire.received == HEAD_OF_4 + b"abcd"
    # Both are complete, so it may carry another.
    assert len(net.pool.idle) == 1


@pytest.mark.parametrize("body", [RaisingBody(PlannedError()), Pieces([b"ab"], 4)])
@on_net
async def test_a_connection_whose_request_was_cut_short_is_never_kept(
    net: Net, body: RaisingBody | Pieces
) -> None:
    # The response comes in the very tick in which the body fails, before that is known.
    call = net.send("POST", body=body)
    await net.until_sent(wire=0, writes=2)
    net.wires[0].send(OK)

    assert len(net.pool.idle) == 0
    assert net.pool.slots.used == 0
    assert await call.body() == b"ok"


@on_net
async def test_abort_ends_the_upload(net: Net) -> None:
    body = Pieces([b"ab", b"cd"], 4, gate=asyncio.Event())
    call, wire = await net.sent("POST", body=body)
    wire.send(LENGTH)
    (await call.exchange()).abort()
    await net.loop.quiet()

    assert [type(error) for error in body.errors] == [asyncio.CancelledError]
    assert wire.lost


@pytest.mark.parametrize("where", ["in the body", "in drain"])
@on_net
async def test_cancelling_the_request_ends_the_upload(net: Net, where: str) -> None:
    if where == "in drain":
        net.dialer.on_made = lambda wire: wire.stop_taking()
        body = Pieces([b"ab", b"cd"], 4)
    else:
        body = Pieces([b"ab", b"cd"], 4, gate=asyncio.Event())
    call, wire = await net.sent("POST", body=body)
    call.task.cancel()
    await net.loop.quiet()

    assert call.task.cancelled()
    assert [type(error) for error in body.errors] == [asyncio.CancelledError]
    assert wire.lost


@on_net
async def test_an_upload_that_has_not_begun_never_begins(net: Net) -> None:
    body = Pieces([b"ab"], 2)
    net.dialer.on_made = lambda wire: setattr(wire, "respond", lambda wire: wire.send(OK))
    call = net.send("POST", body=body)

    assert await call.body() == b"ok"
    assert body.begun <= 1


@pytest.mark.parametrize("how", ["fin", "reset"])
@on_net
async def test_a_connection_that_ends_during_the_upload_tells_its_own_story(
    net: Net, how: str
) -> None:
    net.dialer.on_made = lambda wire: wire.stop_taking()
    body = Pieces([b"ab", b"cd"], 4)
    call, wire = await net.sent("POST", body=body)
    getattr(wire, how)()

    with pytest.raises(ClientConnectionError) as caught:
        await call.task
    assert isinstance(caught.value, ServerDisconnectedError | OSError)
    wire.take()
    await net.loop.quiet()
    assert body.ended == 1


@on_net
async def test_a_body_that_goes_on_after_the_end_is_refused(net: Net) -> None:
    # It finds out between the loss of the transport and the news of that.
    gate = asyncio.Event()
    body = Pieces([b"ab", b"cd"], 4, gate=gate)
    call, wire = await net.sent("POST", body=body)
    gate.set()
    wire.reset()

    with pytest.raises(OSError, match="Connection reset by peer"):
        await call.task
    assert wire.received == HEAD_OF_4 + b"ab"
    assert [str(error) for error in body.errors] == ["Connection closed"]


@on_net
async def test_why_the_connection_ended_counts_more_than_that_it_did(net: Net) -> None:
    gate = asyncio.Event()
    body = Pieces([b"ab", b"cd"], 4, gate=gate)
    call, wire = await net.sent("POST", body=body)
    wire.stop_taking()
    wire.close()
    gate.set()
    await net.loop.quiet()
    # The body knows already, and the reason is still to come.
    assert [str(error) for error in body.errors] == ["Connection closed"]
    assert not call.task.done()
    wire.reset()

    with pytest.raises(OSError, match="Connection reset by peer"):
        await call.task


@on_net
async def test_nothing_is_written_after_the_end(net: Net) -> None:
    (wire,) = await net.warm()
    wire.close()
    writer = Http1BodyWriter(wire.protocol, None)

    writer.finish()
    with pytest.raises(ClientConnectionError, match=r"^Connection closed$"):
        await writer.write(b"x")
    with pytest.raises(ClientConnectionError, match=r"^Connection closed$"):
        await wire.protocol.drain()
    assert wire.writes == []


@on_net
async def test_the_failure_of_a_body_and_of_the_connection_in_one_tick(net: Net) -> None:
    gate = asyncio.Event()
    call, wire = await net.sent("POST", body=RaisingBody(PlannedError(), gate), answer=Answer())
    gate.set()
    wire.reset()

    with pytest.raises((PlannedError, OSError)):
        await call.task
