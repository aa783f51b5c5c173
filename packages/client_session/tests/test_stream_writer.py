from collections.abc import Awaitable, Callable

import pytest
from multidict import CIMultiDict

from martlet_client_session._stream_writer import (
    AbstractStreamWriter,
    BodyStreamWriter,
    BoundedStreamWriter,
    GatheringStreamWriter,
)

from .payload_writing import Pieces


async def test_a_body_is_passed_on() -> None:
    out = Pieces()
    writer = BodyStreamWriter(out)
    for chunk in (b"ab", b"", bytearray(b"c"), memoryview(b"defg").cast("H"), memoryview(b"")):
        await writer.write(chunk)
    await writer.drain()
    await writer.write_eof()
    await writer.write_eof(b"h")
    assert out.pieces == [b"ab", b"c", b"defg", b"h"]
    assert writer.output_size == 8
    assert (writer.buffer_size, writer.length, writer.on_body_write) == (0, None, None)


async def test_only_so_much_is_passed_on() -> None:
    out = Pieces()
    writer = BoundedStreamWriter(BodyStreamWriter(out), 5)
    for chunk in (b"ab", memoryview(b"c-d-")[::2], b"", memoryview(b"ef").cast("H"), b"gh"):
        await writer.write(chunk)
    await writer.write_eof(b"i")
    assert out.pieces == [b"ab", b"cd", b"e"]
    assert (writer.length, writer.output_size) == (0, 5)


async def test_what_is_gathered_does_not_change() -> None:
    writer = GatheringStreamWriter()
    chunk = bytearray(b"ab")
    await writer.write(chunk)
    chunk[:] = b"--"
    await writer.write(memoryview(b"cdef").cast("H"))
    await writer.write_eof(b"g")
    assert (writer.gathered(), writer.output_size) == (b"abcdefg", 7)


@pytest.mark.parametrize(
    "make",
    [
        lambda: BodyStreamWriter(Pieces()),
        lambda: BoundedStreamWriter(GatheringStreamWriter(), 1),
        GatheringStreamWriter,
    ],
)
async def test_framing_is_not_for_payloads(make: Callable[[], AbstractStreamWriter]) -> None:
    writer = make()
    writer.send_headers()
    assert writer.transport is None
    with pytest.raises(RuntimeError, match="give compress="):
        writer.enable_compression()
    with pytest.raises(RuntimeError, match="give chunked="):
        writer.enable_chunking()
    head: Awaitable[None] = writer.write_headers("", CIMultiDict())
    with pytest.raises(RuntimeError, match="has been written already"):
        await head
