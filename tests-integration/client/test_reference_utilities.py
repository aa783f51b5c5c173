"""What the reference of aiohttp's 3.4 generation says of its little classes and of errors."""

import asyncio
import hashlib
import inspect
import ssl
from collections.abc import Iterable, Sized
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final

import pytest
from yarl import URL

import martlet as aiohttp
from martlet.abc import AbstractCookieJar

from .head_recorder import recording
from .nginx import Nginx


def test_client_timeout() -> None:
    timeout = aiohttp.ClientTimeout(total=1, connect=2, sock_connect=3, sock_read=4)
    assert (timeout.total, timeout.connect) == (1, 2)
    assert (timeout.sock_connect, timeout.sock_read) == (3, 4)
    nothing = aiohttp.ClientTimeout()
    assert (nothing.total, nothing.connect, nothing.sock_connect, nothing.sock_read) == (None,) * 4


async def test_each_timeout_ends_its_phase(nginx: Nginx) -> None:
    silent = aiohttp.ClientTimeout(sock_read=0.05)
    async with recording(b"") as recorder, aiohttp.ClientSession(timeout=silent) as session:
        with pytest.raises(aiohttp.ServerTimeoutError):
            await session.get(recorder.url)
    # Waiting for a free connection from the pool counts for `connect`.
    connector = aiohttp.TCPConnector(limit=1)
    crowded = aiohttp.ClientTimeout(connect=0.05)
    async with aiohttp.ClientSession(connector=connector, timeout=crowded) as session:
        async with session.get(f"{nginx.http}/large"):
            with pytest.raises(aiohttp.ServerTimeoutError):
                await session.get(f"{nginx.http}/small.txt")


def test_basic_auth() -> None:
    auth = aiohttp.BasicAuth("login", password="pässword", encoding="latin1")
    assert (auth.login, auth.password, auth.encoding) == ("login", "pässword", "latin1")
    assert auth.encode() == "Basic bG9naW46cORzc3dvcmQ="
    assert aiohttp.BasicAuth.decode(auth.encode()) == auth
    assert aiohttp.BasicAuth.decode(auth.encode(), encoding="latin1") == auth
    assert aiohttp.BasicAuth("login").password == ""
    for wrong in ("Digest x", "Basic", "Basic ???", "Basic bG9naW4="):
        with pytest.raises(ValueError, match=r"."):
            aiohttp.BasicAuth.decode(wrong)


async def test_the_jar_of_a_session(nginx: Nginx) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    assert isinstance(jar, AbstractCookieJar)
    assert isinstance(jar, Iterable)
    assert isinstance(jar, Sized)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        await session.get(f"{nginx.http}/set/cookies")
        keys = set()
        for cookie in session.cookie_jar:
            keys.add(cookie.key)
            assert cookie["domain"] == "127.0.0.1"
        assert keys >= {"sid", "here"}
        assert len(session.cookie_jar) == len(list(session.cookie_jar))
        async with session.get(f"{nginx.http}/cookies/") as resp:
            assert "sid=" in await resp.text()


async def test_cookies_of_addresses_want_an_unsafe_jar(nginx: Nginx) -> None:
    async with aiohttp.ClientSession() as session:
        await session.get(f"{nginx.http}/set/cookies")
        assert len(session.cookie_jar) == 0


def test_cookies_belong_to_a_url_or_to_all(tmp_path: Path) -> None:
    jar = aiohttp.CookieJar()
    jar.update_cookies({"shared": "1"})
    jar.update_cookies(SimpleCookie("own=2"), URL("http://example.org/"))
    jar.update_cookies([("pair", "3")], URL("http://example.org/"))
    here = jar.filter_cookies(URL("http://example.org/"))
    assert isinstance(here, SimpleCookie)
    assert {name: morsel.value for name, morsel in here.items()} == {
        "shared": "1",
        "own": "2",
        "pair": "3",
    }
    assert list(jar.filter_cookies(URL("http://other.example/"))) == ["shared"]
    for path in (tmp_path / "as a path", str(tmp_path / "as a string")):
        jar.save(path)
        loaded = aiohttp.CookieJar()
        loaded.load(path)
        assert sorted(cookie.key for cookie in loaded) == ["own", "pair", "shared"]


async def test_a_dummy_jar_ignores_cookies(nginx: Nginx) -> None:
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(f"{nginx.http}/set/cookies") as resp:
            assert resp.cookies["here"].value == "1"
        jar.update_cookies({"a": "1"})
        assert len(jar) == 0
        assert not jar.filter_cookies(URL(nginx.http))


