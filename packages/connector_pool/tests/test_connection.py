"""Connections in the hands of who asked for them."""

import asyncio
import gc
from types import SimpleNamespace
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool import Connection, TCPConnector
from martlet_exceptions import ClientConnectionError, ClientConnectorError, ConnectionTimeoutError
from martlet_interfaces import TransportOptions

from .net import Net, on_net
from .scripted import OK, ScriptedConnector, ScriptedDialer
from .servers import serving
from .test_tcp_opener import unused_port


async def use(net: Net) -> None:
    """Fetch by what is idle."""
    wires = len(net.wires)
    call, wire = await net.sent()
    wire.send(OK)
    assert await call.body() == b"ok"
    assert len(net.wires) == wires


class Request:
    """The least that a request can be."""

    def __init__(self, url: str = "http://a.test/") -> None:
        self.url = URL(url)


@on_net
async def test_a_lease_counts_until_it_is_released(net: Net) -> None:
    connection = await net.connector.connect(Request())

    assert isinstance(connection, Connection)
    assert bool(connection)
    assert repr(net.pool) == "<Pool 1 active, 0 idle, 0 dialling, 0 waiting>"
    assert repr(connection) == "<Connection <Http1Connection http://a.test:80 idle>>"
    assert connection.loop is net.loop
    assert not connection.closed
    connection.release()
    assert repr(net.pool) == "<Pool 0 active, 1 idle, 0 dialling, 0 waiting>"
    assert repr(connection) == "<Connection released>"
    assert bool(connection)
    assert bool(connection.closed)
    assert connection.transport is None
    assert connection.protocol is None
    await use(net)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ([],),
        ([object()], None),
        ((), SimpleNamespace(total=None, connect=5, sock_read=None, sock_connect=3)),
        ((), object()),
    ],
)
@on_net
async def test_it_may_be_asked_with_one_argument_or_with_all(
    net: Net, arguments: tuple[Any, ...]
) -> None:
    connection = await net.connector.connect(Request(), *arguments)

    connection.release()
    assert len(net.pool.idle) == 1
    await use(net)


@on_net
async def test_what_was_not_touched_is_used_again(net: Net) -> None:
    (old,) = await net.warm()
    first = await net.connector.connect(Request())
    first.release()
    second = await net.connector.connect(Request())
    second.release()
    await use(net)

    assert net.wires == [old]


@on_net
async def test_a_new_connection_given_back_counts_as_used(net: Net) -> None:
    # The server may close it as it may close any idle one, so a request is sent again.
    connection = await net.connector.connect(Request())
    connection.release()
    call, wire = await net.sent()
    wire.fin()
    await net.loop.quiet()
    net.wires[1].send(OK)

    assert await call.body() == b"ok"


@pytest.mark.parametrize("handed_out", ["transport", "protocol"])
@on_net
async def test_what_was_handed_out_is_not_used_again(net: Net, handed_out: str) -> None:
    connection = await net.connector.connect(Request())
    (wire,) = net.wires
    expected = {"transport": wire, "protocol": wire.protocol}
    assert getattr(connection, handed_out) is expected[handed_out]

    connection.release()

    assert wire.is_closing()
    assert net.pool.slots.used == 0


@pytest.mark.parametrize("how", ["fin", "reset", "byte"])
@on_net
async def test_what_the_peer_has_ended_is_not_used_again(net: Net, how: str) -> None:
    connection = await net.connector.connect(Request())
    (wire,) = net.wires
    if how == "byte":
        wire.send(b"H")
    else:
        getattr(wire, how)()
    await net.loop.quiet()
    assert bool(connection.closed)

    connection.release()

    assert net.pool.slots.used == 0
    assert len(net.pool.idle) == 0


@pytest.mark.parametrize("how", ["release", "close"])
@on_net
async def test_ending_it_twice_is_ending_it_once(net: Net, how: str) -> None:
    connection = await net.connector.connect(Request())
    getattr(connection, how)()
    other = await net.connector.connect(Request())
    for end in (connection.release, connection.close):
        end()

    assert not other.closed
    assert net.pool.slots.used == 1
    other.release()
    await use(net)


@on_net
async def test_closing_it_closes_it(net: Net) -> None:
    connection = await net.connector.connect(Request())
    connection.close()

    assert bool(connection.closed)
    assert net.wires[0].is_closing()
    assert net.pool.slots.used == 0


@pytest.mark.parametrize("how", ["release", "close"])
@on_net
async def test_callbacks_are_called_once_and_in_order(net: Net, how: str) -> None:
    called: list[int] = []
    connection = await net.connector.connect(Request())
    connection.add_callback(lambda: called.append(1))
    connection.add_callback(None)
    connection.add_callback(lambda: called.append(2))
    connection.add_callback(lambda: called.append(net.pool.slots.used - len(net.pool.idle)))
    assert called == []

    getattr(connection, how)()
    assert called == [1, 2, 0]
    connection.close()
    assert called == [1, 2, 0]
    await net.connector.close()


