"""Reading a part as it was sent, and what its header says."""

import asyncio
import base64
import quopri
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._body_part_reader import BodyPartReader
from martlet_exceptions import ClientPayloadError

from .multipart_bodies import (
    BOUNDARIES,
    DATA,
    Leaf,
    Pieces,
    Tree,
    cut,
    finish,
    one_part,
    reader,
    render,
)

BASE64 = b"Content-Transfer-Encoding: base64\r\n"
CUTS = st.lists(st.integers(0, 999), max_size=6)


def part_in_pieces(data: bytes, cuts: list[int], *fields: tuple[str, str]) -> BodyPartReader:
    body = render(Tree((), (Leaf(fields, data),)))
    part = finish(reader(*cut(body, cuts), boundary=BOUNDARIES[0].decode()).next())
    assert isinstance(part, BodyPartReader)
    return part


async def chunks(part: BodyPartReader, size: int) -> list[bytes]:
    read = []
    while chunk := await part.read_chunk(size):
        read.append(chunk)
    return read


async def test_chunks_have_the_size_asked_for() -> None:
    part = one_part(b"abcdefgh")
    assert await chunks(part, 3) == [b"abc", b"def", b"gh"]
    assert part.at_eof()
    assert await part.read_chunk() == b""


async def test_chunks_have_8192_bytes_by_default() -> None:
    assert BodyPartReader.chunk_size == 8192
    assert len(await one_part(bytes(10_000)).read_chunk()) == 8192


@pytest.mark.parametrize("size", [0, -1])
async def test_chunks_of_nothing_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        await one_part(b"x").read_chunk(size)


@given(DATA, CUTS, st.integers(1, 9))
def test_chunks_are_all_of_the_data(data: bytes, cuts: list[int], size: int) -> None:
    read = finish(chunks(part_in_pieces(data, cuts), size))
    assert b"".join(read) == data
    assert all(len(chunk) <= size for chunk in read)


@given(st.binary(max_size=60), CUTS, st.integers(1, 9), st.booleans())
def test_chunks_of_encoded_parts_can_be_decoded_by_themselves(
    data: bytes, cuts: list[int], size: int, printable: bool
) -> None:
    coded = quopri.encodestring(data) if printable else base64.encodebytes(data)
    encoding = "quoted-printable" if printable else "base64"
    part = part_in_pieces(coded, cuts, ("Content-Transfer-Encoding", encoding))
    expected = quopri.decodestring(coded) if printable else data
    assert b"".join(map(part.decode, finish(chunks(part, size)))) == expected
    assert part.at_eof()


async def test_chunk_is_not_at_its_end_while_some_of_it_waits() -> None:
    part = one_part(b"YWJjYWJj", BASE64)
    assert await part.read_chunk(6) == b"YWJj"
    assert not part.at_eof()
    assert await part.read_chunk(6) == b"YWJj"
    assert part.at_eof()


async def test_last_chunk_of_broken_base64_is_given_as_it_is() -> None:
    part = one_part(b"YWJjYW", BASE64)
    assert await chunks(part, 4) == [b"YWJj", b"YW"]


async def lines(part: BodyPartReader) -> list[bytes]:
    read = []
    while line := await part.readline():
        read.append(line)
    return read


async def test_lines_have_their_ends() -> None:
    part = one_part(b"one\r\ntwo\n\n\rthree\r\n\r\nend")
    assert await part.readline() == b"one\r\n"
    assert not part.at_eof()
    assert await lines(part) == [b"two\n", b"\n", b"\rthree\r\n", b"\r\n", b"end"]
    assert part.at_eof()
    assert await part.readline() == b""


@given(DATA, CUTS)
def test_lines_are_all_of_the_data(data: bytes, cuts: list[int]) -> None:
    read = finish(lines(part_in_pieces(data, cuts)))
    assert read == list(BytesIO(data))


