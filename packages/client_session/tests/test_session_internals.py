"""What libraries read and set of a session, though it is not public."""

import pytest
from multidict import CIMultiDict
from yarl import URL

from martlet_client_session import ClientSession, TraceConfig, TraceRequestStartParams
from martlet_cookiejar import CookieJar, DummyCookieJar
from martlet_exceptions import InvalidURL

from .scripted import ScriptedConnector


async def test_urls_are_built_as_requests_do(connector: ScriptedConnector) -> None:
    async with ClientSession("http://h/a/", connector=connector) as session:
        assert session._build_url("b?c=d") == URL("http://h/a/b?c=d")
        assert session._build_url(URL("http://other/")) == URL("http://other/")
        with pytest.raises(InvalidURL):
            session._build_url("ftp://h/")


async def test_the_base_can_be_read_and_set(connector: ScriptedConnector) -> None:
    async with ClientSession("http://h/a/", connector=connector) as session:
        assert session._base_url == URL("http://h/a/")
        async with session.get("x") as response:
            assert response.url == URL("http://h/a/x")
        session._base_url = URL("http://other/")
        async with session.get("x") as response:
            assert response.url == URL("http://other/x")
        with pytest.raises(InvalidURL, match="has to end in '/'"):
            session._base_url = URL("http://h/a")
        assert session._base_url == URL("http://other/")
        session._base_url = None
        with pytest.raises(InvalidURL, match="has no base_url"):
            await session.get("/x")


async def test_credentials_follow_a_base_that_is_set(connector: ScriptedConnector) -> None:
    async with ClientSession("http://h/", connector=connector, auth=("u", "p")) as session:
        session._base_url = URL("http://other/")
        async with session.get("http://h/"), session.get("/"):
            pass
    sent = ["Authorization" in exchange.request.headers for exchange in connector.exchanges]
    assert sent == [False, True]


async def test_headers_are_the_sessions_and_the_requests(connector: ScriptedConnector) -> None:
    own = [("X-A", "1"), ("X-A", "2"), ("X-B", "3")]
    async with ClientSession(connector=connector, headers=own) as session:
        assert list(session._prepare_headers(None).items()) == own
        prepared = session._prepare_headers({"x-a": "4", "X-C": "5"})
        assert isinstance(prepared, CIMultiDict)
        assert sorted((name.lower(), value) for name, value in prepared.items()) == [
            ("x-a", "4"), ("x-b", "3"), ("x-c", "5"),
        ]  # fmt: skip
        assert prepared.getall("X-C") == ["5"]
        prepared["X-D"] = "6"
        assert list(session.headers.items()) == own
        several = session._prepare_headers([("X-E", "7"), ("X-E", "8")])
        assert several.getall("X-E") == ["7", "8"]


async def test_the_jar_can_be_read_and_set(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector) as session:
        assert session._cookie_jar is session.cookie_jar
        jar = CookieJar()
        jar.update_cookies({"a": "1"}, "http://h/")
        session._cookie_jar = jar
        assert session.cookie_jar is jar
        async with session.get("http://h/"):
            pass
        session._cookie_jar = DummyCookieJar()
        async with session.get("http://h/"):
            pass
        with pytest.raises(TypeError, match="has to be a CookieStore"):
            session._cookie_jar = object()  # type: ignore[assignment]  # it is refused
    sent = [exchange.request.headers.get("Cookie") for exchange in connector.exchanges]
    assert sent == ["a=1", None]


async def test_what_traces_can_be_read_added_to_and_set(connector: ScriptedConnector) -> None:
    heard: list[str] = []

    def tracing(name: str) -> TraceConfig:
        async def start(_session: object, _context: object, _: TraceRequestStartParams) -> None:
            heard.append(name)

        config = TraceConfig()
        config.on_request_start.append(start)
        return config

    first, second = tracing("first"), tracing("second")
    async with ClientSession(connector=connector, trace_configs=[first]) as session:
        assert session._trace_configs == [first]
        session._trace_configs.append(second)
        async with session.get("http://h/"):
            pass
        # As what instruments sessions takes itself away again.
        session._trace_configs = [config for config in session._trace_configs if config is second]
        async with session.get("http://h/"):
            pass
        assert list(session.trace_configs) == [second]
        with pytest.raises(TypeError, match="must be TraceConfig objects"):
            session._trace_configs = [object()]  # type: ignore[list-item]  # it is refused
        session._trace_configs = []
        async with session.get("http://h/"):
            pass
    assert heard == ["first", "second", "second"]


async def test_the_attributes_that_are_one(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    assert session._connector is connector
    assert session._raise_for_status is False
    assert session._loop is None
    async with session.get("http://h/"):
        pass
    assert session._loop is session.loop
