"""Files sent by the system: what arrives is what is in them."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from martlet_connector_pool import TCPConnector, UnixConnector
from martlet_connector_pool._upload import Http1BodyWriter
from martlet_exceptions import ClientPayloadError
from martlet_interfaces import BodyWriter, ChunkSent

from .proxies import ORIGIN, connected, on_both_loops, served_by
from .scripted import Log
from .servers import serving
from .uploads import (
    FileBody,
    Kernel,
    Upload,
    answering_digest,
    answering_later,
    closed_down_to,
    content,
    digest,
    never_reading,
    open_files,
    unix_serving,
)

DATA = content(20_000_003)
SPANS = [
    (0, 0),
    (17, 1),
    (0, 4096),
    (4095, 65_537),
    (1_234_567, 3_000_001),
    (0, 20_000_003),
    (1, 20_000_000),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "data"
    path.write_bytes(DATA)
    return path


@asynccontextmanager
async def origin_of(
    kind: str, folder: Path
) -> AsyncIterator[tuple[TCPConnector | UnixConnector, str]]:
    """Give a connector, and the URL of a server that answers with digests."""
    if kind == "unix":
        async with unix_serving(folder / "s", answering_digest):
            async with UnixConnector(folder / "s") as unix:
                yield unix, "http://origin.test/"
        return
    tls = served_by(ORIGIN) if kind == "https" else None
    async with serving(answering_digest, tls=tls) as server, connected() as connector:
        yield connector, f"{kind}://origin.test:{server.port}/"


@pytest.mark.parametrize(("offset", "count"), SPANS)
@on_both_loops
async def test_any_part_of_a_file_arrives(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offset: int, count: int
) -> None:
    kernel = Kernel(monkeypatch)
    async with origin_of("http", tmp_path) as (connector, url):
        with path.open("rb") as file:
            for _ in range(2):
                found = await Upload(connector, url, FileBody(file, offset, count)).body()
                assert found == digest(DATA[offset : offset + count])
            before = open_files()
            upload = Upload(connector, url, FileBody(file, offset, count))
            await upload.body()

            assert open_files() == before
            assert file.tell() == 0
            assert (await upload.exchange()).info("reused")
    assert kernel.sent == 3 * count


@on_both_loops
async def test_a_unix_socket_takes_files_too(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = Kernel(monkeypatch)
    async with origin_of("unix", tmp_path) as (connector, url):
        with path.open("rb") as file:
            found = await Upload(connector, url, FileBody(file, 3, 9_000_000)).body()

    assert found == digest(DATA[3 : 3 + 9_000_000])
    assert kernel.sent == 9_000_000


@pytest.mark.parametrize("size", [1, 100_000, 3_000_000])
@on_both_loops
async def test_it_does_not_overtake_what_was_written_before(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    kernel = Kernel(monkeypatch)
    before, after = content(size)[::-1], content(size)
    async with origin_of("http", tmp_path) as (connector, url):
        with path.open("rb") as file:
            body = FileBody(file, 5, 5_000_000, before=before, after=after)
            found = await Upload(connector, url, body).body()

    assert found == digest(before + DATA[5:5_000_005] + after)
    assert kernel.sent == 5_000_000


@on_both_loops
async def test_it_waits_for_what_the_transport_holds(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel, go_on, written = Kernel(monkeypatch), asyncio.Event(), asyncio.Event()
    much = content(16_000_000)[::-1]

    class Pushing(FileBody):
        async def write_to(self, out: BodyWriter, /) -> None:
            assert isinstance(out, Http1BodyWriter)
            self.transport = out._connection.transport
            self.transport.set_write_buffer_limits(1 << 30)
            await out.write(much)
            written.set()
            await super().write_to(out)

    async with serving(answering_later(go_on)) as server, connected() as connector:
        with path.open("rb") as file:
            body = Pushing(file, 11, 7_000_000)
            body.length = len(much) + 7_000_000
            upload = Upload(connector, f"http://127.0.0.1:{server.port}/", body)
            await written.wait()
            for _ in range(20):
                await asyncio.sleep(0)
            assert kernel.calls == 0
            go_on.set()

            assert await upload.body() == digest(much + DATA[11:7_000_011])
            assert body.transport.get_write_buffer_limits() == (16384, 65536)
    assert kernel.sent == 7_000_000


async def _read_whole(path: Path, folder: Path, kind: str = "http", **options: bool) -> None:
    async with origin_of(kind, folder) as (connector, url):
        with path.open("rb") as file:
            body = FileBody(file, 7, 2_000_000, before=b"<", after=b">", **options)
            assert await Upload(connector, url, body).body() == digest(
                b"<" + DATA[7:2_000_007] + b">"
            )


@pytest.mark.parametrize("kind", ["https", "chunked", "no sendfile", "no sendfile and no pread"])
@on_both_loops
async def test_where_the_system_cannot_it_is_read(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    kernel = Kernel(monkeypatch)
    if kind.startswith("no"):
        monkeypatch.delattr(os, "sendfile")
    if kind.endswith("pread"):
        monkeypatch.delattr(os, "pread")
    scheme = "https" if kind == "https" else "http"
    await _read_whole(path, tmp_path, scheme, chunked=kind == "chunked")

    assert kernel.calls == 0


@on_both_loops
async def test_an_observer_hears_of_every_piece(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel, log = Kernel(monkeypatch), Log()
    async with origin_of("http", tmp_path) as (connector, url):
        with path.open("rb") as file:
            body = FileBody(file, 7, 1_200_000)
            found = await Upload(connector, url, body, observer=log).body()

    pieces = [event.chunk for event in log.events if isinstance(event, ChunkSent)]
    assert found == digest(b"".join(pieces)) == digest(DATA[7:1_200_007])
    assert [len(piece) for piece in pieces] == [524_288, 524_288, 151_424]
    assert kernel.calls == 0


class Unnumbered:
    """A file without a descriptor that does not say so, and that reads less than it is asked."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def seek(self, offset: int) -> int:
        return self._file.seek(offset)

    def read(self, size: int) -> bytes:
        return self._file.read(min(size, 100_000))


