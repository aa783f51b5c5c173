"""The WebSocket server of the benchmark: what it sends back, and what it refuses."""

import asyncio
import contextlib
import os
import zlib
from collections.abc import AsyncIterator

import pytest

from bench._echo_server import Echo, _unmasked, listen
from bench._idle_memory import open_connections
from bench._processes import Cores
from bench._servers import _script

_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
_PROOF = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""Both are of RFC 6455, section 1.3."""
_MASK = b"\x37\xfa\x21\x3d"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def frame(first: int, payload: bytes) -> bytes:
    """A masked frame."""
    length = len(payload)
    if length < 126:
        head = bytes((first, 0x80 | length))
    elif length < 1 << 16:
        head = bytes((first, 0xFE)) + length.to_bytes(2, "big")
    else:
        head = bytes((first, 0xFF)) + length.to_bytes(8, "big")
    return head + _MASK + bytes(byte ^ _MASK[at % 4] for at, byte in enumerate(payload))


@pytest.fixture
async def port() -> AsyncIterator[int]:
    server = await listen()
    async with server:
        yield server.sockets[0].getsockname()[1]


@contextlib.asynccontextmanager
async def opened(port: int, path: str, more: str = "") -> AsyncIterator[tuple[bytes, *Streams]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\n{more}\r\n".encode())
        yield await reader.readuntil(b"\r\n\r\n"), reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def upgrade(extensions: str = "") -> str:
    offered = f"Sec-WebSocket-Extensions: {extensions}\r\n" if extensions else ""
    return f"Upgrade: websocket\r\nSec-WebSocket-Key: {_KEY}\r\n{offered}"


@pytest.mark.parametrize("length", [0, 1, 64, 125, 126, 4_096, 4_097, 65_535, 65_536, 100_003])
async def test_echo(port: int, length: int) -> None:
    message = os.urandom(length)
    async with opened(port, "/echo", upgrade()) as (head, reader, writer):
        assert head.startswith(b"HTTP/1.1 101 ")
        assert b"\r\nSec-WebSocket-Accept: " + _PROOF + b"\r\n" in head
        writer.write(frame(0x82, message))
        first, size = await reader.readexactly(2)
        if size > 125:
            size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
        assert (first, size) == (0x82, length)
        assert await reader.readexactly(length) == message


async def test_frames_in_any_pieces(port: int) -> None:
    sent = frame(0x82, b"one") + frame(0x81, b"two") + frame(0x89, b"?") + frame(0x88, b"\x03\xe8")
    async with opened(port, "/echo", upgrade()) as (_, reader, writer):
        for at in range(len(sent)):
            writer.write(sent[at : at + 1])
            await writer.drain()
            await asyncio.sleep(0)
        assert await reader.read(-1) == b"\x82\x03one\x81\x03two\x8a\x01?\x88\x02\x03\xe8"


async def test_compressed_messages_go_back_as_they_came(port: int) -> None:
    compressor, decompressor = zlib.compressobj(wbits=-15), zlib.decompressobj(-15)
    offer = upgrade("permessage-deflate; client_max_window_bits")
    async with opened(port, "/deflate", offer) as (head, reader, writer):
        assert b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n" in head
        for text in (b"a bird without feet", b"a bird without feet, again"):
            packed = compressor.compress(text) + compressor.flush(zlib.Z_SYNC_FLUSH)
            writer.write(frame(0xC1, packed[:-4]))
            first, size = await reader.readexactly(2)
            assert first == 0xC1
            came = await reader.readexactly(size)
            assert decompressor.decompress(came + b"\0\0\xff\xff") == text


@pytest.mark.parametrize(
    ("path", "first"), [("/deflate", 0x81), ("/echo", 0xC1), ("/echo", 0x01), ("/echo", 0x83)]
)
async def test_what_was_not_agreed_on_ends_it(port: int, path: str, first: int) -> None:
    async with opened(port, path, upgrade("permessage-deflate")) as (_, reader, writer):
        writer.write(frame(first, b"text"))
        with contextlib.suppress(ConnectionError):
            assert await reader.read(-1) == b""


@pytest.mark.parametrize(("path", "more"), [("/", upgrade()), ("/echo", "")])
async def test_no_handshake(port: int, path: str, more: str) -> None:
    async with opened(port, path, more) as (head, reader, _):
        assert head.startswith(b"HTTP/1.1 400 ")
        await reader.read(-1)


async def test_counts(port: int) -> None:
    async with opened(port, "/echo", upgrade()), opened(port, "/echo", upgrade()):
        assert len(Echo.opened) == 2
        assert await asyncio.to_thread(open_connections, port) == 2


async def test_process() -> None:
    with _script("_echo_server", [], Cores(None, None)) as (port,):
        async with opened(port, "/echo", upgrade()) as (_, reader, writer):
            writer.write(frame(0x82, b"one"))
            assert await reader.readexactly(5) == b"\x82\x03one"


@pytest.mark.parametrize("length", [0, 3, 4_096, 4_099])
def test_unmasked(length: int) -> None:
    plain = os.urandom(length)
    masked = bytes(byte ^ _MASK[at % 4] for at, byte in enumerate(plain))
    assert _unmasked(masked, _MASK) == plain
