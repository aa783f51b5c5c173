"""What may be asked of a session."""

import asyncio
import json

import pytest

from martlet_client_session import BasicAuth, ClientSession, ClientTimeout, TraceConfig
from martlet_cookiejar import CookieJar
from martlet_interfaces import HttpVersion10, HttpVersion11

from .scripted import ScriptedConnector


async def test_what_was_not_said(session: ClientSession, connector: ScriptedConnector) -> None:
    assert not session.closed
    assert session.connector is connector
    assert session.connector_owner
    assert not session.headers
    assert session.skip_auto_headers == frozenset()
    assert session.auth is None
    assert session.json_serialize is json.dumps
    assert isinstance(session.cookie_jar, CookieJar)
    assert session.timeout == ClientTimeout(total=300, sock_connect=30)
    assert session.version == HttpVersion11
    assert session.raise_for_status is False
    assert session.auto_decompress
    assert not session.trust_env
    assert session.requote_redirect_url
    assert not session.trace_configs


async def test_what_was_said(connector: ScriptedConnector) -> None:
    jar, trace, timeout = CookieJar(), TraceConfig(), ClientTimeout(total=1)
    session = ClientSession(
        connector=connector, connector_owner=False, headers={"X-A": "1"},
        skip_auto_headers=["User-Agent"], auth=("u", "p"), json_serialize=repr, cookie_jar=jar,
        timeout=timeout, version=HttpVersion10, raise_for_status=True, auto_decompress=False,
        trust_env=True, requote_redirect_url=False, trace_configs=[trace],
    )  # fmt: skip
    assert not session.connector_owner
    assert dict(session.headers) == {"X-A": "1"}
    assert session.skip_auto_headers == {"user-agent"}
    assert session.auth == BasicAuth("u", "p", "utf-8")
    assert session.json_serialize is repr
    assert session.cookie_jar is jar
    assert session.timeout is timeout
    assert session.version == HttpVersion10
    assert session.raise_for_status is True
    assert not session.auto_decompress
    assert session.trust_env
    assert not session.requote_redirect_url
    assert list(session.trace_configs) == [trace]
    await session.close()
    assert session.connector is None
    assert session.closed
    assert not connector.closed


async def test_it_is_closed_with_its_connector(connector: ScriptedConnector) -> None:
    session = ClientSession(connector=connector)
    connector.close()
    assert session.closed
    assert repr(session) == "<ClientSession closed>"
    await session.close()


async def test_a_connector_that_does_not_say_is_open() -> None:
    class Silent(ScriptedConnector):
        closed = None  # type: ignore[assignment]  # a `Connector` need not tell

    session = ClientSession(connector=Silent(), connector_owner=False)
    assert not session.closed
    session.detach()
    assert session.closed


async def test_the_loop_is_the_running_one(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector) as session:
        assert session.loop is asyncio.get_running_loop()
        await session.get("http://h/")
        assert session.loop is asyncio.get_running_loop()


def test_the_loop_is_known_before_it_runs_if_it_was_given(connector: ScriptedConnector) -> None:
    loop = asyncio.new_event_loop()
    session = ClientSession(connector=connector, loop=loop)
    assert session.loop is loop
    other = ClientSession(connector=ScriptedConnector())
    with pytest.raises(RuntimeError):
        _ = other.loop
    loop.run_until_complete(session.close())
    loop.run_until_complete(other.close())
    loop.close()
