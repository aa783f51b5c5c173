import traceback
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

from martlet_client_session._basic_auth import BasicAuth
from martlet_client_session._proxy_route import (
    GivenProxy,
    given_proxy,
    made_route,
    names_auth,
    proxy_fields,
)
from martlet_exceptions import ClientError, InvalidUrlClientError

NO_SCHEME = "it has no scheme; write http:// before it"
MALFORMED = "it is malformed; give http://host:port"
BAD_HOST = "its host has characters that no host has"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("http://p:3128", "http://p:3128"),
        ("https://p:3128", "https://p:3128"),
        ("HTTP://P.Test:3128", "http://p.test:3128"),
        ("http://p:3128/", "http://p:3128"),
        ("http://p:3128/path?query#fragment", "http://p:3128"),
        ("http://p", "http://p"),
        ("http://p:80", "http://p"),
        ("https://p:443", "https://p"),
        ("https://p:80", "https://p:80"),
        ("http://[::1]:3128", "http://[::1]:3128"),
        ("http://bücher.test:3128", "http://xn--bcher-kva.test:3128"),
        (" http://p:3128\n", "http://p:3128"),
        (URL("http://p:3128/"), "http://p:3128"),
    ],
)
def test_url(value: str | URL, url: str) -> None:
    assert given_proxy(value, "proxy") == (URL(url), None)


@pytest.mark.parametrize(
    ("userinfo", "pair"),
    [
        ("u:p", "u:p"),
        ("u", "u:"),
        ("u:", "u:"),
        (":p", ":p"),
        ("u%40x:p%40%3A%2Fw", "u@x:p@:/w"),
        ("ü:%C3%BC€", "ü:ü€"),
        ("u:p:q", "u:p:q"),
    ],
)
def test_userinfo(userinfo: str, pair: str) -> None:
    found = given_proxy(f"http://{userinfo}@p:3128", "proxy")
    assert found is not None
    url, auth = found
    assert url == URL("http://p:3128")
    assert auth is not None
    assert b64decode(auth.encode().removeprefix("Basic ")).decode() == pair


@pytest.mark.parametrize("value", ["", "  ", "\t\n", URL("")])
def test_empty(value: str | URL) -> None:
    assert given_proxy(value, "proxy") is None
    assert given_proxy(value, "proxy", bare=True) is None


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("p:3128", "http://p:3128"),
        ("p", "http://p"),
        ("10.0.0.1:3128", "http://10.0.0.1:3128"),
        ("[::1]:3128", "http://[::1]:3128"),
        ("u:p@p:3128", "http://p:3128"),
        ("http://p:3128", "http://p:3128"),
        ("https://p:3128", "https://p:3128"),
    ],
)
def test_bare(value: str, url: str) -> None:
    found = given_proxy(value, "proxy", bare=True)
    assert found is not None
    assert found[0] == URL(url)


@pytest.mark.parametrize(
    ("value", "shown", "fault"),
    [
        ("p:3128", "p:3128", NO_SCHEME),
        ("p.test", "p.test", NO_SCHEME),
        ("127.0.0.1:3128", "127.0.0.1:3128", NO_SCHEME),
        ("u:secret@p:3128", "p:3128", NO_SCHEME),
        ("u:secret", "***", NO_SCHEME),
        ("//u:secret@p:3128", "p:3128", NO_SCHEME),
        (URL("p:3128"), "p:3128", NO_SCHEME),
        (URL("/p"), "***", NO_SCHEME),
        ("socks5://u:secret@p:1080", "p:1080", "its scheme is socks5; give a proxy that is"),
        ("ftp://p", "ftp://p", "its scheme is ftp; give a proxy that is"),
        (URL("ws://u:secret@p"), "p", "its scheme is ws; give a proxy that is"),
        ("x" * 99 + "://p", "x" * 99 + "://p", f"its scheme is {'x' * 40}; give"),
        ("http://", "***", "it has no host"),
        ("http:///secret", "***", "it has no host"),
        ("http://u:secret@", "***", MALFORMED),
        ("http://u:secret", "***", MALFORMED),
        ("http://u:sec/ret@p:3128", "p:3128", MALFORMED),
        ("http://p:99999", "http://p:99999", MALFORMED),
        ("http://[::1", "***", MALFORMED),
        ("http://\ud800", "***", MALFORMED),
        ("http://u:secret@a b", "***", BAD_HOST),
        ("http://a..b", "http://a..b", BAD_HOST),
        ("http://u:sec\nret@p", "p", "it has control characters"),
        ("http://u%3Av:secret@p", "p", "A colon is not allowed in the login (RFC 7617 section 2)"),
        ("http://u:secret%0D@p", "p", "The password has control characters"),
    ],
)
def test_faults(value: str | URL, shown: str, fault: str) -> None:
    with pytest.raises(InvalidUrlClientError) as caught:
        given_proxy(value, "The proxy")
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ClientError)
    assert str(caught.value).startswith(f"{shown[:300]} - The proxy cannot be used: {fault}")
    assert caught.value.__context__ is None
    told = (
        f"{caught.value!r} {caught.value.args} {''.join(traceback.format_exception(caught.value))}"
    )
    assert "ret" not in told.replace("given_proxy", "")


