import asyncio

import pytest

from martlet_connector_pool import TCPConnector
from martlet_connector_pool._closing import Closing, call_in_its_thread
from martlet_interfaces import NO_TIMEOUTS

from .net import head
from .proxies import on_both_loops
from .scripted import Answer
from .servers import serving


async def used(connector: TCPConnector, port: int) -> TCPConnector:
    answer = Answer()
    await connector.send(head(url=f"http://127.0.0.1:{port}/"), None, answer, timeouts=NO_TIMEOUTS)
    assert await answer.read() == b"ok"
    return connector


async def test_there_is_nothing_to_wait_for_where_nothing_was_opened() -> None:
    await Closing(None, None)
    closing = TCPConnector().close()
    assert isinstance(closing, Closing)
    await closing
    await closing


async def test_it_may_be_ignored() -> None:
    connector = TCPConnector()
    connector.close()
    assert connector.closed


@on_both_loops
async def test_it_may_be_made_a_task_of() -> None:
    async with serving() as server:
        connector = await used(TCPConnector(), server.port)
        closing = connector.close()
        assert asyncio.iscoroutine(closing)
        await asyncio.create_task(closing)
        assert connector._leases is not None
        assert not connector._leases.connections
        await connector.close()


@on_both_loops
async def test_it_may_be_given_up_while_it_waits() -> None:
    async with serving() as server:
        connector = await used(TCPConnector(), server.port)
        cancelled, dropped = connector.close(), connector.close()
        for closing in (cancelled, dropped):
            assert asyncio.isfuture(closing.send(None))
        with pytest.raises(asyncio.CancelledError):
            cancelled.throw(asyncio.CancelledError())
        dropped.close()
        await connector.close()
        assert connector._leases is not None
        assert not connector._leases.connections


async def test_what_coroutines_do() -> None:
    for closing in (Closing(None, None), Closing(None, None)):
        closing.close()
        with pytest.raises(StopIteration):
            closing.send(None)
        closing.close()
        with pytest.raises(ValueError, match="mine"):
            closing.throw(ValueError, ValueError("mine"))


@on_both_loops
async def test_in_another_thread_the_connections_are_closed_where_they_belong() -> None:
    loop = asyncio.get_running_loop()

    def close_from_there() -> None:
        # asyncio's debug mode lets nothing of the loop be done here.
        asyncio.run_coroutine_threadsafe(connector.close(), loop).result(timeout=30)

    loop.set_debug(True)
    async with serving() as server:
        connector = await used(TCPConnector(), server.port)
        await asyncio.to_thread(close_from_there)
        assert connector.closed
        assert connector._leases is not None
        assert not connector._leases.connections


async def test_in_another_loop_there_is_nothing_to_wait_for() -> None:
    async def elsewhere() -> None:
        await connector.close()
        await asyncio.create_task(connector.close())

    async with serving() as server:
        connector = await used(TCPConnector(), server.port)
        await asyncio.to_thread(asyncio.run, elsewhere())
        await connector.close()


def test_a_loop_that_does_not_run_does_not_matter() -> None:
    loop = asyncio.new_event_loop()
    called: list[bool] = []
    call_in_its_thread(loop, lambda: called.append(True))
    loop.close()
    call_in_its_thread(loop, lambda: called.append(True))
    assert called == [True, True]


async def test_aiohttps_name_for_it() -> None:
    connector = TCPConnector()
    await connector._close()
    assert connector.closed
