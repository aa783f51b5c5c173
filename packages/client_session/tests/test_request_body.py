import asyncio
import gzip
from io import BytesIO
from typing import BinaryIO

import pytest

from martlet_client_session._payload import Payload
from martlet_client_session._request_body import PayloadBody
from martlet_client_session._stream_writer import AbstractStreamWriter
from martlet_client_session._upload_tracker import UploadTracker
from martlet_exceptions import UploadAbortedError

PIECES = (b"a" * 10, b"", bytearray(b"bc"), memoryview(b"defghi")[::2], b"j")
WHOLE = b"".join(bytes(piece) for piece in PIECES)


class Pieces(Payload):
    """Writes the pieces, each time; *error* comes after them."""

    def __init__(self, error: BaseException | None = None) -> None:
        super().__init__(None)
        self._size = len(WHOLE)
        self.error = error
        self.closed = 0

    @property
    def replayable(self) -> bool:
        return True

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return WHOLE.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        for piece in PIECES:
            await writer.write(bytes(piece) if isinstance(piece, memoryview) else piece)
        if self.error is not None:
            raise self.error

    async def close(self) -> None:
        self.closed += 1


class File(Pieces):
    """Can be sent without being read."""

    def file_span(self) -> tuple[BinaryIO, int, int] | None:
        return BytesIO(WHOLE), 3, 5 * 2**20


class Out:
    def __init__(self) -> None:
        self.data = b""

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.data += bytes(data)


class FileOut(Out):
    def __init__(self) -> None:
        super().__init__()
        self.spans: list[tuple[int, int]] = []

    async def send_file(self, file: BinaryIO, offset: int, count: int) -> None:
        self.spans.append((offset, count))


async def test_a_payload_is_written_whole_as_often_as_is_asked() -> None:
    body, out = PayloadBody(Pieces()), Out()
    assert (body.length, body.replayable) == (len(WHOLE), True)
    for _ in range(2):
        out.data = b""
        await body.write_to(out)
        assert out.data == WHOLE
        assert body.sent == len(WHOLE)


async def test_length_is_open_if_it_is_to_be() -> None:
    assert PayloadBody(Pieces(), chunked=True).length is None
    assert PayloadBody(Pieces(), coding="gzip").length is None


@pytest.mark.parametrize("size", [0, 5, 2**16, 3 * 2**16 + 1])
async def test_a_coding_is_applied(size: int) -> None:
    class Large(Pieces):
        async def write(self, writer: AbstractStreamWriter) -> None:
            await writer.write(bytes(size))
            await super().write(writer)

    body, out = PayloadBody(Large(), coding="gzip"), Out()
    await body.write_to(out)
    assert gzip.decompress(out.data) == bytes(size) + WHOLE
    assert body.sent == len(out.data)


async def test_a_coding_may_give_nothing_at_its_end() -> None:
    class Nothing:
        def encode(self, data: bytes | bytearray | memoryview, /) -> bytes:
            return bytes(data)

        def flush(self) -> bytes:
            return b""

        def finish(self) -> bytes:
            return b""

    from martlet_client_session._request_body import _Coder

    out = Out()
    coder = _Coder(out, Nothing())
    await coder.write(b"a")
    await coder.finish()
    assert out.data == b"a"


async def test_a_file_is_left_to_the_connector_that_can_send_it() -> None:
    body, out = PayloadBody(File()), FileOut()
    await body.write_to(out)
    assert out.spans == [(3, 5 * 2**20)]
    assert (out.data, body.sent) == (b"", 5 * 2**20)


async def test_a_file_is_sent_in_parts_if_somebody_follows() -> None:
    tracker = UploadTracker()
    body, out = PayloadBody(File(), tracker=tracker), FileOut()
    await body.write_to(out)
    assert len(out.spans) == 5
    assert out.spans[-1] == (3 + 4 * 2**20, 2**20)
    assert tracker.bytes_written == 5 * 2**20


async def test_a_file_is_read_where_it_cannot_be_sent() -> None:
    for payload, out, chunked in (
        (File(), Out(), False),
        (File(), FileOut(), True),
        (Pieces(), FileOut(), False),
    ):
        await PayloadBody(payload, chunked=chunked).write_to(out)
        assert out.data == WHOLE


async def test_what_is_no_regular_file_after_all_is_read() -> None:
    class Pipe(File):
        def file_span(self) -> tuple[BinaryIO, int, int] | None:
            return None

    out = FileOut()
    await PayloadBody(Pipe()).write_to(out)
    assert (out.data, out.spans) == (WHOLE, [])


async def test_a_tracker_sees_each_attempt() -> None:
    tracker = UploadTracker()
    body = PayloadBody(Pieces(), tracker=tracker)
    assert body.tracked() is tracker
    await body.write_to(Out())
    await body.write_to(Out())
    assert (tracker.attempts, tracker.bytes_written) == (2, len(WHOLE))
    await tracker.upload_complete
    await body.close()
    await tracker.upload_complete


async def test_a_payload_is_closed_when_there_is_no_other_attempt() -> None:
    payload = Pieces()
    body = PayloadBody(payload)
    await body.write_to(Out())
    assert payload.closed == 0
    await body.close()
    assert payload.closed == 1


async def test_a_payload_that_is_being_written_is_closed_after_that() -> None:
    class Held(Out):
        async def write(self, data: bytes | bytearray | memoryview, /) -> None:
            await asyncio.get_running_loop().create_future()

    payload, tracker = Pieces(), UploadTracker()
    body = PayloadBody(payload, tracker=tracker)
    task = asyncio.create_task(body.write_to(Held()))
    await asyncio.sleep(0)
    await body.close()
    assert payload.closed == 0
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert payload.closed == 1
    with pytest.raises(UploadAbortedError):
        await tracker.upload_complete


async def test_an_attempt_that_fails_is_not_the_end() -> None:
    tracker = UploadTracker()
    error = OSError("broken")
    body = PayloadBody(Pieces(error), tracker=tracker)
    with pytest.raises(OSError, match="broken"):
        await body.write_to(Out())
    assert not tracker.upload_complete.done()
    await body.close(error)
    with pytest.raises(UploadAbortedError) as raised:
        await tracker.upload_complete
    assert raised.value.__cause__ is error


async def test_who_follows_late_hears_the_end_all_the_same() -> None:
    body = PayloadBody(Pieces())
    await body.write_to(Out())
    await body.tracked().upload_complete
    body = PayloadBody(Pieces())
    await body.close()
    with pytest.raises(UploadAbortedError):
        await body.tracked().upload_complete
    body = PayloadBody(Pieces())
    assert not body.tracked().upload_complete.done()
    await body.close()


async def test_any_number_may_wait_until_it_is_at_rest() -> None:
    gate = asyncio.Event()

    class Gated(Out):
        async def write(self, data: bytes | bytearray | memoryview, /) -> None:
            await gate.wait()
            await super().write(data)

    body = PayloadBody(Pieces())
    await body.rest()
    writing = asyncio.create_task(body.write_to(Gated()))
    waiting = [asyncio.create_task(body.rest()) for _ in range(3)]
    await asyncio.sleep(0)
    assert body.begun
    # One that does not wait any more takes nothing from the others.
    waiting[0].cancel()
    await asyncio.sleep(0)
    assert [task.done() for task in waiting] == [True, False, False]
    gate.set()
    await asyncio.gather(*waiting[1:])
    assert body.sent == len(WHOLE)
    await writing
