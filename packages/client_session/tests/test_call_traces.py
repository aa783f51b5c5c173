"""What traces hear of a call, and may change."""

import asyncio
from typing import Any

import pytest

from martlet_client_session import ClientResponse, ClientSession, TraceConfig
from martlet_exceptions import ClientConnectionError, ClientResponseError, TotalTimeoutError

from .redirecting import chain, redirect, sent
from .scripted import ScriptedConnector, ScriptedExchange, answer, run_virtual
from .trace_recording import Heard, names_of, recording


async def test_each_step_is_told(connector: ScriptedConnector) -> None:
    heard: Heard = []
    connector.script = chain(redirect("/b", 303), redirect("http://u:p@o/c"), answer())
    async with ClientSession(connector=connector, trace_configs=[recording(heard)]) as session:
        response = await session.post(
            "http://v:w@h/a", data=b"x", headers={"X-A": "1"}, trace_request_ctx="given"
        )
    assert names_of(heard) == [
        "on_request_start",
        "on_request_redirect",
        "on_request_redirect",
        "on_request_end",
    ]
    facts = [(params.method, str(params.url)) for _, _, _, params in heard]
    assert facts == [
        ("POST", "http://h/a"),
        ("POST", "http://h/a"),
        ("GET", "http://h/b"),
        ("GET", "http://o/c"),
    ]
    assert {id(context) for _, _, context, _ in heard} == {id(heard[0][2])}
    assert heard[0][2].trace_request_ctx == "given"
    assert heard[0][3].headers["X-A"] == "1"
    assert [heard[1][3].response, heard[2][3].response] == list(response.history)
    assert heard[3][3].response is response
    assert all(of is session for _, of, _, _ in heard)


async def test_without_redirects_they_are_two(connector: ScriptedConnector) -> None:
    heard: Heard = []
    async with ClientSession(connector=connector, trace_configs=[recording(heard)]) as session:
        await session.get("http://h/")
        connector.script = redirect("/x")
        await session.get("http://h/", allow_redirects=False)
    assert names_of(heard) == ["on_request_start", "on_request_end"] * 2


def adding(name: str, field: str, value: str) -> TraceConfig:
    """Make a config that adds a field, as tracing contexts do."""
    config = TraceConfig()

    async def add(_session: ClientSession, _context: Any, params: Any) -> None:
        params.headers.add(field, value)

    getattr(config, name).append(add)
    return config


async def test_fields_that_they_add_are_sent_and_those_that_are_secret_stay(
    connector: ScriptedConnector,
) -> None:
    traces = [
        adding("on_request_start", "X-Start", "1"),
        adding("on_request_start", "Authorization", "canary"),
        adding("on_request_redirect", "X-Hop", "1"),
        adding("on_request_redirect", "Cookie", "a=canary"),
    ]
    connector.script = chain(redirect("/b"), redirect("http://o/c"), answer())
    async with ClientSession(connector=connector, trace_configs=traces) as session:
        await session.get("http://h/a")
    assert sent(connector, "X-Start") == ["1", "1", "1"]
    assert sent(connector, "X-Hop") == [None, "1", "1, 1"]
    assert sent(connector, "Authorization") == ["canary", "canary", None]
    assert sent(connector, "Cookie") == [None, "a=canary", None]


async def test_a_session_shares_its_section_if_they_change_nothing(
    connector: ScriptedConnector,
) -> None:
    async with ClientSession(connector=connector, trace_configs=[recording([])]) as session:
        await session.get("http://h/")
        await session.get("http://h/")
    first, second = connector.exchanges
    assert first.request.headers is second.request.headers


async def refuse(_: ScriptedExchange) -> None:
    raise ClientConnectionError("refused")


