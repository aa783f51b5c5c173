import asyncio
import io
import threading
from pathlib import Path
from typing import IO, cast

import pytest

from martlet_client_session._io_payload import IOBasePayload

from .payload_writing import written


class Held(io.RawIOBase):
    """Gives its bytes one by one, in a thread, and from the second one on only if released."""

    def __init__(self, data: bytes, *, seekable: bool = True) -> None:
        self.data = data
        self.at = 0
        self.threads: set[int] = set()
        self.reading = threading.Event()
        self.released = threading.Event()
        self._seekable = seekable

    def seekable(self) -> bool:
        return self._seekable

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset
        return offset

    def read(self, size: int = -1) -> bytes:
        assert not self.closed
        self.threads.add(threading.get_ident())
        if self.at:
            self.reading.set()
            assert self.released.wait(30)
        data = self.data[self.at : self.at + 1]
        self.at += 1
        if data == b"!":
            raise ZeroDivisionError
        return data


def held(data: bytes) -> tuple[Held, IOBasePayload]:
    file = Held(data)
    return file, IOBasePayload(cast("IO[bytes]", file))


async def cancelled(file: Held, payload: IOBasePayload) -> None:
    """Cancel the writing of *payload* while a thread is in `read`."""
    task = asyncio.ensure_future(written(payload))
    await asyncio.get_running_loop().run_in_executor(None, file.reading.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_event_loop_does_not_wait_for_a_file() -> None:
    file, payload = held(b"abc")
    task = asyncio.ensure_future(written(payload))
    await asyncio.get_running_loop().run_in_executor(None, file.reading.wait)
    assert not task.done()
    file.released.set()
    assert await task == b"abc"
    assert threading.get_ident() not in file.threads


async def test_a_second_attempt_waits_for_the_thread_of_the_first() -> None:
    file, payload = held(b"abc")
    await cancelled(file, payload)
    task = asyncio.ensure_future(written(payload))
    await asyncio.sleep(0)
    assert file.at == 1
    file.released.set()
    assert await task == b"abc"
    await payload.close()
    assert file.closed


async def test_a_file_is_closed_when_no_thread_reads_it_any_more() -> None:
    file, payload = held(b"abc")
    await cancelled(file, payload)
    await payload.close()
    assert not file.closed
    job = payload._job
    assert job is not None
    file.released.set()
    await job
    await asyncio.sleep(0)
    assert file.closed


async def test_what_fails_after_the_cancellation_is_not_reported() -> None:
    file, payload = held(b"a!")
    await cancelled(file, payload)
    file.released.set()
    job = payload._job
    assert job is not None
    await asyncio.wait([job])
    del job
    payload._job = None


async def test_what_fails_comes_out() -> None:
    file, payload = held(b"a!")
    file.released.set()
    with pytest.raises(ZeroDivisionError):
        await written(payload)


def test_a_thread_that_never_ran_is_no_error(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as file:
        payload = IOBasePayload(file)
        payload._size = None

        async def refused() -> None:
            loop = asyncio.get_running_loop()
            job: asyncio.Future[bytes] = loop.create_future()
            loop.run_in_executor = lambda *_: job  # type: ignore[assignment, method-assign]  # stub
            task = asyncio.ensure_future(written(payload))
            await asyncio.sleep(0)
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.run(refused())
