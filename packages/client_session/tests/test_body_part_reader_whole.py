"""Reading a part whole, and decoding it."""

import base64
import gzip
import json

import pytest

from martlet_client_session._body_part_reader import BodyPartReader
from martlet_exceptions import ClientPayloadError, ContentEncodingError

from .multipart_bodies import Pieces, finish, one_part

BASE64 = b"Content-Transfer-Encoding: base64\r\n"
GZIP = b"Content-Encoding: gzip\r\n"
LATIN_1 = b"Content-Type: text/plain; charset=latin-1\r\n"
BOMB = gzip.compress(bytes(2**20))


def bounded(
    data: bytes, head: dict[str, str], most: int, error: type[Exception] = ValueError
) -> BodyPartReader:
    pieces = [data, b"\r\n--:--"]
    return BodyPartReader(
        b"--:", head, Pieces(pieces), client_max_size=most, max_size_error_cls=error
    )


async def test_large_part_is_read_in_few_calls() -> None:
    pieces = [bytes(2**16)] * 16
    stream = Pieces([*pieces, b"\r\n--:--"])
    part = BodyPartReader(b"--:", {}, stream)
    assert await part.read() == bytes(2**20)
    assert stream.reads == 17


async def test_part_that_comes_alone_is_not_copied() -> None:
    data = bytes(2**16)
    part = BodyPartReader(b"--:", {}, Pieces([data, b"\r\n--:--"]))
    assert await part.read() is data


async def test_read_decodes_when_it_is_told_to() -> None:
    assert await one_part(b"YWJj\r\nZA==", BASE64).read() == b"YWJj\r\nZA=="
    assert await one_part(b"YWJj\r\nZA==", BASE64).read(decode=True) == b"abcd"
    assert await one_part(gzip.compress(b"abc"), GZIP).read(decode=True) == b"abc"
    both = base64.b64encode(gzip.compress(b"abc"))
    assert await one_part(both, GZIP + BASE64).read(decode=True) == b"abc"
    assert await one_part(b"", GZIP + BASE64).read(decode=True) == b""
    assert await one_part(b"abc").read(decode=True) == b"abc"


async def test_forms_have_no_content_coding() -> None:
    data = gzip.compress(b"abc")
    part = one_part(data, GZIP + b"Content-Length: 1\r\n", subtype="form-data")
    assert await part.read(decode=True) == data


async def test_unknown_encodings_can_be_read_as_they_are() -> None:
    for head in (b"Content-Encoding: foo\r\n", b"Content-Transfer-Encoding: foo\r\n"):
        part = one_part(b"abc", head)
        with pytest.raises(ClientPayloadError, match="not known"):
            await part.read(decode=True)
        assert await part.read() == b"abc"


async def test_broken_encodings_are_refused() -> None:
    with pytest.raises(ClientPayloadError, match="base64"):
        await one_part(b"YW!j", BASE64).text()
    with pytest.raises(ContentEncodingError):
        await one_part(BOMB[:-1], GZIP).read(decode=True)


# The size


async def test_size_is_bounded() -> None:
    assert await bounded(b"x" * 10, {}, 10).read() == b"x" * 10
    with pytest.raises(ValueError, match="larger than client_max_size, 9 bytes"):
        await bounded(b"x" * 10, {}, 9).read()
    assert len(await bounded(b"x" * 10, {}, 9).read_chunk()) == 10


async def test_decoded_size_is_bounded_and_error_is_the_one_asked_for() -> None:
    class TooLargeError(Exception):
        pass

    head = {"Content-Encoding": "gzip"}
    part = bounded(BOMB, head, 300_000, TooLargeError)
    with pytest.raises(TooLargeError) as caught:
        await part.read(decode=True)
    assert caught.value.args == (300_000,)
    with pytest.raises(TooLargeError):
        part.decode(BOMB)
    assert part.decode(gzip.compress(b"abc")) == b"abc"


# Text


