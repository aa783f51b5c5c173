import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._async_payload import AsyncIterablePayload, StreamReaderPayload
from martlet_client_session._stream_reader import StreamReader
from martlet_client_session._stream_writer import BodyStreamWriter

from .payload_writing import Pieces, pieces, written

ITEMS = (b"abc", b"", bytearray(b"de"), memoryview(b"xfxg")[1::2], memoryview(b"hi").cast("H"))
WHOLE = b"abcdefghi"


class Source:
    """Counts what is asked of it."""

    def __init__(self, *items: object, error: BaseException | None = None) -> None:
        self.items = iter(items)
        self.error = error
        self.asked = 0
        self.closed = 0

    def __aiter__(self) -> "Source":
        return self

    async def __anext__(self) -> bytes:
        self.asked += 1
        for item in self.items:
            assert isinstance(item, bytes | bytearray | memoryview | str)
            return item  # type: ignore[return-value]  # whatever a test needs
        if self.error is not None:
            raise self.error
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self.closed += 1


class Fresh:
    """Is no iterator itself, and its iterator cannot be closed."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return Sequence(ITEMS)


class Sequence:
    def __init__(self, items: tuple[bytes | bytearray | memoryview, ...]) -> None:
        self.items = iter(items)

    def __aiter__(self) -> "Sequence":
        return self

    async def __anext__(self) -> bytes:
        for item in self.items:
            return item  # type: ignore[return-value]  # views are sent, too
        raise StopAsyncIteration


async def test_pieces_are_written_as_they_come_and_once() -> None:
    source = Source(*ITEMS)
    payload = AsyncIterablePayload(source)
    assert (payload.size, payload.content_type) == (None, "application/octet-stream")
    assert (payload.replayable, payload.consumed, payload.autoclose) == (False, False, True)
    assert await pieces(payload) == [b"abc", b"de", b"fg", b"hi"]
    assert (payload.consumed, source.closed) == (True, 1)
    for length in (None, 0):
        with pytest.raises(RuntimeError, match="sent already, and cannot be once more"):
            await written(payload, length)
    with pytest.raises(RuntimeError, match="sent already, and cannot be once more"):
        await payload.as_bytes()
    assert source.closed == 1


async def test_an_iterator_need_not_be_closed() -> None:
    assert await written(AsyncIterablePayload(Fresh())) == WHOLE


@given(st.lists(st.binary(max_size=5), max_size=6), st.integers(0, 20))
async def test_no_more_is_asked_for_than_is_needed(items: list[bytes], length: int) -> None:
    source = Source(*items)
    whole = b"".join(items)
    assert await written(AsyncIterablePayload(source), length) == whole[:length]
    sizes = [len(b"".join(items[:count])) for count in range(len(items) + 1)]
    needed = next((n for n, size in enumerate(sizes) if size >= length), len(items) + 1)
    assert (source.asked, source.closed) == (needed, 1)


async def test_what_is_kept_can_be_written_again() -> None:
    source = Source(*ITEMS)
    payload = AsyncIterablePayload(source, encoding="ascii")
    with pytest.raises(TypeError, match="use as_bytes"):
        payload.decode()
    assert await payload.as_bytes() == await payload.as_bytes() == WHOLE
    assert (payload.replayable, payload.consumed, payload.size) == (True, False, len(WHOLE))
    assert payload.decode() == WHOLE.decode()
    assert await written(payload) == await written(payload) == WHOLE
    assert await written(payload, 4) == WHOLE[:4]
    assert source.closed == 1


@pytest.mark.parametrize("length", [None, 100])
async def test_errors_come_out_as_they_are(length: int | None) -> None:
    error = ZeroDivisionError()
    source = Source(b"a", error=error)
    with pytest.raises(ZeroDivisionError) as raised:
        await written(AsyncIterablePayload(source), length)
    assert raised.value is error
    assert source.closed == 1


@pytest.mark.parametrize("length", [None, 100])
async def test_items_have_to_be_bytes(length: int | None) -> None:
    source = Source("text")
    with pytest.raises(TypeError, match="has to give bytes, not str: encode it"):
        await written(AsyncIterablePayload(source), length)
    assert source.closed == 1


async def numbers() -> AsyncGenerator[int]:
    yield 3


async def test_other_items_are_refused_too() -> None:
    with pytest.raises(TypeError, match=r"has to give bytes, not int\Z"):
        await written(AsyncIterablePayload(numbers()))  # type: ignore[arg-type]  # that is it


async def test_a_writer_that_fails_closes_the_generator() -> None:
    ends = []

    async def generate() -> AsyncGenerator[bytes]:
        try:
            yield b"a"
            yield b"b"
        finally:
            ends.append("closed")

    payload = AsyncIterablePayload(generate())
    with pytest.raises(OSError, match="broken"):
        await payload.write(BodyStreamWriter(Pieces(OSError("broken"), after=1)))
    assert ends == ["closed"]


@pytest.mark.parametrize("where", ["iterator", "writer"])
async def test_cancellation_closes_the_generator(where: str) -> None:
    reached = asyncio.Event()
    ends = []

    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    async def generate() -> AsyncGenerator[bytes]:
        try:
            if where == "iterator":
                await wait()
            yield b"a"
        finally:
            ends.append("closed")

    class Waiting(Pieces):
        async def write(self, data: bytes | bytearray | memoryview, /) -> None:
            await wait()

    payload = AsyncIterablePayload(generate())
    task = asyncio.ensure_future(payload.write(BodyStreamWriter(Waiting())))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ends == ["closed"]


async def test_what_cannot_be_sent_is_refused() -> None:
    for value in (3, [b"a"], b"a"):
        with pytest.raises(TypeError, match="An async iterable is needed, not"):
            AsyncIterablePayload(value)  # type: ignore[arg-type]  # that is the point

    async def generate() -> AsyncGenerator[bytes]:
        yield b"a"

    generator = generate()
    assert await written(AsyncIterablePayload(generator)) == b"a"
    with pytest.raises(ValueError, match="has ended already"):
        AsyncIterablePayload(generator)


async def test_what_was_never_sent_is_left_as_it_is() -> None:
    source = Source(b"a")
    payload = AsyncIterablePayload(source)
    await payload.close()
    assert (source.asked, source.closed) == (0, 0)


async def test_a_stream_is_sent_as_it_comes() -> None:
    class Flow:
        def pause_reading(self) -> None: ...

        def resume_reading(self) -> None: ...

    stream = StreamReader(Flow(), 2**16)
    stream.feed_data(b"line\nrest")
    stream.feed_eof()
    payload = StreamReaderPayload(stream, content_type="text/x")
    assert (payload.size, payload.content_type, payload.replayable) == (None, "text/x", False)
    assert await written(payload) == b"line\nrest"
