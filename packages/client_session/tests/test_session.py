import asyncio
import ssl
from typing import Any

import pytest
from yarl import URL

from martlet_client_session import (
    DEFAULT_TIMEOUT,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    Query,
    RequestContext,
)
from martlet_exceptions import ClientConnectionError, InvalidURL, NonHttpUrlClientError
from martlet_http_parser import available_codings
from martlet_interfaces import (
    DIRECT,
    Connector,
    Fingerprint,
    HttpVersion10,
    HttpVersion11,
    Timeouts,
    TransportOptions,
)

from .scripted import ScriptedConnector, ScriptedExchange, answer

VERBS = ["get", "head", "options", "post", "put", "patch", "delete"]


def test_scripted_connector_is_a_connector(connector: ScriptedConnector) -> None:
    as_one: Connector = connector
    assert as_one.schemes == {"http", "https"}


@pytest.mark.parametrize("verb", VERBS)
async def test_verb_sends_its_method_to_the_url(
    session: ClientSession, connector: ScriptedConnector, verb: str
) -> None:
    context = getattr(session, verb)("http://h/p?a=1#f")
    assert isinstance(context, RequestContext)
    assert isinstance(await context, ClientResponse)
    request = connector.request
    assert request.method == verb.upper()
    assert request.url == URL("http://h/p?a=1#f")
    assert request.version == HttpVersion11
    assert request.options is DIRECT
    assert connector.exchange.body is None


@pytest.mark.parametrize("verb", VERBS)
async def test_verb_passes_its_options_on(
    session: ClientSession, connector: ScriptedConnector, verb: str
) -> None:
    options: dict[str, Any] = {
        "params": {"a": "1"},
        "json": {"b": 2},
        "headers": {"X-A": "1"},
        "skip_auto_headers": ["User-Agent"],
        "timeout": ClientTimeout(connect=3),
        "ssl": False,
        "server_hostname": "other",
        "raise_for_status": True,
    }
    await getattr(session, verb)("https://h/", **options)
    request = connector.request
    assert str(request.url) == "https://h/?a=1"
    assert connector.exchange.body == b'{"b": 2}'
    assert dict(request.headers) == {
        "Host": "h",
        "Accept": "*/*",
        "Accept-Encoding": ", ".join(available_codings()),
        "X-A": "1",
        "Content-Type": "application/json",
    }
    assert connector.exchange.timeouts == Timeouts(connect=3)
    assert request.options == TransportOptions(ssl=False, server_hostname="other")


@pytest.mark.parametrize(
    ("given", "sent"),
    [("get", "GET"), ("Post", "POST"), ("PURGE", "PURGE"), ("m-search", "M-SEARCH")],
)
async def test_method_is_sent_in_upper_case(
    session: ClientSession, connector: ScriptedConnector, given: str, sent: str
) -> None:
    response = await session.request(given, "http://h/")
    assert connector.request.method == response.method == sent


@pytest.mark.parametrize("method", ["po\u017ft", "l\u0131nk", "straße"])
async def test_letters_that_only_upper_case_makes_ascii_stay_for_the_connector_to_refuse(
    session: ClientSession, connector: ScriptedConnector, method: str
) -> None:
    await session.request(method, "http://h/")
    assert connector.request.method == method


@pytest.mark.parametrize("method", [None, b"GET", 5])
async def test_method_of_another_type_is_a_type_error(
    session: ClientSession, method: object
) -> None:
    with pytest.raises(TypeError, match=f"A method must be a str, not {type(method).__name__}"):
        session.request(method, "http://h/")  # type: ignore[arg-type]  # what is tested


async def test_unknown_option_is_a_type_error(session: ClientSession) -> None:
    with pytest.raises(TypeError, match="alow_redirects"):
        session.get("http://h/", alow_redirects=False)  # type: ignore[call-arg]  # is tested


@pytest.mark.parametrize(
    ("params", "query"),
    [({"a": ["1", "2"]}, "a=1&a=2"), ([("a", 1)], "a=1"), ("a=%20", "a=%20"), (None, "")],
)
async def test_params_are_sent(
    session: ClientSession, connector: ScriptedConnector, params: Query | None, query: str
) -> None:
    await session.get("http://h/", params=params)
    assert connector.request.url.raw_query_string == query


@pytest.mark.parametrize("url", ["http://u:p@h/", "http://:p@h/", URL("http://u@h/")])
async def test_userinfo_is_sent_as_credentials_and_in_no_url(
    session: ClientSession, connector: ScriptedConnector, url: str | URL
) -> None:
    response = await session.get(url, params="a=1")
    request = connector.request
    assert str(request.url) == "http://h/?a=1"
    assert request.headers["Host"] == "h"
    assert request.headers["Authorization"].startswith("Basic ")
    assert str(response.real_url) == "http://h/?a=1"