@pytest.mark.parametrize(
    ("data", "head", "encoding", "text"),
    [
        (b"\xc3\xa9", b"", None, "\u00e9"),
        (b"\xe9", LATIN_1, None, "\u00e9"),
        (b"\xe9", b"", "latin-1", "\u00e9"),
        (b"\xc3\xa9", LATIN_1, "utf-8", "\u00e9"),
        (b"w6k=", BASE64, None, "\u00e9"),
        (b"", b"", None, ""),
    ],
)
async def test_text(data: bytes, head: bytes, encoding: str | None, text: str) -> None:
    part = one_part(data, head)
    assert await part.text(encoding=encoding) == text
    assert await part.text(encoding=encoding) == ""


async def test_text_that_is_not_in_its_charset_is_refused() -> None:
    with pytest.raises(ClientPayloadError, match="not in its charset, utf-8"):
        await one_part(b"\xff").text()
    with pytest.raises(ClientPayloadError, match="not in its charset, utf-16"):
        await one_part(b"abc").json(encoding="utf-16")


@pytest.mark.parametrize("charset", [b"nope", b"punycode", b"base64", b"x" * 200])
async def test_unknown_charset_is_refused_and_can_be_overridden(charset: bytes) -> None:
    part = one_part(b"abc", b"Content-Type: text/plain; charset=" + charset + b"\r\n")
    with pytest.raises(ClientPayloadError, match="charset of a part is not known"):
        await part.text()
    with pytest.raises(ClientPayloadError, match="give encoding="):
        await part.form()
    assert await part.text(encoding="ascii") == "abc"


async def test_unknown_encoding_of_the_caller_is_refused() -> None:
    part = one_part(b"abc")
    with pytest.raises(ValueError, match="Not an encoding of text that Python knows: 'nope'"):
        await part.text(encoding="nope")
    assert await part.text() == "abc"


# JSON


async def test_json() -> None:
    assert await one_part(b'{"a": [1]}').json() == {"a": [1]}
    assert await one_part(b'"\xe9"', LATIN_1).json() == "\u00e9"
    assert await one_part(b'"\xe9"').json(encoding="latin-1") == "\u00e9"
    assert await one_part(b"").json() is None
    for malformed in (b"{", b" "):
        with pytest.raises(json.JSONDecodeError):
            await one_part(malformed).json()


# Forms


async def test_form() -> None:
    assert await one_part(b"a=1&b=%C3%A9+x&c&d=\r\n").form() == [
        ("a", "1"),
        ("b", "\u00e9 x"),
        ("c", ""),
        ("d", ""),
    ]
    assert await one_part(b"").form() == []
    assert await one_part(b"a=%e9", LATIN_1).form() == [("a", "\u00e9")]
    assert await one_part(b"a=%e9").form(encoding="latin-1") == [("a", "\u00e9")]
    assert await one_part(b"a=%e9").form() == [("a", "\ufffd")]
    with pytest.raises(ClientPayloadError, match="not in its charset"):
        await one_part(b"a=\xe9").form()


# Decoding


def test_decode_gives_back_what_is_not_encoded() -> None:
    data = bytearray(b"abc")
    assert one_part(b"").decode(data) is data
    assert one_part(b"", BASE64).decode(b"") == b""


def test_decode_takes_any_bytes() -> None:
    part = one_part(b"", BASE64)
    assert part.decode(b"YWJj") == b"abc"
    assert part.decode(bytearray(b"YWJj")) == b"abc"
    assert part.decode(memoryview(b"YWJj")) == b"abc"
    with pytest.raises(ClientPayloadError, match="ends early"):
        part.decode(b"YWJjY")


async def test_decoding_in_steps() -> None:
    part = one_part(b"", GZIP)
    assert [len(step) async for step in part.decode_iter(BOMB)] == [262144] * 4
    assert [step async for step in part.decode_iter(b"")] == []
    assert [step async for step in one_part(b"").decode_iter(b"abc")] == [b"abc"]
    with pytest.raises(ContentEncodingError):
        [step async for step in part.decode_iter(BOMB[:-1])]


def test_steps_have_the_size_asked_for() -> None:
    async def sizes() -> list[int]:
        part = BodyPartReader(
            b"--:", {"Content-Encoding": "gzip"}, Pieces([]), max_decompress_size=2**19
        )
        return [len(step) async for step in part.decode_iter(BOMB)]

    assert finish(sizes()) == [2**19] * 2
