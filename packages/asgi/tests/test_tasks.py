import asyncio

from martlet_asgi._tasks import Tasks


async def test_tasks_are_kept_until_they_are_done() -> None:
    tasks = Tasks(asyncio.get_running_loop())
    gate = asyncio.Event()
    task = tasks.start(_wait(gate))
    assert len(tasks) == 1
    gate.set()
    await task
    assert len(tasks) == 0


async def test_tasks_end_together_and_are_told_why() -> None:
    tasks = Tasks(asyncio.get_running_loop())
    told: list[BaseException] = []
    started = {tasks.start(_wait(asyncio.Event()), fail) for fail in (told.append, None)}
    error = LookupError()
    assert tasks.end(error) == started
    await asyncio.wait(started)
    assert all(task.cancelled() for task in started)
    assert told == [error]
    assert tasks.end(error) == set()


async def _wait(gate: asyncio.Event) -> None:
    await gate.wait()
