import urllib.request
from collections.abc import Mapping
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_client_session._basic_auth import BasicAuth
from martlet_client_session._scheme_proxies import SchemeProxies

P, Q, R = "http://p:1", "http://q:2", "http://r:3"
NOT_NAMED = "not named"


class Row(NamedTuple):
    proxies: Mapping[str, str | URL | None]
    url: str
    expected: str | None


TABLE = [
    # The scheme's own, then what it falls back to, then all.
    Row({"http": P}, "http://a/", P),
    Row({"http": P}, "https://a/", NOT_NAMED),
    Row({"https": P}, "https://a/", P),
    Row({"https": P}, "http://a/", NOT_NAMED),
    Row({"http": P}, "ws://a/", P),
    Row({"https": P}, "wss://a/", P),
    Row({"http": P}, "wss://a/", NOT_NAMED),
    Row({"https": P}, "ws://a/", NOT_NAMED),
    Row({"ws": P, "http": Q}, "ws://a/", P),
    Row({"ws": P, "http": Q}, "http://a/", Q),
    Row({"ws": P}, "http://a/", NOT_NAMED),
    Row({"wss": P, "https": Q}, "wss://a/", P),
    Row({"wss": P}, "https://a/", NOT_NAMED),
    Row({"all": P}, "http://a/", P),
    Row({"all": P}, "https://a/", P),
    Row({"all": P}, "ws://a/", P),
    Row({"all": P}, "wss://a/", P),
    Row({"all": P, "http": Q}, "http://a/", Q),
    Row({"all": P, "http": Q}, "ws://a/", Q),
    Row({"all": P, "http": Q}, "https://a/", P),
    # Other schemes.
    Row({"all": P}, "http+unix://a/", NOT_NAMED),
    Row({"all": P}, "/relative", NOT_NAMED),
    Row({"ftp": "nonsense://", "socks": "s", "htpp": P}, "http://a/", NOT_NAMED),
    Row({}, "http://a/", NOT_NAMED),
    # None, or nothing: directly.
    Row({"http": None, "all": P}, "http://a/", None),
    Row({"http": "", "all": P}, "http://a/", None),
    Row({"http": None, "all": P}, "https://a/", P),
    Row({"ws": None, "http": P}, "ws://a/", None),
    Row({"all": None}, "http://a/", None),
    # In any case, and as requests has it.
    Row({"HTTP": P}, "http://a/", P),
    Row({"All": P}, "http://a/", P),
    Row({"http://": P}, "http://a/", P),
    Row({"HTTPS://": P}, "https://a/", P),
    Row({"all://": P}, "wss://a/", P),
    # For one host; the names of the others do not fit.
    Row({"http://a.test": P, "http": Q}, "http://a.test/", P),
    Row({"http": Q, "http://a.test": P}, "http://a.test:8080/", P),
    Row({"http://a.test": P, "http": Q}, "http://b.a.test/", Q),
    Row({"http://a.test": P}, "http://b.test/", NOT_NAMED),
    Row({"http://a.test": P}, "https://a.test/", NOT_NAMED),
    Row({"HTTP://A.Test": P}, "http://a.test/", P),
    Row({"http://a.test": P}, "http://a.test./", P),
    Row({"http://a.test.": P}, "http://a.test/", P),
    Row({"http://a.test/": P}, "http://a.test/", P),
    Row({"http://bücher.test": P}, "http://xn--bcher-kva.test/", P),
    Row({"http://[::1]": P}, "http://[::1]:8080/", P),
    Row({"http://a.test": None, "http": P}, "http://a.test/", None),
    Row({"http://a.test": P}, "ws://a.test/", P),
    Row({"ws": Q, "http://a.test": P}, "ws://a.test/", Q),
    Row({"all://a.test": P, "all": Q}, "https://a.test/", P),
    Row({"all://a.test": P, "https": Q}, "https://a.test/", Q),
    # Without a scheme, and as a URL.
    Row({"http": "p:1"}, "http://a/", P),
    Row({"http": "u:p@p:1"}, "http://a/", P),
    Row({"http": URL(P)}, "http://a/", P),
    # The rules of getproxies().
    Row({"http": P, "no": "a.test"}, "http://a.test/", None),
    Row({"http": P, "no": "a.test"}, "http://b.a.test/", None),
    Row({"http": P, "no": "a.test"}, "http://b.test/", P),
    Row({"all": P, "no": "*"}, "wss://a/", None),
    Row({"https": P, "no": "*"}, "http://a/", NOT_NAMED),
    Row({"http": P, "no": ""}, "http://a/", P),
    Row({"http": P, "no": None}, "http://a/", P),
    Row({"http": P, "no://": "*"}, "http://a/", P),
]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_table(row: Row) -> None:
    found = SchemeProxies(row.proxies).find(URL(row.url))
    if row.expected == NOT_NAMED:
        assert found is None
        return
    assert found is not None
    assert (found[0] and str(found[0][0])) == row.expected