@on_net
async def test_one_that_is_forgotten_warns_and_gives_its_slot_back(net: Net) -> None:
    net.configure(limit=1)
    connection = await net.connector.connect(Request())
    name = repr(connection)
    with pytest.warns(ResourceWarning) as caught:
        del connection
    assert [str(warning.message) for warning in caught] == [f"Unclosed connection {name}"]
    assert net.pool.slots.used == 1
    await net.loop.quiet()

    assert net.pool.slots.used == 0
    assert net.wires[0].lost


def test_one_that_outlives_its_loop_warns_and_no_more() -> None:
    dialer = ScriptedDialer()
    connector = ScriptedConnector(dialer)
    with asyncio.Runner() as runner:
        connection = runner.run(connector.connect(Request()))
    with pytest.warns(ResourceWarning, match="Unclosed connection"):
        del connection
    connector.close()


def test_one_that_was_never_made_says_nothing() -> None:
    with pytest.raises(TypeError):
        Connection()  # type: ignore[call-arg]  # that is the point
    gc.collect()


@on_net
async def test_over_the_limit_it_waits(net: Net) -> None:
    net.configure(limit=1)
    first = await net.connector.connect(Request())
    second = asyncio.create_task(net.connector.connect(Request()))
    third = net.send()
    await net.loop.quiet()
    assert repr(net.pool) == "<Pool 1 active, 0 idle, 0 dialling, 2 waiting>"

    first.release()
    connection = await second
    assert len(net.wires) == 1
    assert connection.protocol is net.wires[0].protocol
    connection.close()
    await net.loop.quiet()
    net.wires[1].send(OK)
    assert await third.body() == b"ok"


@pytest.mark.parametrize(
    ("name", "phase"), [("connect", "connect"), ("sock_connect", "sock_connect")]
)
@on_net
async def test_the_time_to_connect_is_limited(net: Net, name: str, phase: str) -> None:
    net.dialer.gate = asyncio.Event()
    began = net.loop.time()

    with pytest.raises(ConnectionTimeoutError) as caught:
        await net.connector.connect(Request(), (), SimpleNamespace(**{name: 3}))
    assert caught.value.phase == phase
    assert net.loop.time() - began == pytest.approx(3)


@on_net
async def test_the_time_in_the_queue_is_limited(net: Net) -> None:
    net.configure(limit=1)
    first = await net.connector.connect(Request())

    with pytest.raises(ConnectionTimeoutError):
        await net.connector.connect(Request(), (), SimpleNamespace(connect=3))
    first.release()
    await use(net)


@on_net
async def test_options_of_the_request_count(net: Net) -> None:
    request = Request()
    request.options = TransportOptions(server_hostname="b.test")  # type: ignore[attr-defined]  # may be there
    one = await net.connector.connect(request)
    one.release()
    two = await net.connector.connect(Request())
    two.release()
    await net.connector.close()

    assert [key.server_hostname for key in net.dialer.keys] == ["b.test", None]


@on_net
async def test_an_idle_connection_that_ended_meanwhile_is_replaced(net: Net) -> None:
    (wire,) = await net.warm()
    net.far_socket.send(b"x")
    # All have the same socket here.
    net.dialer.on_made = lambda _: net._sockets[0].recv(1)
    connection = await net.connector.connect(Request())

    assert wire.is_closing()
    assert connection.protocol is not wire.protocol
    connection.close()


@on_net
async def test_a_failed_dial_leaves_nothing(net: Net) -> None:
    error = ClientConnectionError("refused")
    net.dialer.errors.append(error)

    with pytest.raises(ClientConnectionError) as caught:
        await net.connector.connect(Request())
    assert caught.value is error


@on_net
async def test_closing_the_connector_closes_it(net: Net) -> None:
    connection = await net.connector.connect(Request())
    await net.connector.close()

    assert bool(connection.closed)
    connection.release()
    with pytest.raises(ClientConnectionError, match=r"^Connector is closed$"):
        await net.connector.connect(Request())


class Listener(asyncio.Protocol):
    """Takes what comes, and tells the connector's *own* protocol of the end."""

    def __init__(self, heard: "asyncio.Future[bytes]", own: asyncio.Protocol | None) -> None:
        self.heard = heard
        self.own = own

    def data_received(self, data: bytes) -> None:
        self.heard.set_result(data)

    def connection_lost(self, exc: Exception | None) -> None:
        assert self.own is not None
        self.own.connection_lost(exc)


async def test_speaking_by_oneself() -> None:
    async with serving() as server, TCPConnector() as connector:
        connection = await connector.connect(Request(f"http://127.0.0.1:{server.port}/"))
        transport = connection.transport
        assert transport is not None
        heard = asyncio.get_running_loop().create_future()
        transport.set_protocol(Listener(heard, connection.protocol))
        transport.write(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")

        assert await heard == OK
        connection.close()


async def test_nobody_listens() -> None:
    async with TCPConnector() as connector:
        with pytest.raises(ClientConnectorError):
            await connector.connect(Request(f"http://127.0.0.1:{unused_port()}/"))
