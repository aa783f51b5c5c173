import asyncio
from collections.abc import Awaitable, Callable

import pytest
from yarl import URL

from martlet_client_session import ClientResponse, ClientSession, ClientTimeout
from martlet_client_session._total_timeout import TotalTimeout
from martlet_exceptions import ClientConnectionError, TotalTimeoutError
from martlet_interfaces import Deadlines

from .scripted import (
    Script,
    ScriptedConnector,
    ScriptedExchange,
    answer,
    run_virtual,
    turn,
)

Check = Callable[[ClientSession, ScriptedConnector], Awaitable[None]]


def on_virtual_clock(script: Script, check: Check, timeout: ClientTimeout | float | None) -> float:
    """Run *check* with a session; no deadline may be left at its end. Returns the seconds."""

    async def main() -> None:
        connector = ScriptedConnector(script)
        async with ClientSession(connector=connector, timeout=timeout) as session:
            await check(session, connector)
            assert session._deadlines.idle
            task = asyncio.current_task()
            assert task is not None
            assert task.cancelling() == 0

    return run_virtual(main)


async def silence(_: ScriptedExchange) -> None:
    await asyncio.get_running_loop().create_future()


def test_total_expires_before_the_head() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(TotalTimeoutError) as caught:
            await session.get("http://u:p@h/x")
        error = caught.value
        assert (error.phase, error.limit) == ("total", 5)
        assert error.elapsed == pytest.approx(5, abs=0.01)
        assert str(error.url) == "http://h/x"
        assert isinstance(error.__cause__, asyncio.CancelledError)
        assert isinstance(error, TimeoutError)

    assert on_virtual_clock(silence, check, 5) == pytest.approx(5, abs=0.01)


async def _read(response: ClientResponse) -> bytes:
    return await response.read()


async def _iterate(response: ClientResponse) -> bytes:
    return b"".join([piece async for piece in response.content.iter_any()])


@pytest.mark.parametrize("read", [_read, _iterate])
def test_total_expires_in_the_body_while_somebody_reads(
    read: Callable[[ClientResponse], Awaitable[bytes]],
) -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        async with session.get("http://h/") as response:
            with pytest.raises(TotalTimeoutError) as caught:
                await read(response)
            assert caught.value.limit == 5
            assert connector.exchange.calls[0] == "abort"

    assert on_virtual_clock(
        answer(b"part", complete=False), check, ClientTimeout(total=5)
    ) == pytest.approx(5, abs=0.01)


def test_total_expires_in_the_body_while_nobody_reads() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        response = await session.get("http://h/")
        loop = asyncio.get_running_loop()
        expired = loop.create_future()
        loop.call_later(6, expired.set_result, None)
        await expired
        assert connector.exchange.calls == ["abort"]
        assert await response.content.readany() == b"part"
        with pytest.raises(TotalTimeoutError):
            await response.content.readany()
        with pytest.raises(TotalTimeoutError):
            await response.read()

    on_virtual_clock(answer(b"part", complete=False), check, 5)


def test_body_may_be_read_by_another_task_than_asked_for_it() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        response = await asyncio.create_task(session.get("http://h/"))
        with pytest.raises(TotalTimeoutError):
            await response.read()

    on_virtual_clock(answer(complete=False), check, 5)


@pytest.mark.parametrize("timeout", [None, 0, ClientTimeout(), ClientTimeout(total=0)])
def test_no_limit_lets_a_request_take_for_ever(timeout: ClientTimeout | float | None) -> None:
    async def script(exchange: ScriptedExchange) -> None:
        loop = asyncio.get_running_loop()
        late = loop.create_future()
        loop.call_later(1_000_000, late.set_result, None)
        await late
        await answer(b"late")(exchange)

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        async with session.get("http://h/") as response:
            assert await response.read() == b"late"

    assert on_virtual_clock(script, check, timeout) >= 1_000_000


@pytest.mark.parametrize("given", [2, 2.0, ClientTimeout(total=2)])
def test_requests_timeout_goes_before_the_sessions(given: ClientTimeout | float) -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(TotalTimeoutError, match="total=2 s"):
            await session.get("http://h/", timeout=given)

    assert on_virtual_clock(silence, check, 300) == pytest.approx(2, abs=0.01)


def test_requests_none_lifts_the_sessions_limit() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        task = asyncio.create_task(session.get("http://h/", timeout=None))
        await turn()
        assert session._deadlines.idle
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    on_virtual_clock(silence, check, 5)


