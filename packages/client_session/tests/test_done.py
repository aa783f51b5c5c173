import asyncio

from martlet_client_session._done import DONE


async def test_done_is_awaited_without_giving_way_to_others() -> None:
    ran: list[str] = []
    asyncio.get_running_loop().call_soon(ran.append, "another")
    await DONE
    assert ran == []


async def test_done_can_be_awaited_again() -> None:
    await DONE
    await DONE
