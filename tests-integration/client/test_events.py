"""Server-sent events, as they are in WHATWG HTML section 9.2."""

import pytest

import martlet

from .asgi_responses import EVENTS
from .asgi_server import SCHEMES, AsgiServer, in_session
from .fault_server import fin, request, send, stall
from .world import LOOPS, LoopFactory, World, run


@LOOPS
@SCHEMES
def test_events(asgi: AsgiServer, scheme: str, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.base(scheme)}/events") as response:
            events = [(one.event, one.data, one.id) async for one in response.events()]
        assert events == [
            ("message", "one", ""),
            ("add", "first\nsecond", "7"),
            ("message", "Grüße", "7"),
            ("message", "", "7"),
            ("message", "no space", ""),
        ]

    in_session(loop_factory, scenario)


@LOOPS
def test_another_media_type_is_no_event_stream(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        url = f"{asgi.http}/events?type=text/plain"
        async with session.get(url) as response:
            with pytest.raises(martlet.ContentTypeError):
                async for _ in response.events():
                    pass
        async with session.get(url) as response:
            events = [one.data async for one in response.events(content_type=None)]
            assert events[0] == "one"

    in_session(loop_factory, scenario)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@LOOPS
def test_an_event_is_there_before_the_next_one_comes(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            async for event in response.events():
                assert event.data == "one"
                break  # the server sends no more

    run(loop_factory, scenario, [request, send(HEAD + chunk(b"data: one\n\n")), stall])


@LOOPS
def test_a_stream_that_breaks_off_is_an_error(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            events = response.events()
            assert (await anext(events)).data == "one"
            with pytest.raises(martlet.ClientPayloadError):
                await anext(events)

    run(loop_factory, scenario, [request, send(HEAD + chunk(b"data: one\n\ndata: t")), fin])


@LOOPS
def test_a_line_without_end_is_an_error(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            with pytest.raises(martlet.ClientPayloadError):
                async for _ in response.events(max_line_size=1000):
                    pass

    run(loop_factory, scenario, [request, send(HEAD + chunk(b"data: " + b"x" * 10_000)), stall])


@LOOPS
def test_however_the_stream_is_cut(loop_factory: LoopFactory) -> None:
    stream = b"".join(EVENTS)
    raw = HEAD + b"".join(chunk(stream[at : at + 1]) for at in range(len(stream))) + chunk(b"")

    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            events = [(one.event, one.data) async for one in response.events()]
        assert events[1:3] == [("add", "first\nsecond"), ("message", "Grüße")]
        assert len(events) == 5

    run(loop_factory, scenario, [request, send(raw)])
