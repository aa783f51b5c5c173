import itertools
import os
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_client_session import _environment_proxies
from martlet_client_session._environment_proxies import EnvironmentProxies

P, Q, R = "http://p:1", "http://q:2", "http://r:3"
HTTP, HTTPS, WS, WSS = (URL(f"{scheme}://a.test/x") for scheme in ("http", "https", "ws", "wss"))


@pytest.fixture(autouse=True)
def _no_netrc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", os.devnull)
    monkeypatch.setattr(_environment_proxies, "_HAS_SETTINGS", False)
    monkeypatch.setattr(_environment_proxies, "_IS_WINDOWS", False)


class Row(NamedTuple):
    environ: Mapping[str, str]
    url: URL
    expected: str | None


TABLE = [
    Row({}, HTTP, None),
    Row({}, WSS, None),
    # The variable of the scheme, in both cases.
    Row({"http_proxy": P}, HTTP, P),
    Row({"HTTP_PROXY": P}, HTTP, P),
    Row({"https_proxy": P}, HTTPS, P),
    Row({"HTTPS_PROXY": P}, HTTPS, P),
    Row({"http_proxy": P}, HTTPS, None),
    Row({"https_proxy": P}, HTTP, None),
    Row({"Http_Proxy": P}, HTTP, None),
    # What ws and wss fall back to.
    Row({"ws_proxy": P}, WS, P),
    Row({"WS_PROXY": P}, WS, P),
    Row({"wss_proxy": P}, WSS, P),
    Row({"WSS_PROXY": P}, WSS, P),
    Row({"http_proxy": P}, WS, P),
    Row({"HTTP_PROXY": P}, WS, P),
    Row({"https_proxy": P}, WSS, P),
    Row({"HTTPS_PROXY": P}, WSS, P),
    Row({"https_proxy": P}, WS, None),
    Row({"http_proxy": P}, WSS, None),
    Row({"ws_proxy": P, "http_proxy": Q}, WS, P),
    Row({"WS_PROXY": P, "http_proxy": Q}, WS, P),
    Row({"ws_proxy": P}, HTTP, None),
    Row({"wss_proxy": P}, HTTPS, None),
    # All.
    *(Row({name: P}, url, P) for name in ("all_proxy", "ALL_PROXY") for url in (HTTP, HTTPS)),
    *(Row({name: P}, url, P) for name in ("all_proxy", "ALL_PROXY") for url in (WS, WSS)),
    *(Row({"all_proxy": P, "HTTP_PROXY": Q}, url, Q) for url in (HTTP, WS)),
    *(Row({"all_proxy": P, "HTTP_PROXY": Q}, url, P) for url in (HTTPS, WSS)),
    # Lower case goes before upper case, also where it is empty.
    Row({"http_proxy": P, "HTTP_PROXY": Q}, HTTP, P),
    Row({"https_proxy": P, "HTTPS_PROXY": Q}, HTTPS, P),
    Row({"all_proxy": P, "ALL_PROXY": Q}, HTTP, P),
    Row({"http_proxy": "", "HTTP_PROXY": Q}, HTTP, None),
    Row({"all_proxy": "", "ALL_PROXY": Q}, HTTP, None),
    # An empty one is none: the next one is looked at.
    Row({"http_proxy": ""}, HTTP, None),
    Row({"HTTP_PROXY": ""}, HTTP, None),
    Row({"http_proxy": " \t"}, HTTP, None),
    Row({"http_proxy": "", "all_proxy": P}, HTTP, P),
    Row({"ws_proxy": "", "http_proxy": P}, WS, P),
    # In a CGI program, HTTP_PROXY is the client's.
    Row({"HTTP_PROXY": P, "REQUEST_METHOD": "GET"}, HTTP, None),
    Row({"HTTP_PROXY": P, "REQUEST_METHOD": ""}, HTTP, None),
    Row({"HTTP_PROXY": P, "REQUEST_METHOD": "GET"}, WS, None),
    Row({"HTTP_PROXY": P, "REQUEST_METHOD": "GET", "ALL_PROXY": Q}, HTTP, Q),
    Row({"http_proxy": P, "HTTP_PROXY": Q, "REQUEST_METHOD": "GET"}, HTTP, P),
    Row({"http_proxy": "", "HTTP_PROXY": Q, "REQUEST_METHOD": "GET"}, HTTP, None),
    Row({"HTTPS_PROXY": P, "REQUEST_METHOD": "GET"}, HTTPS, P),
    Row({"WS_PROXY": P, "REQUEST_METHOD": "GET"}, WS, P),
    # Other schemes.
    Row({"all_proxy": P, "http+unix_proxy": P}, URL("http+unix://a/"), None),
    Row({"all_proxy": P}, URL("/relative"), None),
    # Without a scheme, with blanks, of https.
    Row({"http_proxy": "p:1"}, HTTP, P),
    Row({"http_proxy": "p"}, HTTP, "http://p"),
    Row({"http_proxy": f" {P}/ "}, HTTP, P),
    Row({"http_proxy": "https://p:1"}, HTTP, "https://p:1"),
    # What is reached directly.
    Row({"http_proxy": P, "no_proxy": "a.test"}, HTTP, None),
    Row({"http_proxy": P, "NO_PROXY": "a.test"}, HTTP, None),
    Row({"http_proxy": P, "no_proxy": "b.test"}, HTTP, P),
    Row({"http_proxy": P, "no_proxy": "test"}, HTTP, None),
    Row({"http_proxy": P, "no_proxy": "*"}, HTTP, None),
    Row({"http_proxy": P, "no_proxy": "a.test:80"}, HTTP, None),
    Row({"http_proxy": P, "no_proxy": "a.test:81"}, HTTP, P),
    Row({"http_proxy": P, "no_proxy": "10.0.0.0/8"}, URL("http://10.1.2.3/"), None),
    Row({"http_proxy": P, "no_proxy": "", "NO_PROXY": "*"}, HTTP, P),
    Row({"http_proxy": P, "no_proxy": "b.test", "NO_PROXY": "*"}, HTTP, P),
    Row({"all_proxy": P, "no_proxy": "a.test"}, WSS, None),
    # A bad one that is not used is no matter.
    Row({"http_proxy": "socks5://p", "no_proxy": "*"}, HTTP, None),
    Row({"http_proxy": P, "all_proxy": "socks5://p"}, HTTP, P),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_table(row: Row) -> None:
    route = EnvironmentProxies(row.environ).route(row.url)
    assert (route and str(route[0])) == row.expected
    assert route is None or route[1] == ()


def test_every_combination_of_two_variables() -> None:
    # A model of the rules, apart from how they are written above.
    names = ("ws_proxy", "http_proxy", "all_proxy")
    values = (None, "", "{}")
    for lower in itertools.product(values, repeat=3):
        for upper in itertools.product(values, repeat=3):
            environ, expected = {}, None
            for name, low, up in zip(names, lower, upper, strict=True):
                for key, value in ((name, low), (name.upper(), up)):
                    if value is not None:
                        host = key.replace("_", "-") + (".upper" if key.isupper() else "")
                        environ[key] = value.format(f"http://{host.lower()}")
                chosen = environ.get(name, environ.get(name.upper()))
                expected = expected or chosen
            route = EnvironmentProxies(environ).route(WS)
            assert (route and str(route[0])) == (expected or None)


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"http_proxy": "socks5://u:secret@p:1"}, "p:1 - the proxy in the variable http_proxy"),
        ({"HTTP_PROXY": "socks5h://p"}, "socks5h://p - the proxy in the variable HTTP_PROXY"),
        ({"ALL_PROXY": "u:secret@a b"}, "*** - the proxy in the variable ALL_PROXY"),
        ({"http_proxy": "http://[::1"}, "*** - the proxy in the variable http_proxy"),
        ({"all_proxy": "http://p:x", "ALL_PROXY": P}, "*** - the proxy in the variable all_proxy"),
        ({"http_proxy": "http://\udcff"}, "*** - the proxy in the variable http_proxy"),
        ({"http_proxy": "a%3Ab:secret@p"}, "p - the proxy in the variable http_proxy"),
    ],
)
def test_faults_name_the_variable(environ: dict[str, str], text: str) -> None:
    proxies = EnvironmentProxies(environ)
    for _ in range(2):
        with pytest.raises(ValueError, match="cannot be used") as caught:
            proxies.route(HTTP)
        assert str(caught.value).startswith(text)
        assert "secret" not in f"{caught.value!r} {caught.value.args} {caught.value.__context__!r}"


