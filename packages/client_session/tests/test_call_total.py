"""The limit on a request as a whole, over redirects and middlewares."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from martlet_client_session import (
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
)
from martlet_client_session._middlewares import ClientHandlerType, ClientMiddlewareType
from martlet_exceptions import ClientConnectionError, TotalTimeoutError

from .redirecting import chain, redirect
from .scripted import Script, ScriptedConnector, ScriptedExchange, answer, run_virtual

Check = Callable[[ClientSession, ScriptedConnector], Awaitable[None]]


def passing_time(seconds: float) -> "asyncio.Future[None]":
    loop = asyncio.get_running_loop()
    passed: asyncio.Future[None] = loop.create_future()

    def pass_on() -> None:
        if not passed.done():
            passed.set_result(None)

    loop.call_later(seconds, pass_on)
    return passed


def after(seconds: float, script: Script) -> Script:
    async def late(exchange: ScriptedExchange) -> None:
        await passing_time(seconds)
        await script(exchange)

    return late


async def passing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    return await handler(request)


def on_virtual_clock(script: Script, check: Check, *middlewares: ClientMiddlewareType) -> float:
    """Run *check*; no deadline and no cancellation may be left. Returns the seconds."""

    async def main() -> None:
        connector = ScriptedConnector(script)
        async with ClientSession(
            connector=connector, timeout=10, middlewares=middlewares
        ) as session:
            await check(session, connector)
            assert session._deadlines.idle
            task = asyncio.current_task()
            assert task is not None
            assert task.cancelling() == 0

    return run_virtual(main)


WITHOUT_AND_WITH: list[tuple[ClientMiddlewareType, ...]] = [(), (passing, passing)]


@pytest.mark.parametrize("middlewares", WITHOUT_AND_WITH)
def test_it_holds_for_all_hops_together(middlewares: tuple[ClientMiddlewareType, ...]) -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(TotalTimeoutError) as caught:
            await session.get("http://u:secret@h/a")
        error = caught.value
        assert (error.phase, error.limit, str(error.url)) == ("total", 10, "http://h/a")
        assert error.elapsed == pytest.approx(10, abs=0.01)
        assert len(connector.exchanges) == 3
        assert [exchange.calls for exchange in connector.exchanges] == [["release"]] * 2 + [[]]

    took = on_virtual_clock(after(4, redirect("/x")), check, *middlewares)
    assert took == pytest.approx(10, abs=0.01)


@pytest.mark.parametrize("middlewares", WITHOUT_AND_WITH)
def test_it_holds_for_the_body_of_the_last_one(
    middlewares: tuple[ClientMiddlewareType, ...],
) -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        response = await session.get("http://h/a")
        with pytest.raises(TotalTimeoutError) as caught:
            await response.read()
        assert caught.value.elapsed == pytest.approx(10, abs=0.01)
        assert connector.exchange.calls[0] == "abort"

    script = chain(after(4, redirect("/x")), after(4, answer(b"part", complete=False)))
    assert on_virtual_clock(script, check, *middlewares) == pytest.approx(10, abs=0.01)


def test_a_response_that_is_whole_ends_it() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        response = await session.get("http://h/a")
        await passing_time(100)
        assert await response.read() == b"whole"

    on_virtual_clock(chain(after(4, redirect("/x")), answer(b"whole")), check)


def test_each_middleware_knows_when_the_time_is_up() -> None:
    seen: list[float | None] = []

    async def noting(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        seen.append(request.deadline)
        return await handler(request)

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        await session.get("http://h/a")
        await session.get("http://h/b", timeout=None)
        await session.get("http://h/b", timeout=ClientTimeout(sock_read=1))

    on_virtual_clock(chain(after(4, redirect("/x")), answer()), check, noting)
    assert seen == [pytest.approx(10), pytest.approx(10), None, None]


def test_it_holds_for_a_middleware_that_waits() -> None:
    async def waiting(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        response = await handler(request)
        await passing_time(20)
        return response

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(TotalTimeoutError):
            await session.get("http://h/")
        assert connector.exchange.calls == ["abort"]

    took = on_virtual_clock(answer(complete=False), check, waiting)
    assert took == pytest.approx(10, abs=0.01)


@pytest.mark.parametrize("wait", [0, 20])
def test_a_middleware_that_catches_its_cancellation_does_not_get_round_it(wait: float) -> None:
    async def catching(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        try:
            await passing_time(30)
        except asyncio.CancelledError:
            await passing_time(wait)
        return await handler(request)

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(TotalTimeoutError) as caught:
            await session.get("http://h/")
        assert isinstance(caught.value.__cause__, asyncio.CancelledError)
        assert connector.exchange.calls == ["abort"]

    on_virtual_clock(answer(complete=False), check, catching)


def test_a_middleware_that_makes_another_error_of_it_has_that_come_out() -> None:
    async def making(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        try:
            return await handler(request)
        except asyncio.CancelledError:
            raise ClientConnectionError("mine") from None

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(ClientConnectionError, match="mine"):
            await session.get("http://h/")

    on_virtual_clock(after(50, answer()), check, making)


@pytest.mark.parametrize(("inner", "error"), [(9, "inner"), (10, "total"), (11, "total")])
def test_a_limit_of_a_middleware_is_not_mistaken_for_it(inner: float, error: str) -> None:
    async def limiting(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        async with asyncio.timeout(inner):
            return await handler(request)

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(TimeoutError) as caught:
            await session.get("http://h/")
        assert isinstance(caught.value, TotalTimeoutError) == (error == "total")

    on_virtual_clock(after(50, answer()), check, limiting)


@pytest.mark.parametrize("middlewares", WITHOUT_AND_WITH)
@pytest.mark.parametrize("hops", [0, 1])
def test_the_callers_own_cancellation_stays_one(
    middlewares: tuple[ClientMiddlewareType, ...], hops: int
) -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        task = asyncio.create_task(session.get("http://h/"))
        await passing_time(9)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(connector.exchanges) == 1 + hops
        assert task.cancelling() == 1

    script = chain(*[after(1, redirect("/x"))] * hops, after(50, answer()))
    on_virtual_clock(script, check, *middlewares)


def test_both_at_once_are_the_callers() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        task = asyncio.create_task(session.get("http://h/"))
        asyncio.get_running_loop().call_later(10, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task

    on_virtual_clock(after(50, answer()), check, passing)


@pytest.mark.parametrize("middlewares", WITHOUT_AND_WITH)
@pytest.mark.parametrize("steps", range(1, 16))
def test_cancelled_at_any_step_nothing_is_left(
    middlewares: tuple[ClientMiddlewareType, ...], steps: int
) -> None:
    async def turning(exchange: ScriptedExchange) -> None:
        await asyncio.sleep(0)
        await scripts(exchange)
        await asyncio.sleep(0)

    scripts = chain(redirect("/x", 307), redirect("/y", 307), answer(b"whole"))

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        task: asyncio.Task[ClientResponse] = asyncio.create_task(
            session.post("http://h/", data={"a": "b"}, auth=("u", "p"))
        )
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        if isinstance(result, ClientResponse):
            assert await result.read() == b"whole"
        else:
            assert isinstance(result, asyncio.CancelledError)

    on_virtual_clock(turning, check, *middlewares)