def test_it_is_copied_and_gives_the_same_object() -> None:
    given_ones: dict[str, str | URL | None] = {"http": P}
    proxies = SchemeProxies(given_ones)
    found = proxies.find(URL("http://a/"))
    given_ones["http"] = Q
    again = proxies.find(URL("http://b/"))
    assert found is not None
    assert again is not None
    assert found[0] is again[0]


def test_credentials_of_its_own_go_before_the_others() -> None:
    auth = BasicAuth("a", "b")
    proxies = SchemeProxies({"http": "http://u:p@p:1", "https": Q, "ws": None}, auth)
    assert proxies.find(URL("http://a/")) == ((URL(P), (("Proxy-Authorization", "Basic dTpw"),)),)
    assert proxies.find(URL("https://a/")) == ((URL(Q), (("Proxy-Authorization", "Basic YTpi"),)),)
    assert proxies.find(URL("ws://a/")) == (None,)


def test_what_urllib_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "p:1")
    monkeypatch.setenv("HTTPS_PROXY", Q)
    monkeypatch.setenv("rsync_proxy", "what ever")
    monkeypatch.setenv("no_proxy", "a.test")
    proxies = SchemeProxies(urllib.request.getproxies_environment())
    assert proxies.find(URL("http://b.test/")) == ((URL(P), ()),)
    assert proxies.find(URL("https://b.test/")) == ((URL(Q), ()),)
    assert proxies.find(URL("https://a.test/")) == (None,)


@pytest.mark.parametrize(
    ("proxies", "message"),
    [
        ({"http": "socks5://u:secret@p"}, r"^p - proxies\['http'\] cannot be used: its scheme is"),
        ({"ALL://": "http://"}, r"^\*\*\* - proxies\['all://'\] cannot be used: it has no host"),
        ({"all://h": "http://[::1"}, r"proxies\['all://h'\] cannot be used: it is malformed"),
        ({"http://a:80": P}, "^A key of proxies is a scheme"),
        ({"http://a/x": P}, "^A key of proxies is a scheme"),
        ({"http://u:secret@a": P}, "^A key of proxies is a scheme"),
        ({"http://a b": P}, "^A key of proxies is a scheme"),
        ({"http://*.a": P}, "^A key of proxies is a scheme"),
        ({"http://[::1": P}, "^A key of proxies is a scheme"),
        ({"http:///": P}, "^A key of proxies is a scheme"),
    ],
)
def test_bad_values(proxies: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        SchemeProxies(proxies)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("proxies", [P, 5, [("http", P)], {b"http": P}, {"http": 5}, {"no": 5}])
def test_bad_types(proxies: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        SchemeProxies(proxies)


@given(st.dictionaries(st.text() | st.text(alphabet="htps:/@.a").map("all://".__add__), st.text()))
def test_whatever_is_given(proxies: dict[str, str]) -> None:
    try:
        found = SchemeProxies(proxies).find(URL("http://a/"))
    except ValueError:
        return
    assert found is None or found[0] is None or found[0][0].scheme in {"http", "https"}


def test_repr() -> None:
    proxies = SchemeProxies({"http": "http://u:secret@p:1", "https://A": None})
    assert repr(proxies) == "SchemeProxies({'http': 'http://p:1', 'https://a': None})"
