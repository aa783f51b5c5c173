import gzip
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

import pytest

from martlet_client_session._io_payload import (
    BufferedReaderPayload,
    BytesIOPayload,
    IOBasePayload,
    TextIOPayload,
)

from .payload_writing import fill, pieces, written, written_whole

MIB = 2**20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "né.txt"
    path.write_bytes(b"abcdef")
    return path


def pipe(data: bytes) -> IO[bytes]:
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return os.fdopen(reading, "rb")


async def test_a_file_is_sent_from_where_it_stands_and_closed(path: Path) -> None:
    file = path.open("rb")
    file.read(2)
    payload = BufferedReaderPayload(file)
    file.read(1)
    assert (payload.size, payload.content_type, payload.filename) == (4, "text/plain", "né.txt")
    assert (payload.replayable, payload.consumed, payload.autoclose) == (True, False, False)
    for _ in range(2):
        assert await written_whole(payload) == await payload.as_bytes() == b"cdef"
        assert payload.decode() == "cdef"
    assert payload.file_span() == (file, 2, 4)
    closed = [file.closed]
    await payload.close()
    await payload.close()
    closed.append(file.closed)
    assert closed == [False, True]
    with pytest.raises(ValueError, match="closed file"):
        await written(payload)


@pytest.mark.parametrize(("length", "expected"), [(0, b""), (3, b"abc"), (9, b"abcdef")])
async def test_only_so_much_is_sent(path: Path, length: int, expected: bytes) -> None:
    with path.open("rb", buffering=0) as file:
        assert await written(IOBasePayload(file), length) == expected
        assert file.tell() == len(expected)


async def test_it_is_sent_in_pieces(path: Path) -> None:
    fill(path, b"x" * (MIB + 1))
    with path.open("rb") as file:
        sizes = [len(piece) for piece in await pieces(IOBasePayload(file))]
    assert sizes == [MIB // 2, MIB // 2, 1]


@pytest.mark.parametrize(("now", "sent"), [(b"abcdefghi", b"abcdef"), (b"abc", b"abc")])
async def test_a_file_that_changes_is_sent_as_far_as_it_was(
    path: Path, now: bytes, sent: bytes
) -> None:
    with path.open("rb") as file:
        payload = IOBasePayload(file)
        fill(path, now)
        assert await written(payload) == sent
        assert payload.size == 6


async def test_a_pipe_is_sent_once() -> None:
    with pipe(b"abc") as file:
        payload = BufferedReaderPayload(file)
        assert (payload.size, payload.filename, payload.file_span()) == (None, None, None)
        assert (payload.replayable, payload.consumed) == (False, False)
        with pytest.raises(TypeError, match="use as_bytes"):
            payload.decode()
        assert await written(payload, 2) == b"ab"
        assert payload.consumed
        with pytest.raises(RuntimeError, match="sent already, and cannot be once more"):
            await written(payload)
        assert file.read() == b"c"


async def test_a_pipe_is_read_whole() -> None:
    with pipe(b"abc" * 1000) as file:
        assert await IOBasePayload(file).as_bytes() == b"abc" * 1000


async def test_what_a_file_makes_of_another_is_sent(path: Path) -> None:
    fill(path, gzip.compress(b"abc" * MIB))
    with gzip.open(path) as file:
        payload = IOBasePayload(cast("IO[bytes]", file))
        assert (payload.size, payload.file_span(), payload.replayable) == (None, None, True)
        for _ in range(2):
            assert await written(payload) == b"abc" * MIB
        assert await written(payload, 4) == b"abca"


@pytest.mark.parametrize("max_size", [2, 2000])
async def test_spooled_files_are_sent(max_size: int) -> None:
    with tempfile.SpooledTemporaryFile(max_size) as file:
        file.write(b"abcdef")
        file.seek(1)
        payload = IOBasePayload(file)
        assert (payload.size, payload.filename, payload.file_span()) == (5, None, None)
        assert await written(payload) == await written(payload) == b"bcdef"


async def test_memory_is_sent_and_not_closed() -> None:
    file = io.BytesIO(b"abc" * MIB)
    file.read(1)
    payload = BytesIOPayload(file)
    assert (payload.size, payload.filename, payload.file_span()) == (3 * MIB - 1, None, None)
    assert (payload.replayable, payload.autoclose) == (True, True)
    assert await written(payload) == await written(payload) == (b"abc" * MIB)[1:]
    assert await written(payload, 3) == b"bca"
    await payload.close()
    assert not file.closed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("/tmp/ab.txt", "ab.txt"),
        ("<stdin>", None),
        (3, None),
        (b"/tmp/ab", None),
        ("", None),
        ("/tmp/a\udcff", "a?"),
    ],
)
def test_a_file_is_named_as_it_is(name: object, expected: str | None) -> None:
    class Named(io.BytesIO):
        @property
        def name(self) -> object:
            return name

    payload = BytesIOPayload(Named())
    assert payload.filename == expected
    assert ("Content-Disposition" in payload.headers) is (expected is not None)


