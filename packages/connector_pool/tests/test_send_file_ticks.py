"""Files sent by the system: what takes exact ticks, on the scripted network.

Its wires have a real socket, which takes what goes past them.
"""

import asyncio
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from martlet_connector_pool._send_file import can_copy
from martlet_exceptions import ClientOSError, ClientPayloadError, ServerDisconnectedError
from martlet_interfaces import BodyWriter

from .net import Call, Net, on_net
from .scripted import OK, Wire
from .uploads import FileBody, Kernel

DATA = bytes(range(100))
HEAD = b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\n"
EARLY = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[BinaryIO]:
    path = tmp_path / "data"
    path.write_bytes(DATA)
    with path.open("rb") as file:
        yield file


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    return Kernel(monkeypatch)


def block(_: int) -> None:
    raise BlockingIOError


async def blocked(net: Net, kernel: Kernel, body: FileBody) -> tuple[Call, Wire]:
    """Begin a request whose body waits for room in the socket."""
    kernel.instead = block
    call = net.send("POST", body=body)
    await net.until_sent(wire=0, writes=1)
    while kernel.calls < 3:  # noqa: ASYNC110  # it is a matter of ticks
        await asyncio.sleep(0)
    return call, net.wires[0]


@on_net
async def test_it_goes_past_the_transport(net: Net, file: BinaryIO) -> None:
    call, wire = await net.sent("POST", body=FileBody(file, 0, 100))

    assert wire.writes == [HEAD]
    assert net.far_socket.recv(1000) == DATA
    wire.send(OK)
    assert await call.body() == b"ok"
    assert len(net.pool.idle) == 1


