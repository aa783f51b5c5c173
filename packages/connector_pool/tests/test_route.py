"""The way by a proxy: its credentials, its verification, and what it is asked for."""

import base64
import ssl
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool._route import absolute_target, connect_request, proxied, proxy_key
from martlet_interfaces import ConnectionKey, Fingerprint, TransportOptions

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
OTHER = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PIN = Fingerprint(b"x" * 32)
PLAIN, TLS = URL("http://proxy.test:3128"), URL("https://proxy.test:3129")


def parts(proxy: str, *fields: tuple[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    url, others = proxied(TransportOptions(proxy=URL(proxy), proxy_headers=fields))
    return str(url), others


def basic(user: str, password: str) -> tuple[str, str]:
    pair = user.encode("utf-8") + b":" + password.encode("utf-8")
    return "Proxy-Authorization", "Basic " + base64.standard_b64encode(pair).decode("ascii")


def test_the_example_of_rfc_7617() -> None:
    url, fields = parts("http://Aladdin:open%20sesame@proxy.test:3128")

    assert url == "http://proxy.test:3128"
    assert fields == (("Proxy-Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),)


@pytest.mark.parametrize(
    ("userinfo", "user", "password"),
    [
        ("u:p", "u", "p"),
        ("u", "u", ""),
        ("u:", "u", ""),
        (":p", "", "p"),
        ("t%C3%A9st:123%C2%A3", "tést", "123£"),
        ("tést:123£", "tést", "123£"),
        ("a%40b:c%3Ad%2Fe%23", "a@b", "c:d/e#"),
        ("u:a:b", "u", "a:b"),
        ("%25:%2525", "%", "%25"),
        ("u%2Bv:+", "u+v", "+"),
    ],
)
def test_userinfo_becomes_credentials(userinfo: str, user: str, password: str) -> None:
    url, fields = parts(f"http://{userinfo}@proxy.test:3128")

    assert fields == (basic(user, password),)
    assert url == "http://proxy.test:3128"


def test_without_userinfo_there_are_none() -> None:
    fields = (("X-A", "1"), ("X-A", "2"))

    assert parts("https://proxy.test:3129", *fields) == ("https://proxy.test:3129", fields)


def test_credentials_come_after_the_fields_that_are_given() -> None:
    _, fields = parts("http://u:p@proxy.test", ("X-A", "1"))

    assert fields == (("X-A", "1"), basic("u", "p"))


@pytest.mark.parametrize(
    "name", ["Proxy-Authorization", "proxy-authorization", "PROXY-AUTHORIZATION"]
)
@pytest.mark.parametrize("userinfo", ["u:p", "a%3Ab:p"])
def test_credentials_that_are_given_win(name: str, userinfo: str) -> None:
    url, fields = parts(f"http://{userinfo}@proxy.test", (name, "Bearer abc"))

    assert url == "http://proxy.test"
    assert fields == ((name, "Bearer abc"),)


def test_a_name_with_a_colon_cannot_be_sent() -> None:
    with pytest.raises(ValueError, match="colon") as caught:
        parts("http://a%3Ab:secret@proxy.test")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "socks5://u:secret@proxy.test:1080",
        "ftp://u:secret@proxy.test",
        "ws://u:secret@proxy.test",
        "//u:secret@proxy.test:1080",
        "/path",
        "",
        "u:secret@proxy.test:3128",
        "http:/u:secret@proxy.test",
        "http:///u:secret@proxy.test",
        "socks5://u:secret@" + "x" * 1000,
    ],
)
def test_what_is_no_proxy(url: str) -> None:
    with pytest.raises(
        ValueError, match="A proxy needs a URL like http://host:port, not "
    ) as caught:
        parts(url)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 200


# How the proxy is verified


@pytest.mark.parametrize(
    ("how", "default", "expected"),
    [
        (True, True, True),
        (True, False, True),
        (True, CONTEXT, True),
        (True, PIN, True),
        (False, True, False),
        (False, PIN, False),
        (False, CONTEXT, False),
        (CONTEXT, True, CONTEXT),
        (CONTEXT, OTHER, CONTEXT),
        (CONTEXT, PIN, CONTEXT),
        (PIN, True, True),
        (PIN, False, False),
        (PIN, CONTEXT, CONTEXT),
        (PIN, Fingerprint(b"y" * 32), True),
        (PIN, PIN, True),
    ],
)
@pytest.mark.parametrize("proxy", [PLAIN, TLS])
def test_how_the_proxy_is_verified(how: Any, default: Any, expected: Any, proxy: URL) -> None:
    key = ConnectionKey(
        "origin.test", 443, True, how, "other.test", proxy, (("X-A", "1"),), tunnel=True
    )

    found = proxy_key(key, default)

    # Neither the origin's name nor the fields: they are for the connection to the origin.
    assert found == ConnectionKey("proxy.test", proxy.port, proxy is TLS, expected)
    assert found.ssl is expected


def test_without_a_proxy_there_is_no_key() -> None:
    assert proxy_key(ConnectionKey("origin.test", 443, True), True) is None


@pytest.mark.parametrize(
    ("proxy", "host", "port"),
    [
        ("http://proxy.test", "proxy.test", 80),
        ("https://proxy.test", "proxy.test", 443),
        ("http://[2001:db8::1]:3128", "2001:db8::1", 3128),
        ("http://bücher.test:1", "xn--bcher-kva.test", 1),
    ],
)
def test_where_the_proxy_is(proxy: str, host: str, port: int) -> None:
    found = proxy_key(ConnectionKey("origin.test", 443, True, proxy=URL(proxy)), True)

    assert found is not None
    assert (found.host, found.port, found.proxy) == (host, port, None)


# What it is asked for


@pytest.mark.parametrize(
    ("host", "port", "is_ssl", "authority"),
    [
        ("origin.test", 443, True, b"origin.test:443"),
        ("origin.test", None, True, b"origin.test:443"),
        ("origin.test", None, False, b"origin.test:80"),
        ("origin.test", 8443, True, b"origin.test:8443"),
        ("192.0.2.1", 80, False, b"192.0.2.1:80"),
        ("2001:db8::1", 443, True, b"[2001:db8::1]:443"),
        (URL("https://bücher.test").raw_host, 443, True, b"xn--bcher-kva.test:443"),
    ],
)
def test_the_request_for_a_tunnel(
    host: str, port: int | None, is_ssl: bool, authority: bytes
) -> None:
    fields = (("Proxy-Authorization", "Basic eDp5"), ("X-A", "1"))
    key = ConnectionKey(host, port, is_ssl, proxy=PLAIN, proxy_headers=fields, tunnel=True)

    assert connect_request(key) == (
        b"CONNECT " + authority + b" HTTP/1.1\r\nHost: " + authority + b"\r\n"
        b"Proxy-Authorization: Basic eDp5\r\nX-A: 1\r\n\r\n"
    )


@pytest.mark.parametrize(
    "field",
    [
        ("X-A", "1\r\nX-B: 2"),
        ("X-A", "1\n"),
        ("X-A", "1\r"),
        ("X-A", "1\0"),
        ("X-A\r\nX-B", "1"),
        ("X A", "1"),
        ("X-A:", "1"),
        ("", "1"),
    ],
)
def test_fields_that_cannot_be_sent(field: tuple[str, str]) -> None:
    key = ConnectionKey("origin.test", 443, True, proxy=PLAIN, proxy_headers=(field,), tunnel=True)

    with pytest.raises(ValueError):  # noqa: PT011  # its text is the parser's
        connect_request(key)


@pytest.mark.parametrize("host", ["a\r\nX: y", "a b", "a\0"])
def test_a_host_that_would_break_the_line(host: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # as above
        connect_request(ConnectionKey(host, 443, True, proxy=PLAIN, tunnel=True))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://origin.test", "http://origin.test/"),
        ("http://origin.test?", "http://origin.test/"),
        ("http://origin.test?a=b", "http://origin.test/?a=b"),
        ("http://origin.test:80/a", "http://origin.test/a"),
        ("http://origin.test:8080/a?b=c&d=%20#frag", "http://origin.test:8080/a?b=c&d=%20"),
        ("http://u:secret@origin.test/a", "http://origin.test/a"),
        ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
        ("http://bücher.test/ü", "http://xn--bcher-kva.test/%C3%BC"),
        ("ws://origin.test/chat", "http://origin.test/chat"),
        ("ws://origin.test:80/chat", "http://origin.test/chat"),
        ("wss://origin.test/chat", "https://origin.test/chat"),
        ("https://origin.test/", "https://origin.test/"),
    ],
)
def test_the_absolute_form(url: str, target: str) -> None:
    assert absolute_target(URL(url)) == target
