import asyncio

import pytest

from martlet_client_session._done import DONE


async def test_done_is_awaited_without_giving_way_to_others() -> None:
    ran: list[str] = []
    asyncio.get_running_loop().call_soon(ran.append, "another")
    await DONE
    assert ran == []


async def test_done_can_be_awaited_again() -> None:
    await DONE
    await DONE


async def test_it_may_be_made_a_task_of() -> None:
    assert asyncio.iscoroutine(DONE)
    await asyncio.create_task(DONE)


@pytest.mark.parametrize("args", [(ValueError("mine"),), (ValueError, ValueError("mine"))])
def test_what_else_coroutines_do(args: tuple[object, ...]) -> None:
    DONE.close()
    with pytest.raises(StopIteration):
        DONE.send(None)
    with pytest.raises(ValueError, match="mine"):
        DONE.throw(*args)
