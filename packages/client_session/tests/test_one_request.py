"""A request without a session."""

import gc
from typing import Any

import pytest

from martlet_client_session import _defaults, request
from martlet_client_session._one_request import SingleRequestContext
from martlet_exceptions import ClientConnectionError, ClientResponseError, TotalTimeoutError
from martlet_interfaces import HttpVersion10, TransportOptions

from .redirecting import chain, redirect, sent
from .scripted import ScriptedConnector, answer, run_virtual


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedConnector]:
    """Give the connectors that are made for requests that bring none."""
    connectors: list[ScriptedConnector] = []

    def make() -> ScriptedConnector:
        connectors.append(ScriptedConnector(answer(b"text", complete=False)))
        return connectors[-1]

    monkeypatch.setattr(_defaults, "single_use_connector", make)
    return connectors


async def test_entered_it_closes_its_connector(made: list[ScriptedConnector]) -> None:
    context = request("get", "http://h/")
    assert isinstance(context, SingleRequestContext)
    assert made == []
    async with context as response:
        assert await response.content.readany() == b"text"
        (connector,) = made
        assert not connector.closed
    assert connector.request.method == "GET"
    assert connector.exchange.calls == ["release"]
    assert connector.closings[0].was_awaited
    gc.collect()


async def test_awaited_its_connector_lives_as_long_as_the_response(
    made: list[ScriptedConnector],
) -> None:
    response = await request("POST", "http://h/", json={"a": 1})
    (connector,) = made
    assert connector.exchange.body == b'{"a": 1}'
    gc.collect()
    assert not connector.closed
    connector.exchange.eof()
    assert await response.read() == b"text"
    gc.collect()


@pytest.mark.parametrize("entered", [False, True])
async def test_a_connector_that_is_given_stays_open(
    connector: ScriptedConnector, made: list[ScriptedConnector], entered: bool
) -> None:
    context = request("GET", "http://h/", connector=connector)
    if entered:
        async with context as response:
            assert response.status == 200
    else:
        await context
    assert made == []
    assert not connector.closed
    gc.collect()


async def test_a_request_that_fails_closes_its_connector(
    made: list[ScriptedConnector], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = ScriptedConnector(answer(status=500))
    monkeypatch.setattr(_defaults, "single_use_connector", lambda: failing)
    with pytest.raises(ClientResponseError):
        async with request("GET", "http://h/", raise_for_status=True):
            pass
    assert failing.closings[0].was_awaited


async def test_one_that_fails_leaves_a_given_connector_open(connector: ScriptedConnector) -> None:
    connector.script = answer(status=500)
    with pytest.raises(ClientResponseError):
        await request("GET", "http://h/", raise_for_status=True, connector=connector)
    with pytest.raises(ValueError, match="scheme"):
        await request("GET", "h", connector=connector)
    assert not connector.closed


@pytest.mark.parametrize(
    ("args", "options", "error"),
    [
        (("GET", "http://h/"), {"alow_redirects": False}, TypeError),
        (("GET",), {}, TypeError),
        (("GET", "http://h/", {}), {}, TypeError),
        ((None, "http://h/"), {}, TypeError),
    ],
)
def test_a_wrong_parameter_is_told_before_anything_is_made(
    made: list[ScriptedConnector], args: Any, options: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        request(*args, **options)
    assert made == []


async def test_what_may_be_said(connector: ScriptedConnector) -> None:
    import asyncio

    await request(
        "GET", "https://h/", connector=connector, loop=asyncio.get_running_loop(),
        version=HttpVersion10, encoding="latin-1", params={"a": "b"}, ssl=False,
        auth=("u", "p"),
    )  # fmt: skip
    asked = connector.request
    assert (str(asked.url), asked.version) == ("https://h/?a=b", HttpVersion10)
    assert asked.options == TransportOptions(ssl=False)
    assert asked.headers["Authorization"] == "Basic dTpw"


async def test_redirects_keep_their_cookies(connector: ScriptedConnector) -> None:
    connector.script = chain(redirect("/x", fields=[("Set-Cookie", "a=1")]), answer())
    response = await request("GET", "http://h.example/", connector=connector)
    assert len(response.history) == 1
    assert sent(connector, "Cookie") == [None, "a=1"]


def test_its_limit_holds_for_the_body(made: list[ScriptedConnector]) -> None:
    async def main() -> None:
        async with request("GET", "http://h/", timeout=5) as response:
            with pytest.raises(TotalTimeoutError):
                await response.read()

    assert run_virtual(main) == pytest.approx(5, abs=0.01)


async def test_one_that_is_never_awaited_makes_nothing(made: list[ScriptedConnector]) -> None:
    context = request("GET", "http://h/")
    context.close()
    assert made == []


async def test_what_is_declared_is_never_called() -> None:
    declared = request.__wrapped__  # type: ignore[attr-defined]  # wraps() sets it
    with pytest.raises(AssertionError, match="never called"):
        declared("GET", "http://h/")


async def test_the_connector_of_its_own_is_closed_for_others(
    made: list[ScriptedConnector],
) -> None:
    async with request("GET", "http://h/"):
        (connector,) = made
    with pytest.raises(ClientConnectionError):
        await request("GET", "http://h/", connector=connector)
