"""Where no more files can be opened, idle connections make room, for one more try."""

import errno

import pytest

from martlet_exceptions import ClientConnectionError, ClientConnectorError
from martlet_interfaces import ConnectionKey

from .net import Net, on_net
from .scripted import OK

OTHER = "http://b.test/"


def too_many(number: int = errno.EMFILE) -> ClientConnectorError:
    return ClientConnectorError(ConnectionKey("b.test", 80, False), OSError(number, "too many"))


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
@on_net
async def test_what_is_idle_makes_room(net: Net, number: int) -> None:
    idle = await net.warm(3)
    net.dialer.errors.append(too_many(number))
    call, wire = await net.sent(url=OTHER)
    wire.send(OK)

    assert await call.body() == b"ok"
    assert all(wire.lost for wire in idle)
    assert len(net.pool.idle) == 1


@on_net
async def test_there_is_one_more_try_and_no_other(net: Net) -> None:
    await net.warm()
    net.dialer.errors += [too_many(), too_many()]
    call = net.send(url=OTHER)

    with pytest.raises(ClientConnectorError) as caught:
        await call.task
    assert caught.value.errno == errno.EMFILE
    assert net.dialer.keys.count(ConnectionKey("b.test", 80, False)) == 2


@on_net
async def test_with_nothing_idle_it_is_an_error_at_once(net: Net) -> None:
    busy, wire = await net.sent()
    net.dialer.errors.append(too_many())
    call = net.send(url=OTHER)

    with pytest.raises(ClientConnectorError):
        await call.task
    assert net.dialer.keys.count(ConnectionKey("b.test", 80, False)) == 1
    wire.send(OK)
    assert await busy.body() == b"ok"


@on_net
async def test_another_error_evicts_nobody(net: Net) -> None:
    await net.warm()
    net.dialer.errors.append(too_many(errno.ECONNREFUSED))

    with pytest.raises(ClientConnectorError):
        await net.send(url=OTHER).task
    assert len(net.pool.idle) == 1


@on_net
async def test_closed_before_the_second_try(net: Net) -> None:
    await net.warm()
    net.dialer.errors.append(too_many())
    idle = net.pool.idle.all()[0]
    lost = idle.connection_lost

    def close(exc: Exception | None) -> None:
        net.connector.close()
        lost(exc)

    net.wires[0].protocol = _Closing(close)  # type: ignore[assignment]  # as far as it is used
    call = net.send(url=OTHER)

    with pytest.raises(ClientConnectionError, match=r"^Connector is closed$"):
        await call.task


class _Closing:
    def __init__(self, connection_lost: object) -> None:
        self.connection_lost = connection_lost