def test_many_requests_expire_each_in_its_time() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        limits = [3, 1, 2, 1]
        results = await asyncio.gather(
            *(session.get("http://h/", timeout=limit) for limit in limits), return_exceptions=True
        )
        for result, limit in zip(results, limits, strict=True):
            assert isinstance(result, TotalTimeoutError)
            assert result.elapsed == pytest.approx(limit, abs=0.01)

    assert on_virtual_clock(silence, check, None) == pytest.approx(3, abs=0.01)


def test_users_cancellation_stays_one() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        task = asyncio.create_task(session.get("http://h/"))
        await turn()
        task.cancel("mine")
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()

    assert on_virtual_clock(silence, check, 5) < 5


@pytest.mark.parametrize("user_first", [True, False])
def test_users_cancellation_in_the_tick_of_the_deadline_stays_one(user_first: bool) -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        loop = asyncio.get_running_loop()
        gate = loop.create_future()

        async def request() -> None:
            await gate
            await session.get("http://h/")

        task = asyncio.create_task(request())
        if user_first:
            loop.call_at(5, task.cancel)
        gate.set_result(None)
        await turn()
        if not user_first:
            loop.call_at(5, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()
        # Both have cancelled it, and the deadline has taken its own back.
        assert task.cancelling() == 1

    assert on_virtual_clock(silence, check, 5) == pytest.approx(5, abs=0.01)


def test_timeout_of_asyncio_around_it_stays_its_own() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(TimeoutError) as caught:
            async with asyncio.timeout(5):
                await session.get("http://h/")
        assert not isinstance(caught.value, TotalTimeoutError)

    on_virtual_clock(silence, check, 10)


def test_expiry_inside_a_longer_timeout_of_asyncio_leaves_that_in_order() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        async with asyncio.timeout(10):
            with pytest.raises(TotalTimeoutError):
                await session.get("http://h/")

    on_virtual_clock(silence, check, 5)


def test_connector_that_fails_otherwise_when_time_is_up_leaves_no_cancellation_behind() -> None:
    async def script(exchange: ScriptedExchange) -> None:
        try:
            await silence(exchange)
        except asyncio.CancelledError:
            raise ClientConnectionError("while it was being cancelled") from None

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(ClientConnectionError, match="while it was being cancelled"):
            await session.get("http://h/")

    on_virtual_clock(script, check, 5)


def test_failure_before_the_head_forgets_the_deadline() -> None:
    async def script(_: ScriptedExchange) -> None:
        raise ClientConnectionError("refused")

    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        with pytest.raises(ClientConnectionError, match="refused"):
            await session.get("http://h/")

    on_virtual_clock(script, check, 5)


@pytest.mark.parametrize("end", ["eof", "fail", "release", "close", "drop"])
def test_end_of_a_response_forgets_the_deadline(end: str) -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        response: ClientResponse | None = await session.get("http://h/")
        assert response is not None
        assert not session._deadlines.idle
        if end == "eof":
            connector.exchange.eof()
        elif end == "fail":
            connector.exchange.fail(ClientConnectionError("broken"))
        elif end in ("release", "close"):
            getattr(response, end)()
        else:
            with pytest.warns(ResourceWarning):
                response = None
        assert session._deadlines.idle

    on_virtual_clock(answer(b"part", complete=False), check, 5)


def test_body_that_has_come_with_the_head_is_not_timed() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        response = await session.get("http://h/")
        assert session._deadlines.idle
        assert await response.read() == b"all"

    on_virtual_clock(answer(b"all"), check, 5)


async def test_request_outside_a_task_is_a_runtime_error() -> None:
    loop = asyncio.get_running_loop()
    deadlines = Deadlines(loop)
    done = loop.create_future()

    def outside() -> None:
        with pytest.raises(RuntimeError, match="has to be made inside a task"):
            TotalTimeout(deadlines.queue(5), loop, URL("http://h/"))
        done.set_result(None)

    loop.call_soon(outside)
    await done
    assert deadlines.idle


def test_deadline_that_comes_when_all_is_over_does_nothing() -> None:
    async def check(session: ClientSession, connector: ScriptedConnector) -> None:
        response = await session.get("http://h/")
        total = TotalTimeout(session._deadlines.queue(5), None, response.url)
        total.cancel()
        total.on_deadline()
        assert total.expired

    on_virtual_clock(answer(), check, 5)
