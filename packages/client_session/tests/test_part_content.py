import asyncio
import gzip

import pytest

from martlet_client_session._part_content import DecodedContent, MultipartSource, PartContent
from martlet_client_session._part_decoder import part_decoder
from martlet_exceptions import ClientPayloadError, PayloadEncodingError

from .multipart_bodies import Pieces, bytewise

BODY = b"--b\r\nA: b\r\n\r\nabcde\r\n--b\r\n\r\nfg\r\n--b--"


def source_of(*pieces: bytes) -> MultipartSource:
    return MultipartSource(Pieces(pieces), b"b")


async def part_of(body: bytes, length: int | None = None) -> PartContent:
    source = source_of(body)
    assert await source.next_head() is not None
    return PartContent(source, length)


@pytest.mark.parametrize("pieces", [[BODY], bytewise(BODY)])
async def test_source_gives_heads_and_data(pieces: list[bytes]) -> None:
    source = source_of(*pieces)
    assert await source.next_head() == b"A: b\r\n"
    data = b""
    while piece := await source.read(2):
        assert len(piece) <= 2
        data += piece
    assert data == b"abcde"
    assert await source.read(2) == b""
    assert await source.next_head() == b""
    assert await source.next_head() is None
    assert await source.next_head() is None


async def test_source_reads_any_stream() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(BODY)
    stream.feed_eof()
    assert await MultipartSource(stream, b"b").next_head() == b"A: b\r\n"


async def test_source_reads_other_bytes_too() -> None:
    class Views:
        async def readany(self) -> memoryview:
            return memoryview(BODY)

    source = MultipartSource(Views(), b"b")
    assert await source.next_head() == b"A: b\r\n"
    assert type(await source.read(9)) is bytes


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be read from bytes: give a stream"):
        MultipartSource(b"--b--", b"b")  # type: ignore[arg-type]  # what is tested


async def test_source_reads_no_further_than_the_end() -> None:
    stream = Pieces([BODY, b"\r\n", b"epilogue"])
    source = MultipartSource(stream, b"b")
    while await source.next_head() is not None:
        pass
    assert await stream.readany() == b"epilogue"


async def test_failure_of_the_stream_comes_out() -> None:
    class Failing:
        async def readany(self) -> bytes:
            raise ClientPayloadError("broken")

    source = MultipartSource(Failing(), b"b")
    for _ in range(2):
        with pytest.raises(ClientPayloadError, match="broken"):
            await source.next_head()


async def test_part_ends_with_its_last_byte() -> None:
    part = await part_of(BODY)
    assert part.depth == 1
    assert await part.read(4) == b"abcd"
    assert not part.at_eof()
    assert await part.readany() == b"e"
    assert part.at_eof()
    assert not part.passed_over
    assert await part.readany() == b""


async def test_part_that_was_skipped_is_empty() -> None:
    part = await part_of(BODY)
    await part.skip()
    assert part.passed_over
    assert part.at_eof()
    assert await part.read(9) == b""


async def test_part_is_passed_over_with_what_it_is_part_of() -> None:
    outer = await part_of(b"--b\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--")
    source = MultipartSource(outer, b"c")
    assert source.parent is outer
    assert await source.next_head() == b""
    inner = PartContent(source, None)
    assert inner.depth == 2
    assert not inner.at_eof()
    await outer.skip()
    assert inner.passed_over
    assert inner.at_eof()
    assert await inner.readany() == b""


async def test_length_that_is_right_changes_nothing() -> None:
    part = await part_of(BODY, 5)
    assert await part.read(3) == b"abc"
    assert await part.read(3) == b"de"
    empty = await part_of(b"--b\r\n\r\n\r\n--b--", 0)
    assert await empty.readany() == b""
    assert empty.at_eof()


@pytest.mark.parametrize("length", [0, 4, 6, 99])
async def test_length_that_is_not_where_the_delimiter_is_is_refused(length: int) -> None:
    part = await part_of(BODY, length)
    for _ in range(2):
        with pytest.raises(PayloadEncodingError, match="Content-Length of a part"):
            await part.skip()
    assert not part.at_eof()


async def decoded_part(data: bytes) -> DecodedContent:
    part = await part_of(b"--b\r\n\r\n" + data + b"\r\n--b--")
    decoder = part_decoder({"Content-Encoding": "gzip"}, "mixed")
    assert decoder is not None
    return DecodedContent(part, decoder, 100)


async def test_decoded_content_comes_in_steps() -> None:
    content = await decoded_part(gzip.compress(bytes(250)))
    assert [len(await content.readany()) for _ in range(5)] == [100, 100, 50, 0, 0]


async def test_nothing_is_no_broken_coding() -> None:
    assert await (await decoded_part(b"")).readany() == b""


async def test_coding_that_ends_early_is_refused() -> None:
    content = await decoded_part(gzip.compress(b"abc")[:-1])
    assert await content.readany() == b"abc"
    for _ in range(2):
        with pytest.raises(ClientPayloadError):
            await content.readany()