async def test_request_without_fields_of_its_own_shares_the_section(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    await session.get("http://h/a")
    await session.post("http://h/b")
    await session.post("http://h/b", data=b"x")
    first, second, third = (exchange.request.headers for exchange in connector.exchanges)
    assert first is second
    assert third["Content-Type"] == "application/octet-stream"


async def test_headers_of_the_session_may_change_between_requests(
    connector: ScriptedConnector,
) -> None:
    async with ClientSession(
        connector=connector, headers={"X-A": "1"}, skip_auto_headers=["accept"]
    ) as session:
        await session.get("http://h/")
        session.headers["X-A"] = "2"
        await session.get("http://h/")
        await session.get("http://h/", headers={"x-a": "3"})
        sent = [exchange.request.headers.getall("X-A") for exchange in connector.exchanges]
        assert sent == [["1"], ["2"], ["3"]]
        assert "Accept" not in connector.request.headers


@pytest.mark.parametrize(
    ("options", "body", "content_type"),
    [
        ({"data": b"x"}, b"x", "application/octet-stream"),
        ({"data": "ä"}, b"\xc3\xa4", "text/plain; charset=utf-8"),
        ({"data": {"a": 1}}, b"a=1", "application/x-www-form-urlencoded"),
        ({"json": []}, b"[]", "application/json"),
        ({"data": b"", "json": None}, b"", "application/octet-stream"),
    ],
)
async def test_body_is_sent_with_its_media_type(
    session: ClientSession,
    connector: ScriptedConnector,
    options: dict[str, Any],
    body: bytes,
    content_type: str,
) -> None:
    await session.post("http://h/", **options)
    assert connector.exchange.body == body
    assert connector.request.headers["Content-Type"] == content_type


async def test_json_is_serialised_as_the_session_was_told(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector, json_serialize=repr) as session:
        await session.post("http://h/", json={"a": 1})
    assert connector.exchange.body == b"{'a': 1}"


async def test_http_version_is_the_sessions(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector, version=HttpVersion10) as session:
        assert session.version == HttpVersion10
        await session.get("http://h/")
    assert connector.request.version == HttpVersion10


async def test_phases_of_the_timeout_go_to_the_connector(connector: ScriptedConnector) -> None:
    timeout = ClientTimeout(total=1, connect=2, sock_read=3, sock_connect=4)
    async with ClientSession(connector=connector, timeout=timeout) as session:
        assert session.timeout is timeout
        await session.get("http://h/")
        assert connector.exchange.timeouts == Timeouts(connect=2, sock_connect=4, sock_read=3)
        await session.get("http://h/", timeout=5)
        assert connector.exchange.timeouts == Timeouts()


async def test_timeout_is_the_default_one_unless_given(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    assert session.timeout is DEFAULT_TIMEOUT
    await session.get("http://h/")
    assert connector.exchange.timeouts == Timeouts(sock_connect=30)


CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
FINGERPRINT = Fingerprint(bytes(32))


@pytest.mark.parametrize("given", [False, CONTEXT, FINGERPRINT])
async def test_ssl_goes_to_the_connector(
    session: ClientSession,
    connector: ScriptedConnector,
    given: "bool | ssl.SSLContext | Fingerprint",
) -> None:
    await session.get("https://h/", ssl=given)
    assert connector.request.options == TransportOptions(ssl=given)


@pytest.mark.parametrize("given", [None, True])
async def test_ssl_that_says_nothing_special_is_the_default(
    session: ClientSession, connector: ScriptedConnector, given: bool | None
) -> None:
    await session.get("https://h/", ssl=given)
    assert connector.request.options is DIRECT
    await session.get("https://h/", ssl=given, server_hostname="other")
    assert connector.request.options == TransportOptions(server_hostname="other")


@pytest.mark.parametrize("given", ["no", 0, ssl, b"\0" * 32])
async def test_ssl_of_another_type_is_a_type_error(
    session: ClientSession, connector: ScriptedConnector, given: object
) -> None:
    with pytest.raises(TypeError, match="ssl must be a bool, an SSLContext or a Fingerprint, not"):
        await session.get("https://h/", ssl=given)  # type: ignore[arg-type]  # what is tested
    assert connector.exchanges == []


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"params": {"a": None}}, TypeError),
        ({"params": "a#b"}, ValueError),
        ({"data": object()}, TypeError),
        ({"data": "a", "json": {}}, ValueError),
        ({"json": object()}, TypeError),
        ({"timeout": "5"}, TypeError),
        ({"timeout": True}, TypeError),
        ({"timeout": -1}, ValueError),
        ({"headers": 5}, TypeError),
        ({"headers": [("Host", "a"), ("Host", "b")]}, ValueError),
    ],
)
async def test_callers_mistake_is_told_before_anything_is_sent(
    session: ClientSession,
    connector: ScriptedConnector,
    options: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await session.post("http://h/", **options)
    assert connector.exchanges == []
    assert session._deadlines.idle


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("h", InvalidURL),
        ("http:///", InvalidURL),
        ("http://a%2fb/", InvalidURL),
        ("http://h\r\n/", InvalidURL),
        ("http://[", InvalidURL),
        ("ftp://h/", NonHttpUrlClientError),
        (None, TypeError),
        (b"http://h/", TypeError),
    ],
)
async def test_url_that_cannot_be_asked_for_is_told_before_anything_is_sent(
    session: ClientSession, connector: ScriptedConnector, url: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await session.get(url)
    assert connector.exchanges == []


async def test_error_of_the_connector_comes_out_as_it_is(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    failure = ClientConnectionError("refused")

    async def script(_: ScriptedExchange) -> None:
        raise failure

    connector.script = script
    for timeout in (5, None):
        with pytest.raises(ClientConnectionError) as caught:
            await session.get("http://h/", timeout=timeout)
        assert caught.value is failure
        assert caught.value.__cause__ is None


async def test_cancellation_without_a_limit_comes_out_as_it_is(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async def script(_: ScriptedExchange) -> None:
        raise asyncio.CancelledError

    connector.script = script
    with pytest.raises(asyncio.CancelledError):
        await session.get("http://h/", timeout=None)


async def test_body_is_held_back_at_the_size_that_the_session_was_told(
    connector: ScriptedConnector,
) -> None:
    connector.script = answer(b"x" * 100, complete=False)
    async with ClientSession(connector=connector, read_bufsize=100) as session:
        async with session.get("http://h/"):
            assert connector.exchange.calls == ["pause"]
    async with ClientSession(connector=ScriptedConnector(connector.script)) as session:
        assert isinstance(session.connector, ScriptedConnector)
        async with session.get("http://h/"):
            assert session.connector.exchange.calls == []
