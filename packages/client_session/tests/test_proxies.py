import itertools
import os
from base64 import b64decode
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_client_session._basic_auth import BasicAuth
from martlet_client_session._proxies import Proxies, ProxyRoute

P, Q, R, S = "http://p:1", "http://q:2", "http://r:3", "http://s:4"
HTTP, HTTPS = URL("http://a.test/"), URL("https://a.test/")
AUTH, OTHER = BasicAuth("a", "b"), ("c", "d")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", os.devnull)
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", "http://e:e@env:9")


def proxies_of(**session: Any) -> Proxies:
    none: dict[str, Any] = {"proxy": None, "proxy_auth": None, "proxies": None, "trust_env": False}
    return Proxies(**none | session)


def route_of(
    session: dict[str, Any], request: dict[str, Any], url: URL = HTTP
) -> ProxyRoute | None:
    none: dict[str, Any] = {"proxy": None, "proxy_auth": None, "proxy_headers": None}
    return proxies_of(**session).route(url, **none | request)


def told(route: ProxyRoute | None) -> str:
    """Write a route as short as may be: with the credentials before the host."""
    if route is None:
        return "directly"
    url, fields = route
    assert url.raw_user is None
    text = f"{url.host}"
    for name, value in fields:
        if name == "Proxy-Authorization":
            text = f"{b64decode(value.removeprefix('Basic ')).decode()}@{text}"
        else:
            text += f" {name}={value}"
    return text


class Row(NamedTuple):
    session: dict[str, Any]
    request: dict[str, Any]
    expected: str
    url: URL = HTTP


SESSION: dict[str, Any] = {"proxy": P, "proxies": {"http": Q}, "trust_env": True}
MAPPING: dict[str, Any] = {"proxies": {"http": Q}, "trust_env": True}
ENV: dict[str, Any] = {"trust_env": True}

