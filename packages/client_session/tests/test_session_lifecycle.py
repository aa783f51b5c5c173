import asyncio
import gc
import warnings

import pytest

from martlet_client_session import ClientSession
from martlet_connector_pool import TCPConnector
from martlet_exceptions import ClientConnectionError
from martlet_interfaces import Connector

from .scripted import ScriptedConnector, ScriptedExchange, VirtualLoop, answer, turn


def test_session_can_be_made_outside_a_loop_and_used_in_one(connector: ScriptedConnector) -> None:
    session = ClientSession(connector=connector)

    async def main() -> int:
        async with session:
            return (await session.get("http://h/")).status

    assert asyncio.run(main()) == 200
    assert session.closed


async def test_session_tells_what_it_was_made_with(connector: ScriptedConnector) -> None:
    session = ClientSession(connector=connector, headers={"X-A": "1"})
    assert session.connector is connector
    assert session.connector_owner
    assert session.auto_decompress
    assert not session.closed
    assert dict(session.headers) == {"X-A": "1"}
    assert repr(session) == f"<ClientSession {connector!r}>"
    session.close()
    assert repr(session) == "<ClientSession closed>"


async def test_closed_session_refuses_requests(connector: ScriptedConnector) -> None:
    session = ClientSession(connector=connector)
    await session.close()
    assert session.closed
    assert session.connector is None
    with pytest.raises(RuntimeError, match="Session is closed"):
        await session.get("http://h/")


async def test_request_that_was_made_before_the_close_is_refused_when_awaited(
    connector: ScriptedConnector,
) -> None:
    session = ClientSession(connector=connector)
    context = session.get("http://h/")
    session.close()
    with pytest.raises(RuntimeError, match="Session is closed"):
        await context


@pytest.mark.parametrize("used", [True, False])
async def test_close_takes_effect_at_once_and_may_be_awaited_or_ignored(
    connector: ScriptedConnector, used: bool
) -> None:
    session = ClientSession(connector=connector)
    if used:
        await session.get("http://h/")
    closing = session.close()
    assert [closing.was_awaited for closing in connector.closings] == [False]
    await closing
    assert [closing.was_awaited for closing in connector.closings] == [True]
    await session.close()
    session.close()
    assert len(connector.closings) == 1


async def test_end_of_the_context_waits_for_the_connector(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector) as session:
        assert not connector.closings
    assert session.closed
    assert [closing.was_awaited for closing in connector.closings] == [True]


async def test_connector_of_somebody_else_stays_open(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector, connector_owner=False) as session:
        await session.get("http://h/")
        assert not session.connector_owner
    assert session.closed
    assert not connector.closed


async def test_detached_session_is_closed_and_its_connector_is_not(
    connector: ScriptedConnector,
) -> None:
    session = ClientSession(connector=connector)
    await session.get("http://h/")
    session.detach()
    assert session.closed
    assert session.connector is None
    await session.close()
    del session
    gc.collect()
    assert not connector.closed


def test_requests_on_a_shared_connector_keep_their_deadline_after_the_close() -> None:
    async def silence(_: ScriptedExchange) -> None:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        session = ClientSession(connector=ScriptedConnector(silence), connector_owner=False)
        task = asyncio.ensure_future(session.get("http://h/", timeout=5))
        await turn()
        await session.close()
        with pytest.raises(TimeoutError):
            await task

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())


async def test_close_leaves_no_timer_behind(connector: ScriptedConnector) -> None:
    session = ClientSession(connector=connector)
    connector.script = answer(complete=False)
    response = await session.get("http://h/")
    assert not session._deadlines.idle
    session.close()
    assert session._deadlines._queues == {}
    response.close()


@pytest.mark.parametrize("given", [True, False])
def test_other_loop_is_a_runtime_error_that_names_both(
    connector: ScriptedConnector, given: bool
) -> None:
    first = asyncio.new_event_loop()
    session = ClientSession(connector=connector, loop=first if given else None)

    async def use() -> None:
        await session.get("http://h/")

    try:
        first.run_until_complete(use())
        with asyncio.Runner() as runner:
            second = runner.get_loop()
            with pytest.raises(RuntimeError) as caught:
                runner.run(use())
        assert repr(first)[:40] in str(caught.value)
        assert str(caught.value).startswith("The session belongs to ")
        assert f"cannot be used from <{type(second).__name__} running=True" in str(caught.value)
        assert len(connector.exchanges) == 1
        session.close()
    finally:
        first.close()


def test_given_loop_is_held_to_from_the_first_request_on(connector: ScriptedConnector) -> None:
    other = asyncio.new_event_loop()
    other.close()
    session = ClientSession(connector=connector, loop=other)
    with pytest.raises(RuntimeError, match="The session belongs to"):
        asyncio.run(session.get("http://h/"))
    session.close()


def test_session_can_be_closed_after_its_loop(connector: ScriptedConnector) -> None:
    session = ClientSession(connector=connector)

    async def main() -> None:
        await session.get("http://h/")

    asyncio.run(main())
    session.close()
    assert connector.closed


async def test_unclosed_session_warns_once_and_closes(connector: ScriptedConnector) -> None:
    session = ClientSession(connector=connector)
    await session.get("http://h/")
    with pytest.warns(ResourceWarning, match="^Unclosed session <ClientSession ") as caught:
        del session
    assert len(caught.list) == 1
    assert connector.closed


@pytest.mark.parametrize("state", ["closed", "shared"])
async def test_session_that_holds_nothing_is_dropped_without_a_warning(
    connector: ScriptedConnector, state: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        session = ClientSession(connector=connector, connector_owner=state != "shared")
        await session.get("http://h/")
        if state == "closed":
            await session.close()
        del session
        gc.collect()
    assert connector.closed is (state != "shared")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"timeout": "5"}, TypeError),
        ({"timeout": -1}, ValueError),
        ({"headers": 5}, TypeError),
        ({"read_bufsize": -1}, ValueError),
        ({"unknown": 1}, TypeError),
    ],
)
def test_session_that_cannot_be_made_leaves_the_connector_open(
    connector: ScriptedConnector, options: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ClientSession(connector=connector, **options)  # type: ignore[arg-type]  # what is tested
    gc.collect()
    assert not connector.closed


async def test_in_flight_requests_fail_when_the_session_closes() -> None:
    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.set()
        await gone.wait()
        writer.close()

    accepted, gone = asyncio.Event(), asyncio.Event()
    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    real: Connector = TCPConnector()
    session = ClientSession(connector=real)
    task = asyncio.ensure_future(session.get(f"http://127.0.0.1:{port}/"))
    await accepted.wait()
    await session.close()
    with pytest.raises(ClientConnectionError):
        await task
    gone.set()
    server.close()
    await server.wait_closed()
