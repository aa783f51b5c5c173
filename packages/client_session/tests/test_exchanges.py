"""Single requests, and their cookies."""

from collections.abc import Sequence

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_client_session import ClientResponse
from martlet_client_session._exchanges import Exchanges
from martlet_client_session._reading import READING
from martlet_cookiejar import CookieJar
from martlet_interfaces import (
    DIRECT,
    NO_TIMEOUTS,
    HeadLimits,
    HttpVersion11,
    Observer,
    RequestHead,
    TransportOptions,
)

from .scripted import ScriptedConnector, answer, no_fields

HERE = URL("http://h.example/")


def head(section: CIMultiDictProxy[str] | None = None, url: URL = HERE) -> RequestHead:
    fields = no_fields() if section is None else section
    return RequestHead("GET", url, fields, HttpVersion11, DIRECT, None)


def with_jar() -> tuple[Exchanges, CookieJar]:
    jar = CookieJar()
    jar.update_cookies({"a": "1"}, HERE)
    return Exchanges(ClientResponse, jar), jar


def test_a_jar_is_made_when_it_is_asked_for() -> None:
    exchanges = Exchanges(ClientResponse, None)
    assert exchanges.store is None
    before = head()
    assert exchanges.with_cookies(before) is before
    assert isinstance(exchanges.jar, CookieJar)
    assert exchanges.jar is exchanges.store


def test_a_head_without_cookies_stays_as_it_is() -> None:
    exchanges, _ = with_jar()
    before = head(url=URL("http://o.example/"))
    assert exchanges.with_cookies(before) is before


def test_a_head_with_cookies_is_another_one() -> None:
    exchanges, _ = with_jar()
    section = CIMultiDictProxy(CIMultiDict({"X": "y"}))
    options, limits = TransportOptions(ssl=False), HeadLimits(line=1)
    before = RequestHead("PUT", HERE, section, HttpVersion11, options, limits)
    after = exchanges.with_cookies(before)
    assert dict(after.headers) == {"X": "y", "Cookie": "a=1"}
    assert (after.method, after.url, after.version) == ("PUT", HERE, HttpVersion11)
    assert (after.options, after.limits) == (options, limits)
    assert "Cookie" not in before.headers


def test_the_same_section_with_the_same_cookies_is_remembered() -> None:
    exchanges, jar = with_jar()
    section = no_fields()
    first = exchanges.with_cookies(head(section)).headers
    assert exchanges.with_cookies(head(section)).headers is first
    assert exchanges.with_cookies(head()).headers is not first
    jar.update_cookies({"a": "2"}, HERE)
    assert exchanges.with_cookies(head(section)).headers["Cookie"] == "a=2"


def test_so_many_are_remembered_and_no_more() -> None:
    exchanges, jar = with_jar()
    section = no_fields()
    for number in range(200):
        jar.update_cookies({"a": str(number)}, HERE)
        assert exchanges.with_cookies(head(section)).headers["Cookie"] == f"a={number}"
        assert len(exchanges._sections) <= 64


@pytest.mark.parametrize("observed", [False, True])
async def test_one_request_is_sent_and_its_cookies_are_kept(observed: bool) -> None:
    connector = ScriptedConnector(answer(b"x", fields=[("Set-Cookie", "a=1")]))
    exchanges = Exchanges(ClientResponse, None)
    observer: Observer | None = None
    if observed:

        class Silent:
            def notify(self, *_: object) -> None:
                """Hear nothing."""

        observer = Silent()  # type: ignore[assignment]  # it is not called here
    response = await exchanges.send(connector, head(), b"up", READING, NO_TIMEOUTS, observer)
    assert await response.read() == b"x"
    assert connector.exchange.body == b"up"
    assert [cookie.key for cookie in exchanges.jar] == ["a"]


async def test_a_store_that_fails_lets_go_of_the_response() -> None:
    class Failing:
        def cookie_header(self, request_url: URL) -> str:
            return ""

        def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
            raise RuntimeError("disk full")

    connector = ScriptedConnector(answer(b"x", fields=[("Set-Cookie", "a=1")], complete=False))
    exchanges = Exchanges(ClientResponse, Failing())
    with pytest.raises(RuntimeError, match="disk full"):
        await exchanges.send(connector, head(), None, READING, NO_TIMEOUTS)
    assert connector.exchange.calls == ["abort"]