async def test_the_fingerprint_example(nginx: Nginx, tmp_path: Path) -> None:
    path_to_cert = tmp_path / "certificate.der"
    path_to_cert.write_bytes(nginx.certificate)
    with path_to_cert.open("rb") as f:
        digest = hashlib.sha256(f.read()).digest()
    async with aiohttp.ClientSession() as session:
        resp = await session.get(f"{nginx.https}/small.txt", ssl=aiohttp.Fingerprint(digest))
        assert resp.status == 200


BASES: Final[dict[str, list[type[BaseException]]]] = {
    "ClientError": [Exception],
    "ClientPayloadError": [aiohttp.ClientError],
    "InvalidURL": [aiohttp.ClientError, ValueError],
    "ClientResponseError": [aiohttp.ClientError],
    "WSServerHandshakeError": [aiohttp.ClientResponseError],
    "ContentTypeError": [aiohttp.ClientResponseError],
    "TooManyRedirects": [aiohttp.ClientResponseError],
    "ClientConnectionError": [aiohttp.ClientError],
    "ClientOSError": [aiohttp.ClientConnectionError, OSError],
    "ClientConnectorError": [aiohttp.ClientOSError],
    "ClientProxyConnectionError": [aiohttp.ClientConnectorError],
    "ServerConnectionError": [aiohttp.ClientConnectionError],
    "ClientSSLError": [aiohttp.ClientConnectorError],
    "ClientConnectorSSLError": [aiohttp.ClientSSLError, ssl.SSLError],
    "ClientConnectorCertificateError": [aiohttp.ClientSSLError, ssl.CertificateError],
    "ServerDisconnectedError": [aiohttp.ServerConnectionError],
    "ServerTimeoutError": [aiohttp.ServerConnectionError, asyncio.TimeoutError],
    "ServerFingerprintMismatch": [aiohttp.ServerConnectionError],
}


@pytest.mark.parametrize("name", sorted(BASES))
def test_errors_derive_from_what_is_documented(name: str) -> None:
    for base in BASES[name]:
        assert issubclass(getattr(aiohttp, name), base)


async def test_errors_tell_what_is_documented() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.InvalidURL) as no_host:
            await session.get("http:///path")
        assert str(no_host.value.url) == "http:///path"
        hangs_up = b"HTTP/1.1 200"
        async with recording(hangs_up) as recorder:
            with pytest.raises(aiohttp.ServerDisconnectedError) as caught:
                await session.post(recorder.url)
            assert hasattr(caught.value, "message")


# Of `ClientSession`, `request`, the connectors and others, as they are documented.
PARAMETERS: Final[list[tuple[Any, str]]] = [
    (
        aiohttp.ClientSession,
        (
            "connector loop cookies headers skip_auto_headers auth json_serialize version"
            " cookie_jar read_timeout conn_timeout timeout raise_for_status connector_owner"
            " auto_decompress proxies trust_env"
        ),
    ),
    (
        aiohttp.ClientSession.request,
        (
            "method url params data json headers skip_auto_headers auth allow_redirects"
            " max_redirects compress chunked expect100 raise_for_status read_until_eof proxy"
            " proxy_auth timeout ssl verify_ssl fingerprint ssl_context proxy_headers"
            " trace_request_ctx"
        ),
    ),
    (
        aiohttp.request,
        (
            "method url params data json headers cookies auth allow_redirects max_redirects"
            " encoding version compress chunked expect100 raise_for_status connector loop"
            " read_until_eof"
        ),
    ),
    (
        aiohttp.TCPConnector,
        (
            "ssl verify_ssl fingerprint use_dns_cache ttl_dns_cache family ssl_context local_addr"
            " resolver keepalive_timeout force_close limit limit_per_host enable_cleanup_closed"
            " loop"
        ),
    ),
    (aiohttp.UnixConnector, "path conn_timeout keepalive_timeout limit force_close loop"),
    (aiohttp.ClientTimeout, "total connect sock_connect sock_read"),
    (aiohttp.BasicAuth, "login password encoding"),
    (aiohttp.CookieJar, "unsafe loop"),
    (aiohttp.DummyCookieJar, "loop"),
    (aiohttp.ClientResponse.json, "encoding loads content_type"),
    (aiohttp.ClientResponse.text, "encoding"),
]


@pytest.mark.parametrize(
    ("callee", "names"), PARAMETERS, ids=lambda value: getattr(value, "__qualname__", "")
)
def test_all_documented_parameters_are_there(callee: Any, names: str) -> None:
    assert set(names.split()) <= inspect.signature(callee).parameters.keys()