@pytest.mark.parametrize(
    ("script", "options", "error"),
    [
        (refuse, {}, ClientConnectionError),
        (
            answer(b"no", status=500, complete=False),
            {"raise_for_status": True},
            ClientResponseError,
        ),
        (redirect("http://["), {}, ValueError),
        (redirect("/x"), {"max_redirects": 0}, ClientResponseError),
    ],
)
async def test_a_failure_is_told(
    connector: ScriptedConnector, script: Any, options: dict[str, Any], error: type[Exception]
) -> None:
    heard: Heard = []
    connector.script = script
    async with ClientSession(connector=connector, trace_configs=[recording(heard)]) as session:
        with pytest.raises(error) as caught:
            await session.get("http://h/", **options)
        assert session._deadlines.idle
    assert names_of(heard) == ["on_request_start", "on_request_exception"]
    assert heard[-1][3].exception is caught.value
    assert caught.value.__cause__ is None or "[" in str(caught.value)


def test_a_timeout_is_told_as_what_comes_out() -> None:
    heard: Heard = []

    async def silence(_: ScriptedExchange) -> None:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        async with ClientSession(
            connector=ScriptedConnector(silence), trace_configs=[recording(heard)]
        ) as session:
            with pytest.raises(TotalTimeoutError) as caught:
                await session.get("http://h/", timeout=5)
            assert heard[-1][3].exception is caught.value
            assert isinstance(caught.value.__cause__, asyncio.CancelledError)
            task = asyncio.current_task()
            assert task is not None
            assert task.cancelling() == 0

    assert run_virtual(main) == pytest.approx(5, abs=0.01)
    assert names_of(heard) == ["on_request_start", "on_request_exception"]


def failing(name: str) -> TraceConfig:
    config = TraceConfig()

    async def fail(_session: ClientSession, _context: Any, _params: Any) -> None:
        raise RuntimeError(name)

    getattr(config, name).append(fail)
    return config


@pytest.mark.parametrize(
    ("name", "told", "calls"),
    [
        ("on_request_start", ["on_request_exception"], []),
        ("on_request_redirect", ["on_request_start", "on_request_exception"], [["abort"]]),
        (
            "on_request_end",
            ["on_request_start", "on_request_redirect", "on_request_exception"],
            [["release"], ["abort"]],
        ),
    ],
)
async def test_one_that_fails_fails_the_call(
    connector: ScriptedConnector, name: str, told: list[str], calls: list[list[str]]
) -> None:
    heard: Heard = []
    connector.script = chain(redirect("/x"), answer(b"part", complete=False))
    traces = [failing(name), recording(heard)]
    async with ClientSession(connector=connector, trace_configs=traces) as session:
        with pytest.raises(RuntimeError, match=name):
            await session.get("http://h/")
        assert session._deadlines.idle
    assert names_of(heard) == told
    assert [exchange.calls for exchange in connector.exchanges] == calls


async def test_one_that_fails_when_it_is_told_of_a_failure_comes_out(
    connector: ScriptedConnector,
) -> None:
    connector.script = refuse
    traces = [failing("on_request_exception")]
    async with ClientSession(connector=connector, trace_configs=traces) as session:
        with pytest.raises(RuntimeError, match="on_request_exception") as caught:
            await session.get("http://h/")
        assert isinstance(caught.value.__context__, ClientConnectionError)
        assert session._deadlines.idle


async def test_a_check_may_be_told_of(connector: ScriptedConnector) -> None:
    heard: Heard = []

    async def check(_: ClientResponse) -> None:
        assert names_of(heard) == ["on_request_start"]

    async with ClientSession(
        connector=connector, trace_configs=[recording(heard)], raise_for_status=check
    ) as session:
        await session.get("http://h/")
    assert names_of(heard) == ["on_request_start", "on_request_end"]


async def test_the_connector_tells_only_if_somebody_listens() -> None:
    observers: list[object] = []

    class Telling(ScriptedConnector):
        async def send(self, *args: Any, **options: Any) -> ScriptedExchange:
            observers.append(options.get("observer"))
            return await super().send(*args, **options)

    for names, is_told in (("on_request_start",), False), (("on_dns_cache_hit",), True):
        connector = Telling(chain(redirect("/x"), answer()))
        configs = [recording([], names)]
        async with ClientSession(connector=connector, trace_configs=configs) as session:
            await session.get("http://h/")
        assert [observer is not None for observer in observers[-2:]] == [is_told, is_told]
