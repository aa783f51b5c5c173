import asyncio

import pytest

from martlet_asgi._closing import Closing


async def test_it_may_be_awaited_by_many_and_one_may_stop_waiting() -> None:
    gate = asyncio.Event()
    ending = asyncio.get_running_loop().create_task(_wait(gate))
    impatient, patient = (asyncio.ensure_future(_await(Closing(ending))) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait([impatient])
    assert not ending.done()
    gate.set()
    await patient
    await Closing(ending)


async def test_there_may_be_nothing_to_wait_for() -> None:
    await Closing(None)


async def test_what_went_wrong_is_raised() -> None:
    async def fail() -> None:
        raise LookupError("lost")

    ending = asyncio.get_running_loop().create_task(fail())
    with pytest.raises(LookupError, match="lost"):
        await Closing(ending)


async def _wait(gate: asyncio.Event) -> None:
    await gate.wait()


async def _await(closing: Closing) -> None:
    await closing
