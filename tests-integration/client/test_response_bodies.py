"""Reading the body of a response: in pieces, cut short, given up; and its connection after it."""

import asyncio
import itertools

import pytest

import martlet

from .asgi_responses import CHUNKS
from .asgi_server import SCHEMES, AsgiServer, in_session
from .asgi_streams import BLOCK, CODINGS, TEXT, coded
from .fault_server import fin, request, send
from .world import LOOPS, LoopFactory, World, run

MUCH = 20_000_000


async def peer(session: martlet.ClientSession, base: str) -> str:
    async with session.get(f"{base}/peer") as response:
        return await response.text()


async def gather(content: martlet.StreamReader, into: bytearray) -> None:
    async for piece in content.iter_chunked(1000):
        into += piece


@LOOPS
@SCHEMES
def test_chunks_are_told_apart_as_the_server_sent_them(
    asgi: AsgiServer, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.base(scheme)}/chunks") as response:
            chunks = [b""]
            async for data, ends in response.content.iter_chunks():
                chunks[-1] += data
                if ends:
                    chunks.append(b"")
        expected = [bytes([number]) * size for number, size in enumerate(CHUNKS)]
        assert chunks == [*expected, b""]

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
@pytest.mark.parametrize("framing", ["", "?chunked"], ids=["sized", "chunked"])
def test_every_way_to_read_gives_each_byte_once(
    asgi: AsgiServer, framing: str, scheme: str, loop_factory: LoopFactory
) -> None:
    size = 1_000_001
    expected = (BLOCK * (size // len(BLOCK) + 1))[:size]

    async def scenario(session: martlet.ClientSession) -> None:
        url = f"{asgi.base(scheme)}/bytes/{size}{framing}"
        async with session.get(url) as response:
            assert await response.read() == expected
            assert await response.read() == expected
        async with session.get(url) as response:
            pieces = [piece async for piece in response.content.iter_chunked(10_000)]
            assert max(map(len, pieces)) <= 10_000
            assert b"".join(pieces) == expected
        async with session.get(url) as response:
            assert b"".join([piece async for piece in response.content.iter_any()]) == expected
        async with session.get(url) as response:
            first = await response.content.readexactly(7)
            rest = await response.content.read()
            assert first + rest == expected
            with pytest.raises(asyncio.IncompleteReadError):
                await response.content.readexactly(1)
        async with session.get(url, read_bufsize=1000) as response:
            until = await response.content.readuntil(b"\n")
            assert until == expected[: expected.index(b"\n") + 1]
            assert until + await response.content.read() == expected

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
@pytest.mark.parametrize("coding", CODINGS)
def test_codings_are_removed_unless_told_otherwise(
    asgi: AsgiServer, coding: str, scheme: str, loop_factory: LoopFactory
) -> None:
    url = f"{asgi.base(scheme)}/coded/{coding}"

    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(url) as response:
            assert await response.text() == TEXT
            assert response.headers["Content-Encoding"] == coding
            assert response.content_length == len(coded(coding, TEXT.encode()))
        async with session.get(url) as response:
            lines = [line.decode() async for line in response.content]
            assert lines == TEXT.splitlines(keepends=True)
        async with session.get(url, auto_decompress=False) as response:
            assert await response.read() == coded(coding, TEXT.encode())

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("less", [1, 20, 1000])
def test_a_truncated_coding_is_an_error(
    asgi: AsgiServer, coding: str, less: int, scheme: str, loop_factory: LoopFactory
) -> None:
    url = f"{asgi.base(scheme)}/truncated/{coding}?less={less}"

    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(url) as response:
            with pytest.raises(martlet.ClientPayloadError, match=coding):
                await response.read()
        got = bytearray()
        async with session.get(url) as response:
            with pytest.raises(martlet.ClientPayloadError, match=coding):
                await gather(response.content, got)
        assert TEXT.encode().startswith(got)
        assert await peer(session, asgi.base(scheme))

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
def test_what_was_read_stays_and_what_was_not_is_gone(
    asgi: AsgiServer, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.base(scheme)}/json/plain") as response:
            body = await response.read()
        assert await response.read() == body
        assert await response.text() == body.decode()
        assert (await response.json())["name"] == "Grüße"
        async with session.get(f"{asgi.base(scheme)}/bytes/{MUCH}") as response:
            await response.content.read(10)
        for read in (response.read, response.text, response.json, response.content.readany):
            with pytest.raises(martlet.ClientConnectionError):
                await read()

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
def test_a_connection_goes_on_after_a_whole_body_only(
    asgi: AsgiServer, scheme: str, loop_factory: LoopFactory
) -> None:
    base = asgi.base(scheme)

    async def scenario(session: martlet.ClientSession) -> None:
        ports = [await peer(session, base)]
        async with session.get(f"{base}/bytes/{MUCH}") as response:
            await response.read()
        ports.append(await peer(session, base))
        response = await session.get(f"{base}/bytes/1000")
        await response.read()
        response.close()  # it has all come
        assert response.closed
        ports.append(await peer(session, base))
        assert len(set(ports)) == 1

        for end in ("close", "release", "wait_for_close", "leave", "del"):
            response = await session.get(f"{base}/bytes/{MUCH}")
            await response.content.read(10)
            assert not response.closed
            if end == "close":
                response.close()
            elif end == "release":
                response.release()
            elif end == "wait_for_close":
                await response.wait_for_close()
            elif end == "leave":
                async with response:
                    pass
            else:
                with pytest.warns(ResourceWarning, match="Unclosed response"):
                    del response
            ports.append(await peer(session, base))
        tail = ports[2:]
        assert all(one != other for one, other in itertools.pairwise(tail)), tail
        assert "0 active, 1 idle" in repr(session.connector)

    in_session(loop_factory, scenario)


@LOOPS
def test_a_body_that_ends_with_the_connection(loop_factory: LoopFactory) -> None:
    raw = b"HTTP/1.1 200 OK\r\n\r\nuntil the end"

    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            assert response.content_length is None
            assert await response.read() == b"until the end"
        async with world.session.get(world.url, read_until_eof=False) as response:
            assert await response.read() == b""

    run(loop_factory, scenario, [request, send(raw), fin], [request, send(raw), fin])


@LOOPS
def test_chunks_are_cut_from_what_is_decoded(loop_factory: LoopFactory) -> None:
    body = coded("gzip", TEXT.encode())
    half = len(body) // 2
    raw = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    for piece in (body[:half], body[half:]):
        raw += b"%x\r\n%s\r\n" % (len(piece), piece)

    async def scenario(world: World) -> None:
        got = b""
        async with world.session.get(world.url) as response:
            async for data, _ in response.content.iter_chunks():
                got += data
        assert got.decode() == TEXT

    run(loop_factory, scenario, [request, send(raw + b"0\r\n\r\n")])
