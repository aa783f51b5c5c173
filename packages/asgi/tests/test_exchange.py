import asyncio

import pytest

from martlet_asgi import Receive, Scope, Send
from martlet_interfaces import ChunkReceived, Event, HeadSent

from .applications import (
    START,
    Told,
    call,
    connected,
    fetch,
    hello,
    piece,
    request_head,
    respond,
    settle,
)

# Heads and bodies


async def test_the_head_comes_with_the_first_event_of_the_body() -> None:
    gate = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await gate.wait()
        await send(piece(b""))
        await send(piece(b"one", more=False))

    async with connected(app) as connector:
        told = Told()
        sending = asyncio.ensure_future(call(connector, told=told))
        await settle()
        assert told.head is None
        gate.set()
        await sending
        assert await told.ended is None
    assert told.pieces == [b"one"]


async def test_pieces_come_as_they_are_sent() -> None:
    steps: list[str] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        for number in range(3):
            steps.append(f"sent {number}")
            await send(piece(b"%d" % number))
        await send(piece(b"", more=False))

    class Noting(Told):
        def feed(self, data: bytes, /) -> None:
            steps.append(f"got {data.decode()}")

    async with connected(app) as connector:
        told, _ = await call(connector, told=Noting())
        await told.ended
    assert steps == ["sent 0", "got 0", "sent 1", "got 1", "sent 2", "got 2"]


async def test_an_application_that_never_waits_leaves_others_their_turns() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        while True:
            await send(piece(b"x"))

    async with connected(app) as connector:
        told, exchange = await call(connector)
        await settle()
        exchange.abort()
        await connector.wait_idle()
    assert len(told.pieces) < 100


async def test_the_application_waits_while_it_is_paused() -> None:
    sent = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        for number in range(3):
            await send(piece(b"%d" % number, more=number < 2))
            sent.append(number)

    async with connected(app) as connector:
        told, _ = await call(connector, told=Told(pause=True))
        await settle()
        assert (sent, told.pieces) == ([], [])
        assert told.flow is not None
        told.flow.resume()
        assert await told.ended is None
        told.flow.pause()
        told.flow.resume()
    assert told.pieces == [b"0", b"1", b"2"]


async def test_events_sent_at_once_stay_in_order() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await asyncio.gather(*(send(piece(b"%d" % number)) for number in range(4)))
        await send(piece(b"", more=False))

    async with connected(app) as connector:
        told, _ = await call(connector, told=Told(pause=True))
        await settle()
        assert told.flow is not None
        told.flow.resume()
        await told.ended
    assert told.pieces == [b"0", b"1", b"2", b"3"]


async def test_a_client_that_goes_while_it_is_paused_is_noticed() -> None:
    errors = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        try:
            await send(piece(b"one"))
        except OSError as exc:
            errors.append(exc)

    async with connected(app) as connector:
        told, exchange = await call(connector, told=Told(pause=True))
        exchange.abort()
        await connector.wait_idle()
    assert told.pieces == []
    assert len(errors) == 1


async def test_a_sink_that_wants_chunks_gets_each_event_as_one() -> None:
    class Chunks(Told):
        def __init__(self) -> None:
            super().__init__()
            self.chunks: list[tuple[list[bytes], bool]] = []

        def feed_chunks(self, pieces: list[bytes], open_end: bool, /) -> None:
            self.chunks.append((pieces, open_end))

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"6")] if scope["path"] == "/sized" else []
        await send({**START, "headers": headers})
        await send(piece(b"one"))
        await send(piece(b"two", more=False))

    async with connected(app) as connector:
        told = Chunks()
        await call(connector, told=told)
        await told.ended
        assert (told.chunks, told.pieces) == ([([b"one"], False), ([b"two"], False)], [])
        told = Chunks()
        await call(connector, request_head("/sized"), told=told)
        await told.ended
        assert (told.chunks, told.pieces) == ([], [b"one", b"two"])


async def test_trailers_are_a_fact_of_the_exchange() -> None:
    gate = asyncio.Event()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        assert "http.response.trailers" in scope["extensions"]
        await send({**START, "trailers": True})
        await send(piece(b"one", more=False))
        await gate.wait()
        await send({"type": "http.response.trailers", "headers": [(b"x-sum", b"1")]})

    async with connected(app) as connector:
        told, exchange = await call(connector)
        assert exchange.info("trailers") == ()
        assert not told.ended.done()
        gate.set()
        assert await told.ended is None
    assert exchange.info("trailers") == (("x-sum", "1"),)


async def test_facts() -> None:
    async with connected(hello) as connector:
        exchange = (await fetch(connector)).exchange
    assert exchange.info("http_version") == "1.1"
    assert exchange.info("reused") is False
    assert exchange.info("peername") is None
    timings = exchange.info("timings")
    assert isinstance(timings, dict)
    assert 0 <= timings["first_byte"] <= timings["done"]


async def test_there_is_nothing_to_upgrade_to() -> None:
    async with connected(hello) as connector:
        exchange = (await fetch(connector)).exchange
        with pytest.raises(RuntimeError, match="did not switch protocols"):
            exchange.upgrade()


async def test_a_call_goes_on_after_its_response() -> None:
    done = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await respond(send)
        await settle()
        done.append("the rest")

    async with connected(app) as connector:
        (await fetch(connector)).exchange.release()
        assert done == []
        await connector.wait_idle()
        assert done == ["the rest"]


# Observers


class Listener:
    def __init__(self, fail_at: type[Event] | None = None) -> None:
        self.heard: list[Event] = []
        self.error = LookupError("the observer's own")
        self._fail_at = fail_at

    async def observe(self, event: Event, /) -> None:
        await asyncio.sleep(0)
        self.heard.append(event)
        if type(event) is self._fail_at:
            raise self.error


async def test_an_observer_hears_of_heads_and_pieces() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        await send(piece(b""))
        await send(piece(b"two", more=False))

    listener = Listener()
    async with connected(app) as connector:
        answer = await fetch(connector, observer=listener)
        await connector.wait_idle()
    assert answer.body == b"onetwo"
    assert listener.heard == [HeadSent(), ChunkReceived(b"one"), ChunkReceived(b"two")]


async def test_what_an_observer_raises_fails_the_rest() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(START)
        await send(piece(b"one"))
        await send(piece(b"two"))

    listener = Listener(ChunkReceived)
    async with connected(app) as connector:
        answer = await fetch(connector, observer=listener)
        await connector.wait_idle()
    assert answer.failure is listener.error
    assert answer.body == b"one"


async def test_what_an_observer_raises_first_comes_before_any_call() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError

    listener = Listener(HeadSent)
    async with connected(app) as connector:
        with pytest.raises(LookupError, match="the observer's own"):
            await call(connector, observer=listener)
