"""Requests that wait for a connection, and go out in the step in which it becomes free."""

import asyncio

import pytest

from martlet_exceptions import ClientConnectionError, ServerDisconnectedError
from martlet_interfaces import Timeouts

from .bodies import Pieces
from .net import Call, Net, on_net
from .scripted import OK, Log, Wire

SAFE = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
EMPTY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


async def queued(net: Net, *args: object, **options: object) -> tuple[Call, Wire, Call]:
    """Have one request wait for the only connection, which another one has."""
    net.configure(limit=1)
    first, wire = await net.sent()
    second = net.send(*args, **options)  # type: ignore[arg-type]  # those of `Net.send`
    await net.loop.quiet()
    wire.writes.clear()
    return first, wire, second


@pytest.mark.parametrize("method", SAFE)
@on_net
async def test_it_is_written_in_the_step_in_which_the_connection_is_free(
    net: Net, method: str
) -> None:
    first, wire, second = await queued(net, method)
    wire.send(OK)

    assert wire.received.startswith(f"{method} / HTTP/1.1\r\n".encode())
    wire.send(EMPTY)
    await second.body()
    assert await first.body() == b"ok"
    assert len(net.wires) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH", "get"])
@on_net
async def test_what_must_not_be_sent_twice_looks_at_the_connection_later(
    net: Net, method: str
) -> None:
    first, wire, second = await queued(net, method)
    wire.send(OK)

    assert wire.writes == []
    await net.loop.quiet()
    assert wire.received.startswith(f"{method} /".encode())
    wire.send(OK)
    assert await first.body() == await second.body() == b"ok"


@on_net
async def test_a_body_in_pieces_is_written_by_the_task_of_its_request(net: Net) -> None:
    first, wire, second = await queued(net, "PUT", body=Pieces([b"ab", b"c"]))
    wire.send(OK)

    assert wire.writes == []
    await net.loop.quiet()
    assert wire.received.endswith(b"0\r\n\r\n")
    wire.send(OK)
    assert await first.body() == await second.body() == b"ok"


@on_net
async def test_a_body_in_memory_goes_with_it(net: Net) -> None:
    first, wire, second = await queued(net, "PUT", body=b"abc")
    wire.send(OK)

    assert wire.received.endswith(b"Content-Length: 3\r\n\r\nabc")
    wire.send(OK)
    assert await first.body() == await second.body() == b"ok"


@on_net
async def test_who_watches_is_told_before_it_is_written(net: Net) -> None:
    log = Log()
    first, wire, second = await queued(net, observer=log)
    wire.send(OK)

    assert wire.writes == []
    await net.loop.quiet()
    assert wire.received
    wire.send(OK)
    assert await first.body() == await second.body() == b"ok"


@on_net
async def test_they_go_one_after_the_other(net: Net) -> None:
    net.configure(limit=1)
    first, wire = await net.sent()
    others = [net.send("GET", f"http://a.test/{number}") for number in range(20)]
    await net.loop.quiet()
    for number in range(20):
        wire.writes.clear()
        wire.send(OK)
        assert wire.received.startswith(f"GET /{number} ".encode())
    wire.send(OK)

    assert [await call.body() for call in (first, *others)] == [b"ok"] * 21
    assert len(net.wires) == 1


@pytest.mark.parametrize("how", ["fin", "reset", "vanish"])
@on_net
async def test_one_that_the_server_has_not_seen_is_sent_once_more(net: Net, how: str) -> None:
    first, wire, second = await queued(net)
    wire.send(OK)
    getattr(wire, how)()
    await net.loop.quiet()

    assert wire.received == net.wires[1].received
    net.wires[1].send(OK)
    assert await first.body() == await second.body() == b"ok"


@on_net
async def test_one_that_breaks_again_fails(net: Net) -> None:
    first, wire, second = await queued(net)
    wire.send(OK)
    wire.fin()
    await net.loop.quiet()
    net.wires[1].fin()

    with pytest.raises(ServerDisconnectedError):
        await second.task
    assert await first.body() == b"ok"
    assert len(net.wires) == 2


