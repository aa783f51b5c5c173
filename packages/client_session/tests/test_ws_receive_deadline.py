import asyncio

import pytest

from martlet_client_session._ws_receive_deadline import ReceiveDeadline
from martlet_exceptions import ServerTimeoutError
from martlet_interfaces import Deadlines

from .scripted import run_virtual
from .ws_scripted import pass_time


def test_it_fails_who_waits() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        ReceiveDeadline(waiter, 1.5, Deadlines(loop))
        with pytest.raises(ServerTimeoutError, match="No message came for"):
            await waiter

    assert run_virtual(main) == pytest.approx(1.5)


def test_it_is_cancelled() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        deadlines = Deadlines(loop)
        waiter = loop.create_future()
        ReceiveDeadline(waiter, 1.5, deadlines).cancel()
        assert deadlines.idle
        await pass_time(2)
        assert not waiter.done()

    run_virtual(main)


async def test_what_came_in_its_tick_counts() -> None:
    loop = asyncio.get_running_loop()
    waiter = loop.create_future()
    deadline = ReceiveDeadline(waiter, 1.5, Deadlines(loop))
    waiter.set_result(None)
    deadline.on_deadline()
    deadline.cancel()
    assert await waiter is None