TABLE = [
    # Who decides.
    Row({}, {}, "directly"),
    Row({}, {"proxy": R}, "r"),
    Row(SESSION, {"proxy": R}, "r"),
    Row(SESSION, {}, "p"),
    Row(MAPPING, {}, "q"),
    Row(MAPPING, {"proxy": R}, "r"),
    Row(ENV, {}, "e:e@env"),
    Row(ENV, {"proxy": R}, "r"),
    Row({"proxies": {}, "trust_env": True}, {}, "e:e@env"),
    Row({"proxies": {"https": Q}, "trust_env": True}, {}, "e:e@env"),
    Row(MAPPING, {}, "directly", HTTPS),
    Row(SESSION, {}, "p", HTTPS),
    Row({"proxy": URL(P)}, {}, "p"),
    Row({"proxy": P}, {"proxy": URL(R)}, "r"),
    # Directly.
    Row(SESSION, {"proxy": ""}, "directly"),
    Row(SESSION | {"proxy": ""}, {}, "directly"),
    Row(SESSION | {"proxy": ""}, {"proxy": R}, "r"),
    Row({"proxies": {"http": None}, "trust_env": True}, {}, "directly"),
    Row({"proxies": {"http": Q, "no": "a.test"}, "trust_env": True}, {}, "directly"),
    # The request's credentials.
    Row({}, {"proxy": R, "proxy_auth": AUTH}, "a:b@r"),
    Row({}, {"proxy": R, "proxy_auth": OTHER}, "c:d@r"),
    Row({}, {"proxy": "http://u:v@r:3"}, "u:v@r"),
    Row({}, {"proxy": "http://u:v@r:3", "proxy_auth": AUTH}, "a:b@r"),
    Row(SESSION, {"proxy_auth": AUTH}, "a:b@p"),
    Row(SESSION | {"proxy_auth": OTHER}, {"proxy_auth": AUTH}, "a:b@p"),
    Row({"proxy": "http://u:v@p:1"}, {"proxy_auth": AUTH}, "a:b@p"),
    Row(MAPPING, {"proxy_auth": AUTH}, "a:b@q"),
    Row(ENV, {"proxy_auth": AUTH}, "a:b@env"),
    Row({}, {"proxy_auth": AUTH}, "directly"),
    Row(SESSION, {"proxy": "", "proxy_auth": AUTH}, "directly"),
    # The session's.
    Row({"proxy": P, "proxy_auth": AUTH}, {}, "a:b@p"),
    Row({"proxy": P, "proxy_auth": OTHER}, {}, "c:d@p"),
    Row({"proxy": "http://u:v@p:1"}, {}, "u:v@p"),
    Row({"proxy": "http://u:v@p:1", "proxy_auth": AUTH}, {}, "a:b@p"),
    Row({"proxy_auth": AUTH}, {}, "directly"),
    Row({"proxy_auth": AUTH}, {"proxy": R}, "a:b@r"),
    Row({"proxy_auth": AUTH}, {"proxy": "http://u:v@r:3"}, "u:v@r"),
    Row(MAPPING | {"proxy_auth": AUTH}, {}, "a:b@q"),
    Row(MAPPING | {"proxy_auth": AUTH}, {"proxy": R}, "a:b@r"),
    Row({"proxies": {"http": "u:v@q:2"}, "proxy_auth": AUTH}, {}, "u:v@q"),
    # They are not for a proxy that they were not given for.
    Row({"proxy": P, "proxy_auth": AUTH}, {"proxy": R}, "r"),
    Row({"proxy": P, "proxy_auth": AUTH}, {"proxy": "http://p:2"}, "p"),
    Row({"proxy": P, "proxy_auth": AUTH}, {"proxy": "https://p:1"}, "p"),
    Row({"proxy": P, "proxy_auth": AUTH}, {"proxy": "http://P:1/"}, "a:b@p"),
    Row({"proxy": "", "proxy_auth": AUTH}, {"proxy": R}, "r"),
    Row({"proxy": "http://u:v@p:1"}, {"proxy": R}, "r"),
    Row(ENV | {"proxy_auth": AUTH}, {}, "e:e@env"),
    # Fields.
    Row({}, {"proxy_headers": {"X": "1"}}, "directly"),
    Row({}, {"proxy": R, "proxy_headers": {"X": "1"}}, "r X=1"),
    Row({}, {"proxy": R, "proxy_headers": {}}, "r"),
    Row({}, {"proxy": R, "proxy_auth": AUTH, "proxy_headers": {"X": "1"}}, "a:b@r X=1"),
    Row({"proxy": P, "proxy_auth": AUTH}, {"proxy_headers": {"X": "1"}}, "a:b@p X=1"),
    Row(MAPPING, {"proxy_headers": [("X", "1"), ("X", "2")]}, "q X=1 X=2"),
    Row(ENV, {"proxy_headers": {"X": "1"}}, "e:e@env X=1"),
    Row(ENV, {"proxy_auth": AUTH, "proxy_headers": {"X": "1"}}, "a:b@env X=1"),
    # A field with credentials goes before those of the proxy.
    Row({}, {"proxy": R, "proxy_headers": {"Proxy-Authorization": "eDp5"}}, "x:y@r"),
    Row({}, {"proxy": "http://u@r", "proxy_headers": {"Proxy-Authorization": "eDp5"}}, "x:y@r"),
    Row(ENV, {"proxy_headers": {"Proxy-Authorization": "eDp5"}}, "x:y@env"),
    Row(
        {"proxy": P, "proxy_auth": AUTH},
        {"proxy_headers": {"Proxy-Authorization": "eDp5"}},
        "x:y@p",
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_table(row: Row) -> None:
    assert told(route_of(row.session, row.request, row.url)) == row.expected


def cases() -> Iterator[tuple[dict[str, Any], dict[str, Any], str]]:
    """Make all combinations of who names a proxy, with a model of who is heard."""
    for request, session, schemes, trust_env in itertools.product(
        (None, "", R), (None, "", P), (None, {}, {"http": Q}, {"http": None}), (False, True)
    ):
        expected = "e:e@env" if trust_env else "directly"
        if schemes:
            expected = "q" if schemes["http"] else "directly"
        if session is not None:
            expected = "p" if session else "directly"
        if request is not None:
            expected = "r" if request else "directly"
        own = {"proxy": session, "proxies": schemes, "trust_env": trust_env}
        yield own, {"proxy": request}, expected


@pytest.mark.parametrize(("session", "request_", "expected"), [*cases()])
def test_who_decides(session: dict[str, Any], request_: dict[str, Any], expected: str) -> None:
    assert told(route_of(session, request_)) == expected


@pytest.mark.parametrize("session", [SESSION, MAPPING, ENV, {}], ids=["own", "map", "env", "none"])
def test_a_request_that_says_nothing_gets_the_same_object(session: dict[str, Any]) -> None:
    proxies = proxies_of(**session)
    first = proxies.route(HTTP, None, None, None)
    assert proxies.route(URL("http://b.test/"), None, None, None) is first
    assert proxies.route(HTTP, None, None, {}) is first


def test_routes_of_requests_are_equal_by_value() -> None:
    def route() -> ProxyRoute | None:
        headers = {"X": "1"}
        return proxies_of().route(HTTP, "http://u:v@r", None, headers)

    assert route() == route()
    assert hash(route()) == hash(route())


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"proxy": "r:3"}, "^r:3 - proxy cannot be used: it has no scheme; write http://"),
        ({"proxy": "u:secret@r:3"}, "^r:3 - proxy cannot be used: it has no scheme"),
        ({"proxy": "socks5://u:secret@r:3"}, "its scheme is socks5; give a proxy that"),
        ({"proxy": "http://u:secret@"}, "^.{3} - proxy cannot be used: it is malformed"),
        ({"proxy": R, "proxy_headers": {"X": "secret\r\n"}}, "X has a control character"),
        ({"proxy_headers": {"X": "secret\n"}}, "X has a control character"),
        ({"proxy": R, "proxy_auth": ("secret:", "b")}, "A colon is not allowed in the login"),
        ({"proxy": R, "proxy_auth": BasicAuth("secret", "€")}, "cannot be sent in latin1"),
    ],
)
def test_bad_values_of_a_request(request_: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        route_of({}, request_)
    assert "secret" not in f"{caught.value!r} {caught.value.__context__!r}"


@pytest.mark.parametrize("name", ["Proxy-Authorization", "proxy-AUTHORIZATION"])
@pytest.mark.parametrize("request_", [{"proxy": R}, {}])
def test_two_credentials_of_a_request(request_: dict[str, Any], name: str) -> None:
    request_ = request_ | {"proxy_auth": AUTH, "proxy_headers": {name: "Bearer secret"}}
    with pytest.raises(ValueError, match="cannot both be given"):
        route_of({}, request_)


@pytest.mark.parametrize(
    "request_",
    [{"proxy": 5}, {"proxy": b"http://r"}, {"proxy": R, "proxy_auth": "a:b"}, {"proxy_auth": 5}],
)
def test_bad_types_of_a_request(request_: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        route_of({}, request_)


@pytest.mark.parametrize(
    "session",
    [
        {"proxy": "p:1"},
        {"proxy": "socks4://u:secret@p"},
        {"proxy": "http://u%3A:secret@p"},
        {"proxy_auth": BasicAuth("secret", "€")},
        {"proxy_auth": ("\n", "secret")},
        {"proxies": {"http": "ftp://u:secret@p"}},
    ],
    ids=str,
)
def test_bad_values_of_a_session(session: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # each text has a test of its own
        proxies_of(**session)
    assert "secret" not in f"{caught.value!r} {caught.value.__context__!r}"


@pytest.mark.parametrize("session", [{"proxy": 5}, {"proxy_auth": "a:b"}, {"proxies": P}], ids=str)
def test_bad_types_of_a_session(session: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        proxies_of(**session)


def test_the_environment_is_not_looked_at_unless_trusted() -> None:
    os.environ["http_proxy"] = "socks5://p"
    assert route_of({}, {}) is None
    assert told(route_of(ENV, {"proxy": R})) == "r"
    with pytest.raises(ValueError, match="http_proxy"):
        route_of(ENV, {})


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ({}, "<Proxies none>"),
        ({"proxy": "http://u:secret@p:1", "proxy_auth": AUTH}, "<Proxies by http://p:1>"),
        ({"proxy": "", "trust_env": True}, "<Proxies directly, environment>"),
        (
            {"proxies": {"http": "http://u:secret@q:2"}},
            "<Proxies SchemeProxies({'http': 'http://q:2'})>",
        ),
    ],
)
def test_repr(session: dict[str, Any], expected: str) -> None:
    assert repr(proxies_of(**session)) == expected


@given(
    st.sampled_from([None, P, "http://u:CANARY1@p:1"]),
    st.sampled_from([None, BasicAuth("a", "CANARY2")]),
    st.sampled_from([None, {"all": Q}, {"all": "http://u:CANARY3@q:2"}]),
    st.booleans(),
    st.sampled_from([None, P, R, "http://u:CANARY5@r:3"]),
)
def test_credentials_go_to_their_proxy_only(
    own: str | None,
    auth: BasicAuth | None,
    schemes: dict[str, str | URL | None] | None,
    trust_env: bool,
    proxy: str | None,
) -> None:
    proxies = Proxies(proxy=own, proxy_auth=auth, proxies=schemes, trust_env=trust_env)
    route = proxies.route(HTTP, proxy, None, None)
    allowed = {"p": "12", "q": "23", "r": "52", "env": ""}
    text = told(route)
    if "CANARY" in text:
        number = text.partition("CANARY")[2][0]
        host = text.rpartition("@")[2]
        assert number in allowed[host]
        assert not (host == "r" and number == "2" and own is not None)
    assert "CANARY" not in repr(proxies)
