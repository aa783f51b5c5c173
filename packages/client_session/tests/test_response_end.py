import gc
import warnings
from collections.abc import Awaitable, Callable

import pytest

from martlet_client_session import ClientResponse, ClientSession
from martlet_exceptions import ClientConnectionError, ClientPayloadError

from .scripted import ScriptedConnector, ScriptedExchange, answer

PART = answer(b"part", complete=False)


async def test_body_that_was_read_stays_readable_after_the_release(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b'{"a": 1}', fields=[("Content-Type", "application/json")])
    async with session.get("http://h/") as response:
        await response.read()
    assert await response.text() == '{"a": 1}'
    assert await response.json() == {"a": 1}
    assert connector.exchange.calls == ["release"]


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("end", ["release", "close"])
async def test_body_that_was_not_read_is_lost_with_the_release(
    session: ClientSession, connector: ScriptedConnector, complete: bool, end: str
) -> None:
    connector.script = answer(b"body", complete=complete)
    response = await session.get("http://h/")
    getattr(response, end)()
    assert response.closed
    for read in (response.read, response.text, response.json, response.content.readany):
        with pytest.raises(ClientConnectionError, match="Response closed"):
            await read()
    with pytest.raises(ClientConnectionError):
        async for _ in response.content.iter_any():
            pass


async def test_body_that_was_streamed_to_its_end_is_at_its_end_after_the_release(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"body")
    async with session.get("http://h/") as response:
        assert await response.content.readany() == b"body"
    assert await response.content.readany() == b""
    assert response.content.at_eof()


async def test_release_and_close_count_once_and_whichever_comes_first(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = PART
    response = await session.get("http://h/")
    response.release()
    response.close()
    response.release()
    assert connector.exchange.calls == ["release"]
    other = await session.get("http://h/")
    other.close()
    other.release()
    other.close()
    assert connector.exchange.calls == ["abort"]


@pytest.mark.parametrize("awaited", [True, False])
async def test_release_may_be_awaited_or_ignored(
    session: ClientSession, connector: ScriptedConnector, awaited: bool
) -> None:
    response = await session.get("http://h/")
    done = response.release()
    assert connector.exchange.calls == ["release"]
    if awaited:
        await done


async def test_response_is_a_context_manager_that_releases(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = PART
    response = await session.get("http://h/")
    async with response as same:
        assert same is response
        assert connector.exchange.calls == []
    assert response.closed
    assert connector.exchange.calls == ["release"]


async def test_response_whose_body_has_all_come_holds_no_connection(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = PART
    response = await session.get("http://h/")
    before = response.closed
    connector.exchange.eof()
    assert (before, response.closed) == (False, True)
    assert await response.read() == b"part"


async def test_failure_is_told_also_after_the_release(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = PART
    async with session.get("http://h/") as response:
        connector.exchange.fail(ClientPayloadError("cut short"))
    for read in (response.read, response.content.readany):
        with pytest.raises(ClientPayloadError, match="cut short"):
            await read()


async def test_dropped_response_warns_once_and_aborts(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = PART
    response = await session.get("http://h/x")
    with pytest.warns(ResourceWarning) as caught:
        del response
    (warning,) = caught.list
    assert str(warning.message) == ("Unclosed response <ClientResponse(http://h/x) [200 OK]>")
    assert connector.exchange.calls == ["abort"]


async def test_dropped_response_is_freed_without_the_cycle_collector(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = PART
    response = await session.get("http://h/x")
    gc.disable()
    try:
        with pytest.warns(ResourceWarning):
            del response
    finally:
        gc.enable()


async def _read(response: ClientResponse, _: ScriptedExchange) -> None:
    await response.read()


async def _release(response: ClientResponse, _: ScriptedExchange) -> None:
    response.release()


async def _close(response: ClientResponse, _: ScriptedExchange) -> None:
    response.close()


async def _complete(_: ClientResponse, exchange: ScriptedExchange) -> None:
    exchange.eof()


async def _fail(_: ClientResponse, exchange: ScriptedExchange) -> None:
    exchange.fail(ClientPayloadError("cut short"))


@pytest.mark.parametrize("end", [_release, _close, _complete, _fail])
async def test_response_that_has_ended_is_dropped_without_a_warning(
    session: ClientSession,
    connector: ScriptedConnector,
    end: Callable[[ClientResponse, ScriptedExchange], Awaitable[None]],
) -> None:
    connector.script = PART
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        response = await session.get("http://h/")
        await end(response, connector.exchange)
        del response
        gc.collect()


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("timeout", [5, None])
async def test_body_that_cannot_be_decoded_gives_its_connection_up_at_once(
    session: ClientSession, connector: ScriptedConnector, timeout: float | None, early: bool
) -> None:
    # Whoever holds the error holds, by its traceback, the response: nobody may ever close it.
    body = b"no gzip"
    connector.script = answer(
        body if early else None, fields=[("Content-Encoding", "gzip")], complete=False
    )
    response = await session.get("http://h/", timeout=timeout)
    if not early:
        connector.exchange.feed(body)
    assert connector.exchange.calls == ["pause", "abort"]
    assert response.closed
    assert session._deadlines.idle
    with pytest.raises(ClientPayloadError):
        await response.content.readany()


async def test_response_that_never_came_is_dropped_without_a_warning(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async def script(exchange: ScriptedExchange) -> None:
        exchange.head()
        raise ClientConnectionError("too late")

    connector.script = script
    with pytest.raises(ClientConnectionError, match="too late"):
        await session.get("http://h/")
    gc.collect()


async def test_response_without_an_exchange_can_be_released_and_closed(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    # A receiver that is used by itself, as a recording connector may do.
    response = await session.get("http://h/")
    alone = ClientResponse.to(response._request)
    alone.on_head(response._head, connector.exchange)
    alone.release()
    other = ClientResponse.to(response._request)
    other.on_head(response._head, connector.exchange)
    other.close()
    assert connector.exchange.calls == []
