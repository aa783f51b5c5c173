import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from martlet_asgi import ApplicationError, LifespanError, Message, Receive, Scope, Send
from martlet_asgi._lifespan import Lifespan, LifespanMode

from .applications import BoomError, settle

Step = Callable[[Scope, Receive, Send], Awaitable[None]]
COMPLETE: Message = {"type": "lifespan.startup.complete"}
STOPPED: Message = {"type": "lifespan.shutdown.complete"}


def made(app: Any, mode: LifespanMode = "auto") -> Lifespan:
    return Lifespan(app, mode)


async def started(app: Any, mode: LifespanMode = "auto") -> Lifespan:
    lifespan = made(app, mode)
    await lifespan.startup()
    return lifespan


@pytest.mark.parametrize("mode", ["auto", "on"])
async def test_an_application_is_started_and_shut_down(mode: LifespanMode) -> None:
    heard: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append({**scope, "state": dict(scope["state"])})
        heard.append(await receive())
        scope["state"]["pool"] = 5
        await send(COMPLETE)
        heard.append(await receive())
        await send(STOPPED)
        heard.append("over")

    lifespan = made(app, mode)
    assert (lifespan.ready, lifespan.begun) == (False, False)
    await lifespan.startup()
    assert (lifespan.ready, lifespan.begun) == (True, True)
    assert lifespan.state == {"pool": 5}
    asgi = {"version": "3.0", "spec_version": "2.0"}
    assert heard == [{"type": "lifespan", "asgi": asgi, "state": {}}, {"type": "lifespan.startup"}]
    await lifespan.shutdown()
    assert heard[2:] == [{"type": "lifespan.shutdown"}, "over"]
    await lifespan.shutdown()


async def test_many_may_wait_for_the_one_start_and_one_may_stop_waiting() -> None:
    gate, calls = asyncio.Event(), []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        calls.append(await receive())
        await gate.wait()
        await send(COMPLETE)
        await receive()

    lifespan = made(app)
    waiting = [asyncio.ensure_future(lifespan.startup()) for _ in range(3)]
    await settle()
    waiting[0].cancel()
    await settle()
    gate.set()
    await asyncio.gather(*waiting[1:])
    assert len(calls) == 1
    await lifespan.shutdown()


async def test_off_asks_nothing() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError

    lifespan = made(app, "off")
    assert lifespan.ready
    await lifespan.startup()
    await lifespan.shutdown()
    assert not lifespan.begun


async def raises(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise BoomError("at the scope")


async def returns(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Know no lifespan."""


async def sends_nonsense(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "lifespan.startup.completed"})


@pytest.mark.parametrize("app", [raises, returns, sends_nonsense])
async def test_auto_takes_applications_that_know_no_lifespan(app: Any) -> None:
    lifespan = await started(app)
    assert lifespan.ready
    await lifespan.startup()
    await lifespan.shutdown()


@pytest.mark.parametrize(
    ("app", "text", "cause"),
    [
        (raises, r"failed to start: BoomError\('at the scope'\)", BoomError),
        (returns, "returned, and did not start", type(None)),
        (sends_nonsense, "sent 'lifespan.startup.completed' while starting", ApplicationError),
    ],
)
async def test_on_does_not(app: Any, text: str, cause: type[BaseException]) -> None:
    lifespan = made(app, "on")
    for _ in range(2):
        with pytest.raises(LifespanError, match=text) as caught:
            await lifespan.startup()
        assert isinstance(caught.value.__cause__, cause)
        assert not lifespan.ready
    await lifespan.shutdown()


@pytest.mark.parametrize("mode", ["auto", "on"])
@pytest.mark.parametrize(
    ("message", "text"),
    [({"message": "no database"}, "to start: no database"), ({}, "to start: it does not say why")],
)
async def test_what_says_that_it_failed_to_start_is_an_error(
    mode: LifespanMode, message: dict[str, str], text: str
) -> None:
    error = BoomError()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", **message})
        raise error

    lifespan = made(app, mode)
    with pytest.raises(LifespanError, match=text):
        await lifespan.startup()
    await settle()
    with pytest.raises(LifespanError, match=text) as caught:
        await lifespan.startup()
    assert caught.value.__cause__ is error
    await lifespan.shutdown()


async def test_what_says_that_it_failed_to_shut_down_is_an_error() -> None:
    error = BoomError()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "not flushed"})
        raise error

    lifespan = await started(app)
    with pytest.raises(LifespanError, match="to shut down: not flushed") as caught:
        await lifespan.shutdown()
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("complete", [False, True])
async def test_what_it_raises_at_its_end_is_an_error(complete: bool) -> None:
    error = BoomError("late")

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)
        await receive()
        if complete:
            await send(STOPPED)
        raise error

    lifespan = await started(app)
    with pytest.raises(LifespanError, match=r"in its lifespan: BoomError\('late'\)") as caught:
        await lifespan.shutdown()
    assert caught.value.__cause__ is error


async def test_what_it_raises_meanwhile_is_told_at_the_end() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)
        raise BoomError("meanwhile")

    lifespan = await started(app)
    await settle()
    assert lifespan.ready
    with pytest.raises(LifespanError, match="meanwhile"):
        await lifespan.shutdown()


async def test_one_may_return_before_the_end() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)

    lifespan = await started(app)
    await settle()
    await lifespan.shutdown()


async def test_one_that_waits_after_the_end_is_told() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send(COMPLETE)
        await receive()
        await send(STOPPED)
        await receive()

    lifespan = await started(app)
    with pytest.raises(LifespanError, match=r"an event after 'lifespan\.shutdown'"):
        await lifespan.shutdown()


async def test_events_have_their_time() -> None:
    errors: list[str] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        for wrong, due in [(STOPPED, COMPLETE), (COMPLETE, None)]:
            with pytest.raises(ApplicationError) as caught:
                await send(wrong)
            errors.append(str(caught.value))
            if due is not None:
                await send(due)
        await receive()
        await receive()

    lifespan = await started(app)
    await lifespan.shutdown()
    assert errors == [
        "The application sent 'lifespan.shutdown.complete' while starting",
        "The application sent 'lifespan.startup.complete' while running",
    ]


async def test_an_end_while_it_starts_stops_it() -> None:
    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()
        await asyncio.Event().wait()

    lifespan = made(app)
    starting = asyncio.ensure_future(lifespan.startup())
    await settle()
    await lifespan.shutdown()
    with pytest.raises(LifespanError, match="stopped while it started"):
        await starting


async def test_it_may_be_cancelled() -> None:
    ended = asyncio.Event()

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await send(COMPLETE)
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    made(app).cancel()
    lifespan = await started(app)
    lifespan.cancel()
    await ended.wait()
    await lifespan.shutdown()
