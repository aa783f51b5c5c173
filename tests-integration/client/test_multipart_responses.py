"""Multipart responses, read part by part."""

from typing import Any

import pytest

import martlet
from martlet_client_session import BodyPartReader, MultipartReader

from .asgi_multipart import CODED, EXAMPLES, JSON, LARGE, TRICKY
from .asgi_server import SCHEMES, AsgiServer, in_session
from .fault_server import request, send
from .world import LOOPS, LoopFactory, World, run


async def leaf(reader: Any) -> BodyPartReader:
    part = await reader.next()
    assert isinstance(part, BodyPartReader)
    return part


async def read_parts(reader: Any) -> None:
    while (part := await reader.next()) is not None:
        await (part.read() if isinstance(part, BodyPartReader) else read_parts(part))


@LOOPS
@SCHEMES
@pytest.mark.parametrize("size", [1_000_000, 1000, 13])
def test_every_part(asgi: AsgiServer, size: int, scheme: str, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.base(scheme)}/multipart?size={size}") as response:
            reader = MultipartReader.from_response(response)
            part = await leaf(reader)
            assert await part.text() == "Grüße"
            part = await leaf(reader)
            assert part.filename == "large.bin"
            assert await part.read() == LARGE
            inner = await reader.next()
            assert isinstance(inner, MultipartReader)
            for cte, content in EXAMPLES.items():
                part = await leaf(inner)
                assert part.filename == "naïve.bin", cte
                assert await part.read(decode=True) == content, cte
            assert await (await leaf(inner)).json() == JSON
            assert await inner.next() is None
            part = await leaf(reader)
            assert await part.read(decode=True) == CODED
            assert await (await leaf(reader)).read() == b""
            part = await leaf(reader)
            assert part.headers["x-last"] == "yes"
            assert await part.read() == TRICKY
            assert await reader.next() is None
            assert reader.at_eof()
        async with session.get(f"{asgi.base(scheme)}/peer") as response:
            assert response.get_extra_info("reused") is True

    in_session(loop_factory, scenario)


@LOOPS
def test_parts_that_are_not_read(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/multipart?size=10000") as response:
            kinds = [type(part).__name__ async for part in MultipartReader.from_response(response)]
        assert kinds == ["BodyPartReader"] * 2 + ["MultipartReader"] + ["BodyPartReader"] * 3
        async with session.get(f"{asgi.http}/multipart") as response:
            reader = MultipartReader.from_response(response)
            await (await leaf(reader)).read_chunk(3)
            await reader.release()

    in_session(loop_factory, scenario)


@LOOPS
def test_a_part_in_chunks(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/multipart?size=4097") as response:
            reader = MultipartReader.from_response(response)
            await leaf(reader)
            part, got = await leaf(reader), b""
            while piece := await part.read_chunk(5000):
                got += piece
            assert got == LARGE
            assert part.at_eof()

    in_session(loop_factory, scenario)


@LOOPS
@pytest.mark.parametrize("cut", [13, 30, 100, 100_000, 400_000])
def test_a_body_without_its_end(asgi: AsgiServer, cut: int, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/multipart?cut={cut}") as response:
            reader = MultipartReader.from_response(response)
            with pytest.raises(martlet.ClientPayloadError):
                await read_parts(reader)

    in_session(loop_factory, scenario)


@LOOPS
def test_what_is_no_multipart_response(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/json/plain") as response:
            with pytest.raises(ValueError, match="Not a multipart"):
                MultipartReader.from_response(response)

    in_session(loop_factory, scenario)


@LOOPS
def test_a_head_of_a_part_without_end(loop_factory: LoopFactory) -> None:
    raw = b"--b\r\nX-Endless: " + b"x" * 200_000 + b"\r\n\r\n\r\n--b--\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    head += b"Content-Length: %d\r\n\r\n" % len(raw)

    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            with pytest.raises(martlet.ClientPayloadError):
                await MultipartReader.from_response(response).next()

    run(loop_factory, scenario, [request, send(head + raw)])
