"""`serve_origin`: the same origin, spoken to by hand over a socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from martlet_interfaces.testing import OriginResponse, conformance_origin, serve_origin
from martlet_interfaces.testing._origin import FIELDS, LARGE_SIZE, PARTIAL

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected() -> AsyncIterator[Streams]:
    async with serve_origin() as url:
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


def request(line: str, *fields: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: x", *fields, "\r\n"]).encode() + body


async def read_head(reader: asyncio.StreamReader) -> tuple[bytes, list[bytes]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    return lines[0], lines[1:-2]


async def read_chunked(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        assert await reader.readline() == b"\r\n"
    assert await reader.readline() == b"\r\n"
    return body


async def read_to_end(reader: asyncio.StreamReader) -> None:
    # What the server had still to send decides in which of the two ways it is gone.
    with suppress(ConnectionError):
        while await reader.read(65536):
            pass


async def test_requests_follow_one_another_on_a_connection() -> None:
    async with connected() as (reader, writer):
        for number in range(3):
            writer.write(request(f"GET /echo?{number}"))
            line, _ = await read_head(reader)
            assert line == b"HTTP/1.1 200 "
            assert json.loads(await read_chunked(reader))["target"] == f"/echo?{number}"


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("Content-Length: 9", b"some body"),
        ("Transfer-Encoding: chunked", b"5\r\nsome \r\n4;x=y\r\nbody\r\n0\r\n\r\n"),
    ],
    ids=["sized", "chunked"],
)
async def test_bodies_are_read_in_both_framings(field: str, body: bytes) -> None:
    async with connected() as (reader, writer):
        for _ in range(2):
            writer.write(request("PUT /echo", field, body=body))
            await read_head(reader)
            assert json.loads(await read_chunked(reader))["body"] == "some body"


async def test_fields_go_out_byte_for_byte() -> None:
    async with connected() as (reader, writer):
        writer.write(request("GET /fields"))
        _, fields = await read_head(reader)
        expected = [f"{n}: {v}".encode("utf-8", "surrogateescape") for n, v in FIELDS]
        assert fields == [*expected, b"Transfer-Encoding: chunked"]
        assert b"\xff" in expected[2]


async def test_a_known_length_is_not_chunked() -> None:
    async with connected() as (reader, writer):
        writer.write(request("GET /large"))
        _, fields = await read_head(reader)
        assert fields == [b"Content-Length: %d" % LARGE_SIZE]
        assert len(await reader.readexactly(LARGE_SIZE)) == LARGE_SIZE


@pytest.mark.parametrize(
    "line", ["HEAD /large", "HEAD /echo", "GET /status/204", "GET /status/304"]
)
async def test_responses_without_a_body_have_none(line: str) -> None:
    async with connected() as (reader, writer):
        writer.write(request(line) + request("GET /status/404"))
        await read_head(reader)
        assert (await read_head(reader))[0] == b"HTTP/1.1 404 Not Found"


async def test_it_breaks_off_before_the_head() -> None:
    async with connected() as (reader, writer):
        writer.write(request("GET /break-before-head"))
        assert await reader.read() == b""


async def test_it_breaks_off_in_the_body() -> None:
    async with connected() as (reader, writer):
        writer.write(request("GET /break-in-body"))
        await read_head(reader)
        assert await reader.read() == PARTIAL


async def test_a_chunked_body_that_breaks_off_has_no_last_chunk() -> None:
    def application(
        _method: str, _target: str, _headers: Sequence[tuple[str, str]], _body: bytes
    ) -> OriginResponse:
        broken = conformance_origin("GET", "/break-in-body", [], b"")
        return OriginResponse(chunks=broken.chunks, then=broken.then)

    async with serve_origin(application) as url:
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(request("GET /"))
        await read_head(reader)
        assert await reader.read() == b"e\r\n%b\r\n" % PARTIAL
        writer.close()
        await writer.wait_closed()


async def test_early_is_answered_before_the_body_is_there() -> None:
    async with connected() as (reader, writer):
        writer.write(request("PUT /early", "Content-Length: 100"))
        line, _ = await read_head(reader)
        assert line == b"HTTP/1.1 413 "
        # It goes on reading, so that the client can go on writing.
        writer.write(bytes(100))
        assert await reader.readexactly(len(PARTIAL)) == PARTIAL


async def test_it_hangs_until_the_client_goes_away() -> None:
    async with connected() as (_, writer):
        writer.write(request("GET /hang"))
        await writer.drain()


async def test_its_end_closes_every_connection() -> None:
    async with serve_origin() as url:
        hanging = [await asyncio.open_connection(url.host, url.port) for _ in range(3)]
        for _, writer in hanging[1:]:
            writer.write(request("GET /hang-in-body"))
        for reader, _ in hanging[1:]:
            await read_head(reader)
        # One that gets more than it reads.
        hanging[0][1].write(request("GET /large"))
        await read_head(hanging[0][0])
    for reader, writer in hanging:
        await read_to_end(reader)
        writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(url.host, url.port)


@pytest.mark.parametrize("data", [b"", b"GET /echo HTT", request("PUT /", "Content-Length: 9")])
async def test_a_client_that_goes_away_early_is_forgotten(data: bytes) -> None:
    async with connected() as (reader, writer):
        writer.write(data)
        writer.write_eof()
        assert await reader.read() == b""


@pytest.mark.parametrize(
    "data",
    [
        b"GET /echo\r\n\r\n",
        request("PUT /echo", "Content-Length: many"),
        request("PUT /echo", "Transfer-Encoding: chunked", body=b"some\r\n"),
        b"x" * 1024 * 1024 * 2,
    ],
    ids=["line", "length", "chunk", "size"],
)
async def test_what_is_no_request_is_answered_as_such(data: bytes) -> None:
    async with connected() as (reader, writer):
        writer.write(data)
        line, _ = await read_head(reader)
        assert line == b"HTTP/1.1 400 Bad Request"


async def test_a_client_that_breaks_off_is_forgotten() -> None:
    async with connected() as (reader, writer):
        writer.write(request("GET /large"))
        await read_head(reader)
        writer.transport.abort()