async def test_line_is_bounded() -> None:
    body = [b"--b\r\n\r\n", *[bytes(2**16)] * 17]
    part = await reader(*body).next()
    assert isinstance(part, BodyPartReader)
    with pytest.raises(ClientPayloadError, match=r"longer than 1048576 bytes: use read_chunk"):
        await part.readline()


async def test_ways_of_reading_can_be_mixed() -> None:
    part = one_part(b"one\ntwo\nthree\nfour")
    assert await part.readline() == b"one\n"
    assert await part.read_chunk(2) == b"tw"
    assert await part.readline() == b"o\n"
    assert await part.read() == b"three\nfour"
    assert part.at_eof()


async def test_released_part_is_empty() -> None:
    part = one_part(b"one\ntwo")
    assert await part.readline() == b"one\n"
    for _ in range(2):
        await part.release()
        assert part.at_eof()
    assert await part.readline() == b""
    assert await part.read() == b""
    assert await part.read_chunk() == b""


async def test_part_that_ends_early_raises_whatever_reads_it() -> None:
    body = b"--b\r\n\r\nabc\r\n-"
    for read in (
        lambda part: part.read(),
        lambda part: part.readline(),
        lambda part: part.release(),
        lambda part: chunks(part, 2),
        lambda part: part.text(),
    ):
        with pytest.raises(ClientPayloadError, match="ended within the data of a part"):
            await read(await reader(body).next())


async def test_reader_can_be_made_of_a_stream() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(b"Hello\r\n--:\r\n")
    part = BodyPartReader(b"--:", {"content-type": "text/plain; charset=x"}, stream)
    assert await part.read() == b"Hello"
    assert await part.read() == b""
    assert part.get_charset("d") == "x"
    empty = BodyPartReader(b"--:", {}, Pieces([b"--:--"]))
    assert not empty.at_eof()
    assert await empty.read() == b""
    assert empty.at_eof()


async def test_reader_of_a_stream_knows_its_length() -> None:
    part = BodyPartReader(b"--:", {"content-length": "4"}, Pieces([b"Hello\r\n--:"]))
    with pytest.raises(ClientPayloadError, match="Content-Length"):
        await part.read()


def test_step_has_to_be_positive() -> None:
    with pytest.raises(ValueError, match="max_decompress_size has to be positive: 0"):
        BodyPartReader(b"--:", {}, Pieces([]), max_decompress_size=0)


async def test_iterating_gives_the_part_whole() -> None:
    assert [data async for data in one_part(b"abc")] == [b"abc"]
    assert [data async for data in one_part(b"")] == []
    part = one_part(b"abc")
    assert await part.next() == b"abc"
    assert await part.next() is None


# The header


@pytest.mark.parametrize(
    ("field", "name", "filename"),
    [
        (b"form-data; name=a; filename=b.txt", "a", "b.txt"),
        (b'form-data; name="a b"; filename="\xe2\x82\xac"', "a b", "\u20ac"),
        (b"form-data; name=a; filename=x; filename*=utf-8''%e2%82%ac", "a", "\u20ac"),
        (b'attachment; filename*0="a"; filename*1="b"', None, "ab"),
        (b"form-data", None, None),
        (b"", None, None),
    ],
)
def test_names(field: bytes, name: str | None, filename: str | None) -> None:
    part = one_part(b"", b"content-disposition: " + field + b"\r\n")
    assert (part.name, part.filename) == (name, filename)


def test_part_without_header() -> None:
    part = one_part(b"")
    assert (part.name, part.filename, dict(part.headers)) == (None, None, {})
    assert repr(part) == "<BodyPartReader open, no type>"


def test_charset() -> None:
    assert one_part(b"").get_charset("d") == "d"
    assert one_part(b"", b"Content-Type: a/b; Charset=X\r\n").get_charset("d") == "X"
    part = BodyPartReader(b"--:", {}, Pieces([]), default_charset="form's")
    assert part.get_charset("d") == "form's"


async def test_repr_says_whether_it_has_been_read() -> None:
    part = one_part(b"", b"Content-Type: a/b\r\n")
    await part.read()
    assert repr(part) == "<BodyPartReader eof, a/b>"