@on_net
async def test_a_wire_without_a_socket_cannot_be_passed(net: Net) -> None:
    net.give_no_sockets()
    (wire,) = await net.warm()

    assert not can_copy(wire)


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ECONNRESET, errno.ETIMEDOUT])
@on_net
async def test_a_connection_that_is_broken(
    net: Net, file: BinaryIO, kernel: Kernel, number: int
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    kernel.instead = refuse
    body = FileBody(file, 0, 100)
    call = net.send("POST", body=body)
    with pytest.raises(ClientOSError) as caught:
        await call.task

    assert caught.value.errno == number
    assert isinstance(caught.value.__cause__, OSError)
    assert body.ended == 1


@pytest.mark.parametrize("rest", [b"", b"whole"])
@on_net
async def test_of_a_broken_connection_no_end_is_a_proper_one(
    net: Net, file: BinaryIO, kernel: Kernel, rest: bytes
) -> None:
    def refuse(_: int) -> None:
        # The system tells it once: whoever reads hears of a mere end.
        net.loop.call_soon(net.wires[0].send, b"HTTP/1.1 200 OK\r\n\r\n" + rest)
        net.loop.call_soon(net.wires[0].fin)
        raise OSError(errno.ECONNRESET, "Connection reset by peer")

    kernel.instead = refuse
    call = net.send("POST", body=FileBody(file, 0, 100))
    with pytest.raises(ClientPayloadError, match=r"broke inside the body: .*reset by peer"):
        await call.body()


@on_net
async def test_the_end_in_the_very_tick_of_the_break_is_no_mere_end(
    net: Net, file: BinaryIO, kernel: Kernel
) -> None:
    body = FileBody(file, 0, 100)
    call, wire = await blocked(net, kernel, body)

    def refuse(_: int) -> None:
        net.loop.call_soon(wire.fin)
        raise OSError(errno.ECONNRESET, "Connection reset by peer")

    kernel.instead = refuse
    with pytest.raises(ClientOSError, match="reset by peer"):
        await call.task


@on_net
async def test_an_answer_that_came_before_the_break_counts(
    net: Net, file: BinaryIO, kernel: Kernel
) -> None:
    def refuse(_: int) -> None:
        net.loop.call_soon(net.wires[0].send, EARLY)
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    kernel.instead = refuse
    call = net.send("POST", body=FileBody(file, 0, 100))

    assert await call.body() == b"no"
    assert net.wires[0].lost


@on_net
async def test_nothing_goes_past_a_transport_that_is_closing(
    net: Net, file: BinaryIO, kernel: Kernel
) -> None:
    body = FileBody(file, 0, 100)
    call, wire = await blocked(net, kernel, body)
    calls = kernel.calls
    wire.stop_taking()
    wire.close()
    await net.loop.quiet()
    # The body knows already, and why it ended is still to come.
    assert [str(exc) for exc in body.errors] == ["Connection closed"]
    assert kernel.calls == calls
    assert not call.task.done()
    wire.reset()

    with pytest.raises(ClientOSError, match="reset by peer"):
        await call.task


@on_net
async def test_the_loss_of_the_connection_ends_the_wait(
    net: Net, file: BinaryIO, kernel: Kernel
) -> None:
    body = FileBody(file, 0, 100)
    call, wire = await blocked(net, kernel, body)
    wire.reset()

    with pytest.raises(ClientOSError, match="reset by peer"):
        await call.task
    assert body.ended == 1


@pytest.mark.parametrize("soon", [False, True])
@on_net
async def test_room_in_the_transport_is_not_room_in_the_socket(
    net: Net, file: BinaryIO, kernel: Kernel, soon: bool
) -> None:
    body = FileBody(file, 0, 100)
    call, wire = await blocked(net, kernel, body)
    if soon:
        net.loop.call_soon(wire.protocol.resume_writing)
    else:
        wire.protocol.resume_writing()
    for _ in range(5):
        await asyncio.sleep(0)
    assert body.ended == 0
    kernel.instead = lambda _: None
    await net.loop.quiet()

    assert body.ended == 1
    assert net.far_socket.recv(1000) == DATA
    wire.send(OK)
    assert await call.body() == b"ok"


def congest(limits: list[object]) -> Callable[[Wire], None]:
    """Make a wire that holds its head back, and writes down the limits that it is given."""

    def hold(wire: Wire) -> None:
        wire.stop_taking()

        def set_limits(high: int | None = None, low: int | None = None) -> None:
            limits.append((high, low))

        wire.set_write_buffer_limits = set_limits  # type: ignore[method-assign]  # one wire's alone

    return hold


@on_net
async def test_what_the_transport_holds_goes_first(
    net: Net, file: BinaryIO, kernel: Kernel
) -> None:
    limits: list[object] = []
    net.dialer.on_made = congest(limits)
    call, wire = await net.sent("POST", body=FileBody(file, 0, 100))
    assert kernel.calls == 0
    assert limits == [(0, None)]
    wire.take()
    await net.loop.quiet()

    assert limits == [(0, None), (None, None)]
    assert net.far_socket.recv(1000) == DATA
    wire.send(OK)
    assert await call.body() == b"ok"


@pytest.mark.parametrize("end", ["cancel", "reset"])
@on_net
async def test_the_wait_for_the_transport_ends_with_the_request(
    net: Net, file: BinaryIO, kernel: Kernel, end: str
) -> None:
    limits: list[object] = []
    net.dialer.on_made = congest(limits)
    body = FileBody(file, 0, 100)
    call, wire = await net.sent("POST", body=body)
    if end == "cancel":
        call.task.cancel()
    else:
        wire.reset()
    await asyncio.wait([call.task])
    await net.loop.quiet()

    assert body.ended == 1
    assert kernel.calls == 0
    assert limits == [(0, None)]


@on_net
async def test_a_request_that_is_given_up_in_that_wait_may_leave_its_response(
    net: Net, file: BinaryIO, kernel: Kernel
) -> None:
    limits: list[object] = []
    net.dialer.on_made = congest(limits)

    class Impatient(FileBody):
        async def write_to(self, out: BodyWriter, /) -> None:
            async with asyncio.timeout(3):
                await super().write_to(out)

    call, wire = await net.sent("POST", body=Impatient(file, 0, 100))
    with pytest.raises(TimeoutError):
        await call.task

    assert limits == [(0, None), (None, None)]
    wire.take()


@on_net
async def test_a_transport_that_never_says_that_it_is_empty(
    net: Net, file: BinaryIO, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[object] = []
    net.dialer.on_made = congest(limits)
    call, wire = await net.sent("POST", body=FileBody(file, 0, 100))
    piece = net.loop.create_future()
    piece.set_result(DATA)
    monkeypatch.setattr(net.loop, "run_in_executor", lambda *_: piece)
    wire.protocol.resume_writing()
    await net.loop.quiet()

    assert kernel.calls == 0
    assert wire.writes == [HEAD, DATA]
    wire.take()
    wire.send(OK)
    assert await call.body() == b"ok"


@on_net
async def test_a_transport_that_is_empty_and_closing(
    net: Net, file: BinaryIO, kernel: Kernel
) -> None:
    limits: list[object] = []
    net.dialer.on_made = congest(limits)
    body = FileBody(file, 0, 100)
    call, wire = await net.sent("POST", body=body)
    wire.take()
    wire.close()
    with pytest.raises(ServerDisconnectedError):
        await call.task

    assert [str(exc) for exc in body.errors] == ["Connection closed"]
    assert kernel.calls == 0
    assert limits == [(0, None)]


@on_net
async def test_a_transport_that_closed_before(net: Net, file: BinaryIO, kernel: Kernel) -> None:
    class Late(FileBody):
        async def write_to(self, out: BodyWriter, /) -> None:
            net.wires[0].close()
            await super().write_to(out)

    body = Late(file, 0, 100)
    with pytest.raises(ServerDisconnectedError):
        await net.send("POST", body=body).task

    assert [str(exc) for exc in body.errors] == ["Connection closed"]
    assert kernel.calls == 0
