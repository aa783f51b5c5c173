import asyncio
import threading

from martlet_client_session._loop_thread import call_in_its_thread


async def test_in_the_loop_it_is_called_at_once() -> None:
    called: list[int] = []
    call_in_its_thread(asyncio.get_running_loop(), lambda: called.append(threading.get_ident()))
    assert called == [threading.get_ident()]


async def test_in_another_thread_it_is_called_there() -> None:
    loop, called = asyncio.get_running_loop(), asyncio.Event()
    await asyncio.to_thread(call_in_its_thread, loop, called.set)
    await called.wait()


async def test_in_another_loop_of_another_thread_it_is_called_there() -> None:
    loop, called = asyncio.get_running_loop(), asyncio.Event()

    async def elsewhere() -> None:
        call_in_its_thread(loop, called.set)
        assert not called.is_set()

    held = threading.Thread(target=asyncio.run, args=(elsewhere(),))
    held.start()
    held.join()  # so that nothing runs here meanwhile
    await called.wait()


def test_a_loop_that_does_not_run_does_not_matter() -> None:
    loop = asyncio.new_event_loop()
    called: list[bool] = []
    call_in_its_thread(loop, lambda: called.append(True))
    loop.close()
    call_in_its_thread(loop, lambda: called.append(True))
    assert called == [True, True]