@pytest.mark.parametrize("kind", [IOBasePayload, BufferedReaderPayload])
def test_names_and_dispositions_can_be_said(kind: Callable[..., IOBasePayload], path: Path) -> None:
    with path.open("rb") as file:
        twice = "filename=\"n%C3%A9.txt\"; filename*=utf-8''n%C3%A9.txt"
        for payload, expected in [
            (kind(file), f"attachment; {twice}"),
            (kind(file, "form-data"), 'form-data; filename="né.txt"'),
            (kind(file, disposition=None), None),
            (kind(file, filename="b.png"), 'attachment; filename="b.png"'),
            (kind(file, "attachment", None, "a/b", "b"), 'attachment; filename="b"'),
            (kind(file, filename=None), None),
            (kind(file, headers={"content-disposition": "x"}), "x"),
        ]:
            assert payload.headers.get("Content-Disposition") == expected
        assert kind(file, filename="b.png").content_type == "image/png"


def test_files_that_cannot_be_read_are_refused(path: Path) -> None:
    for file in (path.open("ab"), path.open("ab", buffering=0)):
        with file, pytest.raises(ValueError, match="open it in mode rb"):
            IOBasePayload(file)
    with path.open("a") as text, pytest.raises(ValueError, match="open it in mode rb"):
        TextIOPayload(text)
    for payload, closed in [(IOBasePayload, path.open("rb")), (TextIOPayload, path.open())]:
        closed.close()
        with pytest.raises(ValueError, match="closed file"):
            payload(closed)
    memory = io.BytesIO()
    memory.close()
    with pytest.raises(ValueError, match="closed file"):
        BytesIOPayload(memory)


def test_text_is_refused_where_bytes_are_needed(path: Path) -> None:
    with path.open() as text, pytest.raises(TypeError, match="make a TextIOPayload"):
        IOBasePayload(text)
    with tempfile.SpooledTemporaryFile(mode="w+") as spooled:
        with pytest.raises(TypeError, match="make a TextIOPayload"):
            IOBasePayload(spooled)


class Gives(io.RawIOBase):
    def __init__(self, *gives: object) -> None:
        self.gives = list(gives)

    def read(self, size: int = -1) -> bytes:
        return cast("bytes", self.gives.pop(0))


@pytest.mark.parametrize("bad", ["text", None, 3])
async def test_a_file_has_to_give_bytes(bad: object) -> None:
    payload = IOBasePayload(cast("IO[bytes]", Gives(b"a", bad)))
    with pytest.raises(TypeError, match=f"give bytes, not {type(bad).__name__}"):
        await written(payload)


async def test_more_than_was_asked_for_is_not_sent() -> None:
    payload = IOBasePayload(cast("IO[bytes]", Gives(b"ab", b"cdefgh")))
    assert (payload.replayable, await written(payload, 4)) == (False, b"abcd")