@given(st.text(), st.text())
def test_whatever_stands_there(value: str, rules: str) -> None:
    fault, route = "", None
    try:
        route = EnvironmentProxies({"http_proxy": value, "no_proxy": rules}).route(HTTP)
    except ValueError as exc:
        fault = str(exc)
    assert not fault or "the variable http_proxy" in fault
    assert route is None or route[0].scheme in {"http", "https"}


def test_it_is_the_environment_at_each_request(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    proxies = EnvironmentProxies()
    assert proxies.route(HTTP) is None
    monkeypatch.setenv("http_proxy", P)
    first = proxies.route(HTTP)
    assert first == (URL(P), ())
    monkeypatch.setenv("http_proxy", Q)
    assert proxies.route(HTTP) == (URL(Q), ())
    monkeypatch.setenv("http_proxy", P)
    assert proxies.route(HTTP) is first
    monkeypatch.setenv("no_proxy", "a.test")
    assert proxies.route(HTTP) is None
    assert proxies.route(URL("http://b.test/")) is first
    monkeypatch.setenv("no_proxy", "b.test")
    assert proxies.route(HTTP) is first
    assert proxies.route(URL("http://b.test/")) is None
    monkeypatch.delenv("http_proxy")
    assert proxies.route(HTTP) is None


def test_what_has_not_changed_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    proxies = EnvironmentProxies({"all_proxy": "u:p@p:1", "no_proxy": "b.test"})
    first = proxies.route(HTTP)
    bypass = proxies._bypass
    monkeypatch.setattr(_environment_proxies, "given_proxy", None)
    assert proxies.route(WSS) is first
    assert proxies._bypass is bypass


def test_it_remembers_no_more_than_a_few() -> None:
    environ: dict[str, str] = {}
    proxies = EnvironmentProxies(environ)
    for number in range(100):
        environ["http_proxy"] = f"http://p{number}:1"
        assert proxies.route(HTTP) == (URL(f"http://p{number}:1"), ())
        assert len(proxies._given) <= 16
        assert len(proxies._routes) <= 16


class TestCredentials:
    def pair(self, proxies: EnvironmentProxies) -> str | None:
        route = proxies.route(HTTP)
        assert route is not None
        assert route[0].raw_user is None
        if not route[1]:
            return None
        ((name, value),) = route[1]
        assert name == "Proxy-Authorization"
        return b64decode(value.removeprefix("Basic ")).decode()

    @pytest.mark.parametrize("value", ["http://u:p%40w@p:1", "u:p%40w@p:1"])
    def test_userinfo(self, value: str) -> None:
        assert self.pair(EnvironmentProxies({"http_proxy": value})) == "u:p@w"

    def test_netrc(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine p login one password 1\nmachine q login two password 2\n")
        monkeypatch.setenv("NETRC", str(netrc))
        environ = {"http_proxy": "http://P:1"}
        proxies = EnvironmentProxies(environ)
        assert self.pair(proxies) == "one:1"
        assert proxies.route(HTTP) is proxies.route(HTTP)
        environ["http_proxy"] = Q
        assert self.pair(proxies) == "two:2"
        environ["http_proxy"] = R
        assert self.pair(proxies) is None
        environ["http_proxy"] = "http://u:p@p:1"
        assert self.pair(proxies) == "u:p"
        environ["http_proxy"] = P
        netrc.write_text("machine p login another password 3\n")
        assert self.pair(proxies) == "another:3"


class TestSystem:
    @pytest.fixture(autouse=True)
    def _settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = {"https": "http://q:2"}
        self.bypassed = {"b.test"}
        self.asked: list[str] = []

        def proxy_bypass(host: str) -> int:
            self.asked.append(host)
            return int(host in self.bypassed)

        monkeypatch.setattr(_environment_proxies, "_HAS_SETTINGS", True)
        monkeypatch.setattr("urllib.request.getproxies", lambda: self.settings)
        monkeypatch.setattr("urllib.request.proxy_bypass", proxy_bypass)

    def test_it_is_used_where_the_environment_says_nothing(self) -> None:
        proxies = EnvironmentProxies({})
        assert proxies.route(HTTPS) == (URL(Q), ())
        assert proxies.route(WSS) is proxies.route(HTTPS)
        assert proxies.route(HTTP) is None
        assert proxies.route(URL("https://b.test/")) is None

    def test_it_is_not_used_where_the_environment_names_any(self) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "ws_proxy"):
            assert EnvironmentProxies({name: P}).route(HTTPS) is None
        assert EnvironmentProxies({"https_proxy": P}).route(HTTPS) == (URL(P), ())
        assert EnvironmentProxies({"http_proxy": ""}).route(HTTPS) == (URL(Q), ())

    def test_no_proxy_holds(self) -> None:
        assert EnvironmentProxies({"no_proxy": "a.test"}).route(HTTPS) is None
        assert EnvironmentProxies({"no_proxy": "c.test"}).route(HTTPS) == (URL(Q), ())

    def test_a_fault_names_the_settings(self) -> None:
        self.settings["https"] = "socks4://u:secret@p:1"
        with pytest.raises(ValueError, match=r"^p:1 - the proxy in the system's settings cannot"):
            EnvironmentProxies({}).route(HTTPS)

    def test_windows_has_variables_in_any_case(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_environment_proxies, "_IS_WINDOWS", True)
        both = {"http_proxy": P, "HTTP_PROXY": P}  # as os.environ has them there
        assert EnvironmentProxies(both).route(HTTP) == (URL(P), ())
        assert EnvironmentProxies({**both, "REQUEST_METHOD": "GET"}).route(HTTP) is None


def test_a_machine_without_settings_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request.getproxies", None)
    assert EnvironmentProxies({}).route(HTTP) is None
