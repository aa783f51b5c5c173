"""A session and its jar."""

import subprocess
import sys
from collections.abc import Sequence
from http.cookies import SimpleCookie

import pytest
from yarl import URL

from martlet_client_session import ClientSession
from martlet_cookiejar import CookieJar, DummyCookieJar

from .scripted import ScriptedConnector, answer


class TwoMethods:
    """The least that a `CookieStore` has."""

    def __init__(self) -> None:
        self.stored: list[tuple[list[str], URL]] = []
        self.header = ""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        self.stored.append((list(headers), response_url))

    def cookie_header(self, request_url: URL) -> str:
        return self.header and f"{self.header}@{request_url.host}"


def sent(connector: ScriptedConnector) -> list[str]:
    return connector.request.headers.getall("Cookie", [])


async def test_what_a_server_sets_goes_back_to_it(connector: ScriptedConnector) -> None:
    connector.script = answer(
        fields=[("Set-Cookie", "a=1"), ("set-cookie", 'b="x y\udcff"'), ("Set-Cookie", "bad")]
    )
    async with ClientSession(connector=connector) as session:
        await session.get("http://example.org/x/y")
        assert sent(connector) == []
        connector.script = answer()
        await session.get("http://example.org/x/z", headers={"Cookie": "own=0"})
        assert sent(connector) == ['own=0; a=1; b="x y\udcff"; bad']
        await session.get("http://example.com/x/z")
        assert sent(connector) == []
        assert {cookie.key for cookie in session.cookie_jar} == {"a", "b", ""}


async def test_cookies_of_a_failed_request_are_kept(connector: ScriptedConnector) -> None:
    connector.script = answer(status=500, fields=[("Set-Cookie", "a=1")])
    async with ClientSession(connector=connector, raise_for_status=True) as session:
        with pytest.raises(Exception, match="500"):
            await session.get("http://example.org/")
        assert len(session.cookie_jar) == 1


async def test_a_response_without_cookies_makes_no_jar(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector) as session:
        await session.get("http://example.org/")
        assert session._exchanges.store is None
        assert isinstance(session.cookie_jar, CookieJar)
        assert session.cookie_jar is session.cookie_jar
        await session.get("http://example.org/")
        assert sent(connector) == []


async def test_two_methods_are_enough_of_a_store(connector: ScriptedConnector) -> None:
    store = TwoMethods()
    connector.script = answer(fields=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    async with ClientSession(connector=connector, cookie_jar=store) as session:
        given: object = session.cookie_jar
        assert given is store
        await session.get("http://example.org/p")
        assert store.stored == [(["a=1", "b=2"], URL("http://example.org/p"))]
        store.header = "c=3"
        await session.get("http://example.com/")
        assert sent(connector) == ["c=3@example.com"]


async def test_an_empty_jar_that_is_given_is_used(connector: ScriptedConnector) -> None:
    jar = CookieJar()
    connector.script = answer(fields=[("Set-Cookie", "a=1")])
    async with ClientSession(connector=connector, cookie_jar=jar) as session:
        await session.get("http://example.org/")
    assert len(jar) == 1


async def test_a_dummy_jar_keeps_nothing(connector: ScriptedConnector) -> None:
    connector.script = answer(fields=[("Set-Cookie", "a=1")])
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session:
        await session.get("http://example.org/")
        await session.get("http://example.org/")
        assert sent(connector) == []


async def test_cookies_of_the_session_go_with_every_request(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector, cookies={"a": "1", "b": "x y"}) as session:
        await session.get("http://example.org/")
        assert sent(connector) == ['a=1; b="x y"']
        await session.get("https://example.com/")
        assert sent(connector) == ['a=1; b="x y"']
    async with ClientSession(connector=ScriptedConnector(), cookies=SimpleCookie("c=3")) as session:
        assert [cookie.key for cookie in session.cookie_jar] == ["c"]


def test_what_is_no_jar_is_refused_before_a_connector_is_made() -> None:
    with pytest.raises(TypeError, match="CookieStore"):
        ClientSession(cookie_jar={"a": "1"})  # type: ignore[arg-type]  # what is tested


def test_a_session_without_cookies_does_not_import_the_jar() -> None:
    program = (
        "import sys\nfrom martlet_client_session import ClientSession\nClientSession()\n"
        "print('martlet_cookiejar' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.check_output(command, text=True) == "False\n"


async def test_cookies_for_a_store_that_takes_none_are_refused(
    connector: ScriptedConnector,
) -> None:
    with pytest.raises(TypeError, match=r"update_cookies\(\).*; TwoMethods has none"):
        ClientSession(connector=connector, cookie_jar=TwoMethods(), cookies={"a": "1"})


async def test_a_store_that_fails_leaves_no_response_open(connector: ScriptedConnector) -> None:
    class Failing(TwoMethods):
        def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
            raise RuntimeError("disk full")

    connector.script = answer(fields=[("Set-Cookie", "a=1")])
    async with ClientSession(connector=connector, cookie_jar=Failing()) as session:
        with pytest.raises(RuntimeError, match="disk full"):
            await session.get("http://example.org/")
        assert connector.exchange.calls == ["abort"]
