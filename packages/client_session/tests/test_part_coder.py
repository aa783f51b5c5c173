import base64
import gzip
import quopri
import re
import tracemalloc
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._part_coder import PartCoder, part_codings
from martlet_client_session._stream_writer import BodyStreamWriter
from martlet_http_parser import content_decoder

from .part_recording import INJECTIONS, Recorder

TRANSFER = "Content-Transfer-Encoding"


async def coded(
    pieces: Iterable[bytes | bytearray | memoryview], coding: str, transfer: str
) -> bytes:
    recorder = Recorder()
    coder = PartCoder(BodyStreamWriter(recorder), coding, transfer)
    for piece in pieces:
        await coder.write(piece)
    await coder.finish()
    assert coder.output_size == len(recorder.data)
    assert b"" not in recorder.pieces
    return recorder.data


@pytest.mark.parametrize(
    ("headers", "codings"),
    [
        ({}, ("", "")),
        ({"Content-Encoding": "identity", TRANSFER: "binary"}, ("", "")),
        ({"Content-Encoding": " GZip\t", TRANSFER: " Base64 "}, ("gzip", "base64")),
        ({"Content-Encoding": "gzip, br", TRANSFER: "8bit"}, ("gzip, br", "")),
        ({TRANSFER: "7BIT"}, ("", "")),
        ({TRANSFER: "quoted-printable"}, ("", "quoted-printable")),
        ({TRANSFER: ""}, ("", "")),
    ],
)
def test_what_the_header_asks_for(headers: dict[str, str], codings: tuple[str, str]) -> None:
    assert part_codings(headers) == codings


@pytest.mark.parametrize("value", ["foo", "gzip", "base64, binary", *INJECTIONS])
def test_what_is_not_known_is_a_value_error(value: str) -> None:
    if value.strip(" \t"):
        with pytest.raises(ValueError, match="Not a Content-Transfer-Encoding"):
            part_codings({TRANSFER: value})
    if value != "gzip":
        with pytest.raises(ValueError, match="content coding"):
            part_codings({"Content-Encoding": f"x{value}"})


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, deflate"])
@pytest.mark.parametrize("transfer", ["", "base64", "quoted-printable"])
async def test_both_encodings_are_applied(coding: str, transfer: str) -> None:
    data = bytes(range(256)) * 1000
    result = await coded([data[:100_000], bytearray(data[100_000:])], coding, transfer)
    if transfer == "base64":
        result = base64.b64decode(result.replace(b"\r\n", b""), validate=True)
    elif transfer:
        result = quopri.decodestring(result)
    for name in reversed(coding.split(", ")):
        decoder = content_decoder(name)
        assert decoder is not None
        decoder.feed(result)
        result = b""
        while piece := decoder.read(1 << 16):
            result += piece
        decoder.finish()
    assert result == data


async def test_what_is_written_may_be_any_memory() -> None:
    pieces: list[bytes | bytearray | memoryview] = [
        memoryview(b"abcdef")[::2],
        memoryview(b"ABCD").cast("H"),
        bytearray(b"x"),
    ]
    assert await coded(pieces, "", "base64") == base64.b64encode(b"aceABCDx")
    assert gzip.decompress(await coded(pieces, "gzip", "")) == b"aceABCDx"


async def test_gzip_and_deflate_are_what_others_understand() -> None:
    assert gzip.decompress(await coded([b"ab", b"c"], "gzip", "")) == b"abc"
    assert zlib.decompress(await coded([b"abc"], "deflate", "")) == b"abc"


@pytest.mark.parametrize("transfer", ["base64", "quoted-printable"])
async def test_nothing_stays_nothing(transfer: str) -> None:
    assert await coded([], "", transfer) == b""
    assert await coded([b"", bytearray()], "", transfer) == b""


@pytest.mark.parametrize("size", [1, 2, 3, 56, 57, 58, 113, 114, 115, 1000, 200_000])
@pytest.mark.parametrize("step", [1, 57, 64, 200_000])
async def test_base64_has_lines_of_76(size: int, step: int) -> None:
    if size // step > 5000:
        step = 1000
    data = bytes(byte % 251 for byte in range(size))
    result = await coded([data[at : at + step] for at in range(0, size, step)], "", "base64")
    assert result == base64.encodebytes(data).rstrip(b"\n").replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("data", "result"),
    [
        (b"h\xc3\xbc= \r\n\tx", b"h=C3=BC=3D=20\r\n\tx"),
        (b"a\rb\nc\n\rd", b"a=0Db=0Ac=0A=0Dd"),
        (b"\r\n\r\n", b"\r\n\r\n"),
        (b"\r\r\n\n", b"=0D\r\n=0A"),
        (b"a b\t", b"a b=09"),
        (b"a\r", b"a=0D"),
        (b"a" * 80, b"a" * 75 + b"=\r\n" + b"a" * 5),
    ],
)
async def test_quoted_printable(data: bytes, result: bytes) -> None:
    assert await coded([data], "", "quoted-printable") == result
    one_by_one = [data[at : at + 1] for at in range(len(data))]
    assert await coded(one_by_one, "", "quoted-printable") == result


@pytest.mark.parametrize("tail", [b"", b"\r", b"\r\n", b"\n", b"x", b"\r\nx"])
@pytest.mark.parametrize("size", [4095, 4096, 4097, 8192, 8193])
async def test_a_long_line_is_broken_but_never_in_its_end(size: int, tail: bytes) -> None:
    data = b"y" * size + tail
    for pieces in ([data], [data[:-1], data[-1:]], [data[:4096], data[4096:]]):
        result = await coded(pieces, "", "quoted-printable")
        assert quopri.decodestring(result) == data
        assert all(len(line) <= 76 for line in result.split(b"\r\n"))
        assert not result.endswith(b"=\r\n")


PIECES = st.lists(st.binary(max_size=200) | st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b"="]))


@given(PIECES, st.binary(max_size=9000))
async def test_quoted_printable_is_read_as_the_same_bytes(pieces: list[bytes], long: bytes) -> None:
    pieces.append(long)
    result = await coded(pieces, "", "quoted-printable")
    assert quopri.decodestring(result) == b"".join(pieces)
    for line in result.split(b"\r\n"):
        assert len(line) <= 76
        assert re.fullmatch(rb"(?:[\t !-<>-~]|=[0-9A-F]{2})*=?", line)
        assert not line.endswith((b" ", b"\t"))


async def test_only_so_much_is_held() -> None:
    class Counter:
        async def write(self, data: bytes | bytearray | memoryview, /) -> None:
            pass

    data = memoryview(bytes(16 << 20))
    for coding, transfer in (("gzip", "base64"), ("", "base64"), ("", "quoted-printable")):
        coder = PartCoder(BodyStreamWriter(Counter()), coding, transfer)
        tracemalloc.start()
        await coder.write(data)
        await coder.finish()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2 << 20


async def test_it_writes_nothing_but_a_body() -> None:
    coder = PartCoder(BodyStreamWriter(Recorder()), "", "base64")
    with pytest.raises(RuntimeError):
        coder.enable_compression()
