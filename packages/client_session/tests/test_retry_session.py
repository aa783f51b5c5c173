"""Retries of a session's requests."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from martlet_client_session import ClientSession
from martlet_client_session._retry import RetryMiddleware
from martlet_exceptions import (
    ClientConnectionError,
    ClientResponseError,
    ServerDisconnectedError,
    TotalTimeoutError,
)

from .retry_recording import exactly
from .scripted import Script, ScriptedConnector, ScriptedExchange, answer, run_virtual, turn

URL = "http://a.example/"


def each(*scripts: Script) -> ScriptedConnector:
    """Make a connector that follows its scripts, one after the other, and answers after them."""
    left = list(scripts)

    async def script(exchange: ScriptedExchange) -> None:
        await (left.pop(0) if left else answer(b"ok"))(exchange)

    return ScriptedConnector(script)


async def gone(_: ScriptedExchange) -> None:
    raise ServerDisconnectedError


async def silent(_: ScriptedExchange) -> None:
    await asyncio.get_running_loop().create_future()


def run(
    connector: ScriptedConnector,
    scenario: Callable[[ClientSession], Awaitable[None]],
    middleware: RetryMiddleware | None = None,
) -> float:
    async def main() -> None:
        middlewares = [exactly() if middleware is None else middleware]
        async with ClientSession(connector=connector, middlewares=middlewares) as session:
            await scenario(session)

    return run_virtual(main)


@pytest.mark.parametrize("complete", [True, False])
def test_a_response_is_released_before_the_wait(complete: bool) -> None:
    connector = each(answer(b"later", status=503, complete=complete))

    async def scenario(session: ClientSession) -> None:
        asking = asyncio.ensure_future(session.get(URL))
        await turn(10)
        assert connector.exchange.calls == ["release"]
        async with await asking as response:
            assert await response.read() == b"ok"

    assert run(connector, scenario) == pytest.approx(0.2)
    assert len(connector.exchanges) == 2


def test_the_last_response_can_be_read() -> None:
    connector = each(*[answer(b"%d" % n, status=503) for n in range(3)])

    async def scenario(session: ClientSession) -> None:
        async with session.get(URL) as response:
            assert (response.status, await response.read()) == (503, b"2")
        assert response.history == ()

    assert run(connector, scenario) == pytest.approx(0.6)


def test_raising_for_status_comes_after_all_attempts() -> None:
    connector = each(*[answer(status=503)] * 3, *[answer(status=503)] * 2)

    async def scenario(session: ClientSession) -> None:
        with pytest.raises(ClientResponseError) as caught:
            await session.get(URL, raise_for_status=True)
        assert caught.value.status == 503
        async with session.get(URL, raise_for_status=True) as response:
            assert response.status == 200

    run(connector, scenario)
    assert len(connector.exchanges) == 6


@pytest.mark.parametrize(("total", "attempts"), [(0.1, 1), (0.2, 1), (0.5, 2), (0.7, 3)])
def test_no_wait_goes_beyond_the_total_timeout(total: float, attempts: int) -> None:
    connector = each(*[gone] * 3)

    async def scenario(session: ClientSession) -> None:
        with pytest.raises(ServerDisconnectedError) as caught:
            await session.get(URL, timeout=total)
        assert (attempts > 1) is hasattr(caught.value, "__notes__")

    assert run(connector, scenario) < total
    assert len(connector.exchanges) == attempts


def test_the_total_timeout_ends_the_attempt_that_is_under_way() -> None:
    connector = each(gone, silent)

    async def scenario(session: ClientSession) -> None:
        with pytest.raises(TotalTimeoutError):
            await session.get(URL, timeout=10)

    assert run(connector, scenario) == pytest.approx(10)
    assert len(connector.exchanges) == 2


def test_each_hop_has_its_attempts() -> None:
    moved = answer(status=307, fields=[("Location", "/b")])
    connector = each(gone, gone, moved, answer(status=503), gone)

    async def scenario(session: ClientSession) -> None:
        async with session.put(URL, data=b"body") as response:
            assert response.status == 200
            assert [before.status for before in response.history] == [307]

    run(connector, scenario)
    assert [sent.request.url.path for sent in connector.exchanges] == ["/"] * 3 + ["/b"] * 3
    assert {sent.body for sent in connector.exchanges} == {b"body"}


def test_cookies_of_a_response_that_was_given_up() -> None:
    connector = each(answer(status=503, fields=[("Set-Cookie", "a=1")]), gone)

    async def scenario(session: ClientSession) -> None:
        async with session.get(URL) as response:
            assert response.status == 200

    run(connector, scenario)
    sent = [exchange.request.headers.get("Cookie") for exchange in connector.exchanges]
    assert sent == [None, "a=1", "a=1"]


def test_cancelling_the_wait_leaves_nothing_behind() -> None:
    connector = each(answer(b"later", status=503, complete=False))

    async def scenario(session: ClientSession) -> None:
        asking = asyncio.ensure_future(session.put(URL, data=b"body"))
        await turn(10)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(connector, scenario)
    assert [exchange.calls for exchange in connector.exchanges] == [["release"]]


def test_a_session_that_is_closed() -> None:
    connector = each(gone)

    async def scenario(session: ClientSession) -> None:
        asking = asyncio.ensure_future(session.get(URL))
        await turn(10)
        await session.close()
        with pytest.raises(ClientConnectionError, match="closed") as caught:
            await asking
        assert caught.value.__notes__ == [
            "After 2 attempts; those before gave ServerDisconnectedError"
        ]

    run(connector, scenario)
    assert len(connector.exchanges) == 1


def test_one_for_a_single_request() -> None:
    connector = each(gone, gone)

    async def scenario(session: ClientSession) -> None:
        with pytest.raises(ServerDisconnectedError):
            await session.get(URL, middlewares=())
        async with session.post(URL, middlewares=[exactly(methods=None)]) as response:
            assert response.status == 200

    run(connector, scenario)
    assert len(connector.exchanges) == 3