@pytest.mark.parametrize("kind", [io.BytesIO, Unnumbered])
@on_both_loops
async def test_a_file_in_memory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Callable[[bytes], BinaryIO]
) -> None:
    kernel = Kernel(monkeypatch)
    async with origin_of("http", tmp_path) as (connector, url):
        body = FileBody(kind(DATA[:1_000_000]), 9, 900_000)
        assert await Upload(connector, url, body).body() == digest(DATA[9:900_009])

    assert kernel.sent == 0


@pytest.mark.parametrize("chunked", [False, True])
@on_both_loops
async def test_a_file_that_is_too_short(path: Path, tmp_path: Path, chunked: bool) -> None:
    message = (
        "The request's body is 7 bytes shorter than it was to be: its file has ended"
        if chunked
        else "The request's body is 7 bytes shorter than its Content-Length: its file has ended"
    )
    async with origin_of("http", tmp_path) as (connector, url):
        with path.open("rb") as file:
            body = FileBody(file, len(DATA) - 100_000, 100_007, chunked=chunked)
            with pytest.raises(ClientPayloadError, match=f"^{message}$"):
                await Upload(connector, url, body).task
            assert await Upload(connector, url, FileBody(file, 0, 3)).body() == digest(DATA[:3])


@on_both_loops
async def test_a_file_is_held_to_the_announced_length(path: Path, tmp_path: Path) -> None:
    async with origin_of("http", tmp_path) as (connector, url):
        with path.open("rb") as file:
            body = FileBody(file, 0, 100)
            body.length = 90
            with pytest.raises(ClientPayloadError, match=r"10 bytes longer than its Content-Leng"):
                await Upload(connector, url, body).task


@pytest.mark.parametrize(("offset", "count"), [(-1, 5), (0, -5)])
@on_both_loops
async def test_negative_numbers_are_refused(
    path: Path, tmp_path: Path, offset: int, count: int
) -> None:
    async with origin_of("http", tmp_path) as (connector, url):
        with path.open("rb") as file:
            body = FileBody(file, offset, count)
            body.length = 5
            with pytest.raises(ValueError, match=rf"no part of {count} bytes from {offset} on"):
                await Upload(connector, url, body).task


@on_both_loops
async def test_a_file_that_is_truncated_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel, go_on = Kernel(monkeypatch), asyncio.Event()
    path = tmp_path / "data"
    path.write_bytes(DATA)
    async with serving(never_reading(go_on)) as server, connected() as connector:
        with path.open("rb") as file:
            before = open_files()
            upload = Upload(
                connector, f"http://127.0.0.1:{server.port}/", FileBody(file, 0, len(DATA))
            )
            await kernel.stuck()
            os.truncate(path, kernel.sent + 1000)
            go_on.set()
            with pytest.raises(ClientPayloadError, match=r"bytes shorter than its Content-Length"):
                await upload.task
            left = len(DATA) - kernel.sent
            assert f"{left} bytes" in str(upload.task.exception())
            await closed_down_to(before)
