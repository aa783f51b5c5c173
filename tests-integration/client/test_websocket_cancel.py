"""What a WebSocket does may be cancelled anywhere: no message is lost, nothing stays behind."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from inspect import CORO_CLOSED, getcoroutinestate
from typing import Any

import pytest

from martlet_client_session._client_ws_response import ClientWebSocketResponse
from martlet_websocket import (
    DeflateParameters,
    WebSocketConnection,
    WSMsgType,
    WSState,
    accept_handshake,
)

from .fault_server import Peer
from .test_cancel_everywhere import Action, Scenario, points
from .world import LOOPS, LoopFactory, World

WORDS = ["one " * 5000, "two", "three " * 5000, "four"]
COUNT = len(WORDS)
# Much more than the system's buffers hold, and hardly smaller when compressed.
LARGE = [random.Random(number).randbytes(150_000).hex() for number in range(30)]


async def echo(peer: Peer) -> None:
    """Be a server that sends everything back."""
    head = await peer.request()
    lines = head.decode().split("\r\n")[1:-2]
    fields = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    accepted = accept_handshake("GET", fields, deflate=DeflateParameters())
    said = "".join(f"{name}: {value}\r\n" for name, value in accepted.fields)
    peer.writer.write(f"HTTP/1.1 101 Switching Protocols\r\n{said}\r\n".encode())
    connection = WebSocketConnection(client=False, deflate=accepted.deflate)
    while connection.state is not WSState.CLOSED:
        data = await peer.reader.read(65536)
        if not data:
            return
        for message in connection.receive_data(data):
            if message.type is WSMsgType.TEXT:
                # In two parts, so that receiving takes a while.
                frame = connection.send_text(message.data)
                peer.writer.write(frame[:5])
                await asyncio.sleep(0)
                peer.writer.write(frame[5:])
        peer.writer.write(connection.answers())
    peer.writer.close()


def address(world: World) -> str:
    return world.url.replace("http", "ws", 1)


async def connecting(world: World) -> Action:
    async def action() -> None:
        async with world.session.ws_connect(address(world), heartbeat=60) as ws:
            await ws.send_str("hello")
            assert await ws.receive_str() == "hello"

    return action()


def with_socket(
    act: Callable[[ClientWebSocketResponse, list[str]], Coroutine[Any, Any, None]],
    conclude: Callable[[ClientWebSocketResponse, list[str]], Awaitable[None]],
    **options: Any,
) -> Callable[[World], Awaitable[Action]]:
    """Make a scenario: *act* is cancelled, and then *conclude* has to succeed."""

    async def prepare(world: World) -> Action:
        ws = await world.session.ws_connect(address(world), **options)
        seen: list[str] = []
        action = act(ws, seen)

        async def rest() -> None:
            # What is cancelled before it begins could not say so itself.
            while getcoroutinestate(action) != CORO_CLOSED:  # noqa: ASYNC110  # see above
                await asyncio.sleep(0)
            async with ws:
                await conclude(ws, seen)

        world.beside(rest())
        return action

    return prepare


async def send_and_receive(ws: ClientWebSocketResponse, seen: list[str]) -> None:
    for word in WORDS:
        await ws.send_str(word)
    while len(seen) < COUNT:
        seen.append(await ws.receive_str(timeout=60))


async def receive_the_rest(ws: ClientWebSocketResponse, seen: list[str]) -> None:
    await ws.send_str("last")
    while not seen or seen[-1] != "last":
        seen.append(await ws.receive_str())
    assert seen[:-1] == WORDS[: len(seen) - 1]


async def send_much(ws: ClientWebSocketResponse, seen: list[str]) -> None:
    for number, text in enumerate(LARGE):
        await ws.send_str(text, compress=(None, 0, 2)[number % 3])
        seen.append(text)


async def receive_much(ws: ClientWebSocketResponse, seen: list[str]) -> None:
    sending = asyncio.ensure_future(ws.send_str("last"))
    number = 0
    while (message := await ws.receive_str()) != "last":
        assert message == LARGE[number]
        number += 1
    await sending
    # What was cancelled went out whole, or had not begun.
    assert len(seen) <= number <= len(seen) + 1


async def close(ws: ClientWebSocketResponse, _seen: list[str]) -> None:
    await ws.send_str("unread")
    await ws.close()


async def is_closed(ws: ClientWebSocketResponse, _seen: list[str]) -> None:
    assert not ws.closed or (await ws.receive()).type is WSMsgType.CLOSED


SCENARIOS = [
    Scenario("opening", connecting, [[echo]]),
    Scenario("opening over TLS", connecting, [[echo]], tls=True),
    Scenario("receiving", with_socket(send_and_receive, receive_the_rest), [[echo]]),
    Scenario(
        "receiving what is compressed",
        with_socket(send_and_receive, receive_the_rest, compress=15),
        [[echo]],
    ),
    Scenario("sending", with_socket(send_much, receive_much), [[echo]]),
    Scenario(
        "sending what is compressed", with_socket(send_much, receive_much, compress=15), [[echo]]
    ),
    Scenario("closing", with_socket(close, is_closed), [[echo]]),
    Scenario("closing over TLS", with_socket(close, is_closed), [[echo]], tls=True),
]


@LOOPS
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_cancelled_after_any_number_of_iterations(
    loop_factory: LoopFactory, scenario: Scenario
) -> None:
    count = points(loop_factory, scenario, in_its_tick=False)
    print(f"{count} points")
    assert count >= 2


@LOOPS
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_cancelled_in_the_tick_in_which_a_wait_is_over(
    loop_factory: LoopFactory, scenario: Scenario
) -> None:
    count = points(loop_factory, scenario, in_its_tick=True)
    print(f"{count} points")
    assert count >= 2