@on_net
async def test_a_connection_on_which_something_has_come_is_not_used(net: Net) -> None:
    first, wire, second = await queued(net)
    net.far_socket.send(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
    wire.send(OK)
    net.give_no_sockets()
    await net.loop.quiet()

    assert wire.writes == []
    assert wire.lost
    net.wires[1].send(OK)
    assert await second.body() == b"ok"
    assert await first.body() == b"ok"


@on_net
async def test_a_slot_is_dialled_with_and_the_wait_is_told(net: Net) -> None:
    first, wire, second = await queued(net)
    wire.fin()
    await net.loop.quiet()

    with pytest.raises(ServerDisconnectedError):
        await first.task
    net.wires[1].send(OK)
    assert await second.body() == b"ok"
    told = (await second.exchange()).info("timings")
    assert isinstance(told, dict)
    assert "queued" in told


@on_net
async def test_a_connection_to_another_host_makes_room(net: Net) -> None:
    first, wire, second = await queued(net, "GET", "http://b.test/")
    wire.send(OK)
    await net.loop.quiet()

    assert wire.lost
    net.wires[1].send(OK)
    assert await first.body() == await second.body() == b"ok"


@on_net
async def test_a_dial_under_the_slot_keeps_to_its_limit(net: Net) -> None:
    first, wire, second = await queued(net, timeouts=Timeouts(sock_connect=3))
    net.dialer.gate = asyncio.Event()
    wire.fin()
    await net.loop.until(net.loop.time() + 4)

    with pytest.raises(ClientConnectionError, match="sock_connect"):
        await second.task
    with pytest.raises(ServerDisconnectedError):
        await first.task


@on_net
async def test_cancelled_in_line_it_takes_nothing(net: Net) -> None:
    first, wire, second = await queued(net)
    second.task.cancel()
    await net.loop.quiet()
    wire.send(OK)

    assert wire.writes == []
    assert await first.body() == b"ok"
    assert len(net.pool.idle) == 1
    assert second.task.cancelled()


@on_net
async def test_cancelled_on_its_way_it_ends_its_connection(net: Net) -> None:
    first, wire, second = await queued(net)
    wire.send(OK)
    second.task.cancel()
    await net.loop.quiet()

    assert wire.lost
    assert await first.body() == b"ok"
    assert second.task.cancelled()


@on_net
async def test_cancelled_with_a_slot_in_its_hand_it_passes_the_slot_on(net: Net) -> None:
    first, wire, second = await queued(net)
    third = net.send()
    await net.loop.quiet()
    wire.fin()
    second.task.cancel()
    await net.loop.quiet()

    assert second.task.cancelled()
    with pytest.raises(ServerDisconnectedError):
        await first.task
    net.wires[1].send(OK)
    assert await third.body() == b"ok"


@on_net
async def test_closing_fails_it(net: Net) -> None:
    first, _, second = await queued(net)
    await net.connector.close()

    for call in (first, second):
        with pytest.raises(ClientConnectionError, match="closed"):
            await call.task


@on_net
async def test_what_fails_as_it_begins_comes_out_of_it(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, wire, second = await queued(net)

    def refuse(_: bytes | bytearray | memoryview) -> None:
        raise ValueError("not this")

    monkeypatch.setattr(wire, "write", refuse)
    wire.send(OK)

    with pytest.raises(ValueError, match="not this"):
        await second.task
    assert await first.body() == b"ok"


class _Stop(BaseException):
    pass


@on_net
async def test_what_ends_the_program_comes_out_of_the_step_too(
    net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, wire, second = await queued(net)

    def interrupt(_: bytes | bytearray | memoryview) -> None:
        raise _Stop

    monkeypatch.setattr(wire, "write", interrupt)
    with pytest.raises(_Stop):
        wire.send(OK)
    with pytest.raises(_Stop):
        await second.task
    assert await first.body() == b"ok"