@pytest.mark.parametrize("value", [None, 3128, b"http://p:3128", ("http://p", 1)])
def test_other_types(value: object) -> None:
    with pytest.raises(TypeError, match=r"^The proxy has to be a str or a yarl\.URL, not "):
        given_proxy(value, "The proxy")


def tried(text: str, *, bare: bool = False) -> GivenProxy | InvalidUrlClientError | None:
    """Read *text*, or give what is said against it."""
    try:
        return given_proxy(text, "proxy", bare=bare)
    except InvalidUrlClientError as exc:
        return exc


@given(
    st.one_of(st.text(), st.text(alphabet="htps:/@[]%.abx0123 \n\\?#").map("http://".__add__)),
    st.booleans(),
)
def test_whatever_is_given(text: str, bare: bool) -> None:
    found = tried(text, bare=bare)
    if isinstance(found, InvalidUrlClientError):
        assert found.__context__ is None
        return
    if found is None:
        assert not text.strip()
        return
    url, _ = found
    assert url.scheme in {"http", "https"}
    assert url.raw_host
    assert url.raw_user is url.raw_password is None
    assert given_proxy(url, "proxy") == (url, None)


@given(
    st.sampled_from(["http://%s@p:3128", "%s@p:3128", "socks5://%s@p", "http://%s@p:x", "//%s@p"]),
    st.text(alphabet=":/?#@[]%ab \n", max_size=4),
    st.text(alphabet=":/?#@[]%ab \n", max_size=4),
)
def test_no_password_in_errors(form: str, before: str, after: str) -> None:
    text = form % f"user:{before}CANARY{after}"
    found = tried(text)
    if isinstance(found, InvalidUrlClientError):
        assert "CANARY" not in f"{found} {found!r} {found.args} {found.__context__}"
    else:
        assert "CANARY" not in repr(found)


def test_no_fields() -> None:
    assert proxy_fields(None) == proxy_fields({}) == proxy_fields([]) == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1", "X-B": "2"},
        {istr("X-A"): "1", istr("X-B"): "2"},
        [("X-A", "1"), ("X-B", "2")],
        CIMultiDict({"X-A": "1", "X-B": "2"}),
        CIMultiDictProxy(CIMultiDict({"X-A": "1", "X-B": "2"})),
    ],
)
def test_fields(headers: CIMultiDict[str]) -> None:
    fields = proxy_fields(headers)
    assert fields == (("X-A", "1"), ("X-B", "2"))
    assert hash(fields) == hash((("X-A", "1"), ("X-B", "2")))
    assert [type(name) for name, _ in fields] == [str, str]


def test_fields_that_are_repeated_and_given_once() -> None:
    pairs = (("x-a", value) for value in ("1", "2"))
    assert proxy_fields(pairs) == (("x-a", "1"), ("x-a", "2"))


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"X-A": "1\r\nX-B: 2"}, "X-A has a control character"),
        ({"X-A": "1\x00"}, "X-A has a control character"),
        ({"X-A": "\ud800"}, "X-A has a lone surrogate"),
        ({"X A": "1"}, "Header name is not a token"),
        ({"": "1"}, "Header name is not a token"),
        ({"host": "a"}, "host is the request's"),
        ({"Content-Length": "1"}, "Content-Length is the request's"),
        ({"Transfer-Encoding": "chunked"}, "Transfer-Encoding is the request's"),
    ],
)
def test_fields_that_cannot_be_sent(headers: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        proxy_fields(headers)


@pytest.mark.parametrize("headers", [{"X-A": 1}, {1: "a"}, 5, [5]])
def test_fields_of_other_types(headers: dict[str, str]) -> None:
    with pytest.raises(TypeError):
        proxy_fields(headers)


def test_whose_credentials() -> None:
    url, auth = URL("http://p"), BasicAuth("u", "p")
    given_ones = (("PROXY-authorization", "Bearer x"),)
    assert names_auth(given_ones)
    assert not names_auth((("Authorization", "Bearer x"),))
    assert made_route(url, None) == (url, ())
    assert made_route(url, auth) == (url, (("Proxy-Authorization", "Basic dTpw"),))
    assert made_route(url, auth, (("X-A", "1"),)) == (
        url,
        (("X-A", "1"), ("Proxy-Authorization", "Basic dTpw")),
    )
    assert made_route(url, auth, given_ones) == (url, given_ones)


def test_credentials_that_the_encoding_has_not() -> None:
    with pytest.raises(ValueError, match="cannot be sent in latin1"):
        made_route(URL("http://p"), BasicAuth("u", "€"))
