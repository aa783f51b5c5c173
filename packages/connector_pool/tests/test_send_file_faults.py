"""Files sent by the system: whatever happens meanwhile, nothing stays open and nobody hangs."""

import asyncio
import errno
import os
import threading
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from martlet_connector_pool import _send_file
from martlet_exceptions import ClientError, ClientOSError

from .proxies import connected, on_both_loops
from .servers import serving
from .uploads import (
    FileBody,
    Kernel,
    Upload,
    answering_digest,
    closed_down_to,
    content,
    digest,
    never_reading,
    open_files,
)

DATA = content(20_000_003)
EARLY = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "data"
    path.write_bytes(DATA)
    return path


async def _until_over(body: FileBody, before: int) -> None:
    await closed_down_to(before)
    assert body.ended == 1


@on_both_loops
async def test_an_early_response_while_the_peer_does_not_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel, go_on = Kernel(monkeypatch), asyncio.Event()
    async with serving(never_reading(go_on, EARLY)) as server, connected() as connector:
        with path.open("rb") as file:
            before = open_files()
            body = FileBody(file, 0, len(DATA))
            upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
            await kernel.stuck()
            go_on.set()

            assert await upload.body() == b"no"
            assert upload.answer.head.status == 413
            await _until_over(body, before)
            assert [type(exc) for exc in body.errors] == [asyncio.CancelledError]


@on_both_loops
async def test_an_early_response_of_a_peer_that_resets_is_still_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel, go_on = Kernel(monkeypatch), asyncio.Event()
    handler = never_reading(go_on, EARLY, reset=True)
    async with serving(handler) as server, connected() as connector:
        with path.open("rb") as file:
            before = open_files()
            body = FileBody(file, 0, len(DATA))
            upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
            await kernel.stuck()
            go_on.set()

            assert await upload.body() == b"no"
            await _until_over(body, before)


@on_both_loops
async def test_a_peer_that_resets(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, go_on = Kernel(monkeypatch), asyncio.Event()
    handler = never_reading(go_on, reset=True)
    async with serving(handler) as server, connected() as connector:
        with path.open("rb") as file:
            before = open_files()
            body = FileBody(file, 0, len(DATA))
            upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
            await kernel.stuck()
            go_on.set()

            with pytest.raises(ClientOSError) as caught:
                await upload.task
            assert caught.value.errno in (errno.ECONNRESET, errno.EPIPE)
            await _until_over(body, before)
            assert isinstance(body.errors[0], ClientError | asyncio.CancelledError)


@pytest.mark.parametrize("how", ["cancel", "close"])
@on_both_loops
async def test_a_request_that_is_given_up(
    path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    kernel, go_on = Kernel(monkeypatch), asyncio.Event()
    async with serving(never_reading(go_on)) as server, connected() as connector:
        with path.open("rb") as file:
            before = open_files()
            body = FileBody(file, 0, len(DATA))
            upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
            await kernel.stuck()
            if how == "cancel":
                upload.task.cancel()
            else:
                connector.close()
            await asyncio.wait([upload.task])
            go_on.set()

            assert upload.task.cancelled() or isinstance(upload.task.exception(), ClientError)
            await _until_over(body, before)
            assert [type(exc) for exc in body.errors] == [asyncio.CancelledError]


@pytest.mark.parametrize("moment", [1, 3])
@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EOVERFLOW])
@on_both_loops
async def test_what_the_system_cannot_send_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, moment: int
) -> None:
    kernel = Kernel(monkeypatch)

    def refuse(call: int) -> None:
        if call == moment:
            raise OSError(number, "injected")

    kernel.instead = refuse
    async with serving(answering_digest) as server, connected() as connector:
        with path.open("rb") as file:
            body = FileBody(file, 3, 15_000_000)
            upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
            assert await upload.body() == digest(DATA[3:15_000_003])

    assert kernel.calls == moment


@pytest.mark.parametrize("where", ["dup", "add_writer", "no add_writer"])
@on_both_loops
async def test_a_socket_that_cannot_be_waited_for(
    path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    class Loop:
        def __getattr__(self, name: str) -> object:
            if name == "add_writer":
                return refuse if where == "add_writer" else lacking
            return getattr(loop, name)

    loop, kernel = asyncio.get_running_loop(), Kernel(monkeypatch)
    lacking = partial(asyncio.AbstractEventLoop.add_writer, loop)
    async with serving(answering_digest) as server, connected() as connector:
        with path.open("rb") as file:
            before = open_files()
            if where == "dup":
                monkeypatch.setattr(os, "dup", refuse)
            else:

                class Asyncio:
                    def __getattr__(self, name: str) -> object:
                        return Loop if name == "get_running_loop" else getattr(asyncio, name)

                monkeypatch.setattr(_send_file, "asyncio", Asyncio())
            body = FileBody(file, 3, 15_000_000)
            upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
            assert await upload.body() == digest(DATA[3:15_000_003])
            monkeypatch.undo()
            assert open_files() == before + 2  # the connection's two ends

    assert kernel.calls == 1


@pytest.mark.parametrize("moment", ["before", "meanwhile"])
@on_both_loops
async def test_a_file_that_is_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    kernel, go_on = Kernel(monkeypatch), asyncio.Event()
    async with serving(never_reading(go_on)) as server, connected() as connector:
        file = path.open("rb")
        if moment == "before":
            file.close()
        body = FileBody(file, 0, len(DATA))
        upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
        if moment == "meanwhile":
            await kernel.stuck()
            file.close()
        go_on.set()

        with pytest.raises(ValueError, match="closed file"):
            await upload.task


class Slow:
    """A file that is being read until `leave` is set."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.leave = threading.Event()
        self.reading = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def seek(self, offset: int) -> int:
        return offset

    def read(self, size: int) -> bytes:
        self._loop.call_soon_threadsafe(self.reading.set)
        self.leave.wait()
        if self.error is not None:
            raise self.error
        return bytes(size)


@pytest.mark.parametrize("error", [None, OSError(errno.EIO, "injected")])
@on_both_loops
async def test_a_file_is_let_go_of_before_the_body_ends(error: Exception | None) -> None:
    file = Slow(error)
    async with serving(answering_digest) as server, connected() as connector:
        body = FileBody(cast("BinaryIO", file), 0, 10)
        upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
        await file.reading.wait()
        upload.task.cancel()
        await asyncio.wait([upload.task])
        for _ in range(10):
            await asyncio.sleep(0)
        assert body.ended == 0
        file.leave.set()
        while not body.ended:  # noqa: ASYNC110  # it is a matter of a thread
            await asyncio.sleep(0)

        assert [type(exc) for exc in body.errors] == [asyncio.CancelledError]


@on_both_loops
async def test_what_reading_raises_comes_out_of_send() -> None:
    error = OSError(errno.EIO, "injected")
    file = Slow(error)
    file.leave.set()
    async with serving(answering_digest) as server, connected() as connector:
        body = FileBody(cast("BinaryIO", file), 0, 10)
        with pytest.raises(OSError, match="injected") as caught:
            await Upload(connector, f"http://127.0.0.1:{server.port}/", body).task

    assert caught.value is error
