"""http targets through real proxies: in absolute form (RFC 9112, section 3.2.2)."""

import asyncio
import json
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool import TCPConnector
from martlet_interfaces import DIRECT

from .origin import LARGE, Origin
from .proxies import Proxy, basic, through
from .receiver import Pieces, fetch


async def seen(*args: Any, **options: Any) -> dict[str, str]:
    """Fetch, and give what the origin saw of the request."""
    got = await fetch(*args, **options)
    assert got.status == 200
    told: dict[str, str] = json.loads(got.body)
    return told


async def test_the_request_comes_from_the_proxy(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url = origin.http / "seen" % {"q": "1"}
    told = await seen(connector, url, headers={"X-Own": "own"}, options=through(proxy.open))
    assert proxy.via in told["via"]
    assert told["line"].startswith("GET /seen?q=1 ")
    assert told["host"] == url.host_port_subcomponent
    assert told["own"] == "own"


async def test_the_connection_leads_to_the_proxy(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    got = await fetch(connector, origin.http / "small", options=through(proxy.open))
    assert got.body == b"small\n"
    assert proxy.via in got.headers["Via"]
    assert got.exchange.info("peername") == ("127.0.0.1", proxy.open.port)
    assert (got.exchange.info("ssl_object") is not None) == (proxy.open.scheme == "https")


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_what_a_proxy_is_sent(connector: TCPConnector, origin: Origin, scheme: str) -> None:
    # nginx takes the absolute form too, and tells.
    stand_in = (origin.http if scheme == "http" else origin.https).with_user("me")
    options = through(stand_in.with_password("p@ss:w/rd"), X_For_Proxy="for it")
    told = await seen(connector, URL("http://target.test:8080/seen?q=%20"), options=options)
    assert told == {
        "line": "GET http://target.test:8080/seen?q=%20 HTTP/1.1",
        "host": "target.test:8080",
        "via": "",
        "proxy_authorization": basic("me", "p@ss:w/rd"),
        "for_proxy": "for it",
        "own": "",
    }


async def test_what_a_proxy_is_sent_without_credentials(
    connector: TCPConnector, origin: Origin
) -> None:
    url = URL("http://target.test/seen")
    told = await seen(connector, url, options=through(origin.http))
    assert told["line"] == "GET http://target.test/seen HTTP/1.1"
    assert told["host"] == "target.test"
    assert told["proxy_authorization"] == told["for_proxy"] == ""


async def test_credentials_in_a_field_go_before_those_in_the_url(
    connector: TCPConnector, origin: Origin
) -> None:
    proxy = origin.http.with_user("other").with_password("wrong")
    options = through(proxy, Proxy_Authorization="Bearer token")
    told = await seen(connector, URL("http://target.test/seen"), options=options)
    assert told["proxy_authorization"] == "Bearer token"


async def test_right_credentials(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    url = origin.http / "seen"
    field = basic(proxy.user, proxy.password)
    for options in (
        through(proxy.closed_with(proxy.password)),
        through(proxy.closed, Proxy_Authorization=field),
    ):
        told = await seen(connector, url, options=options)
        assert proxy.via in told["via"]
        assert told["proxy_authorization"] == ""


async def test_no_credentials(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    got = await fetch(connector, origin.http / "small", options=through(proxy.closed))
    assert got.status == 407
    assert got.headers["Proxy-Authenticate"].startswith("Basic ")


async def test_wrong_credentials(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    for options in (
        through(proxy.closed_with("wrong")),
        through(proxy.closed, Proxy_Authorization=basic(proxy.user, "wrong")),
    ):
        got = await fetch(connector, origin.http / "small", options=options)
        assert got.status == proxy.status_of_wrong_password


async def test_a_status_of_the_origin_is_the_origins(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    got = await fetch(connector, origin.http / "401", options=through(proxy.open))
    assert (got.status, got.body) == (401, b"origin")


async def test_head_has_no_body(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    options = through(proxy.open)
    got = await fetch(connector, origin.http / "large", method="HEAD", options=options)
    assert (got.status, got.body) == (200, b"")
    assert got.headers["Content-Length"] == str(len(LARGE))


@pytest.mark.parametrize("body", [LARGE, Pieces(LARGE)], ids=["whole", "in pieces"])
async def test_a_large_body_both_ways(
    connector: TCPConnector, origin: Origin, proxy: Proxy, body: bytes | Pieces
) -> None:
    url, options = origin.http / "mirror", through(proxy.open)
    got = await fetch(connector, url, method="POST", body=body, options=options)
    assert got.status == 200
    assert got.body == LARGE


async def test_many_at_once(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    url, options = origin.http / "small", through(proxy.open)
    gots = await asyncio.gather(*(fetch(connector, url, options=options) for _ in range(50)))
    assert {got.body for got in gots} == {b"small\n"}
    if proxy.keeps_connections:
        assert len({got.exchange.info("sockname") for got in gots}) == connector.limit
    else:
        # It closes after each response, and does not say so before: those who got a connection
        # that had been used had to try again on a new one.
        assert not any(got.reused for got in gots)


async def test_a_connection_to_the_proxy_is_used_again(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url, options = origin.http / "small", through(proxy.open)
    gots = [await fetch(connector, url, options=options) for _ in range(3)]
    kept = proxy.keeps_connections
    assert [got.reused for got in gots] == [False, kept, kept]


async def test_who_differs_in_the_proxy_shares_no_connection(
    connector: TCPConnector, origin: Origin, proxy: Proxy, squid: Proxy
) -> None:
    url = origin.http / "small"
    field = basic(proxy.user, proxy.password)
    ways = [
        DIRECT,
        through(proxy.open),
        through(proxy.open, X_For_Proxy="1"),
        through(proxy.open, X_For_Proxy="2"),
        through(squid.closed if proxy.open == squid.open else squid.open),
        through(proxy.closed),
        through(proxy.closed_with(proxy.password)),
        through(proxy.closed_with("wrong")),
        through(proxy.closed, Proxy_Authorization=field, X_For_Proxy="1"),
    ]
    ways = list(dict.fromkeys(ways))
    gots = [await fetch(connector, url, options=options) for options in ways]
    assert [got.reused for got in gots] == [False] * len(ways)


async def test_an_origin_that_refuses(
    connector: TCPConnector, proxy: Proxy, dead_port: int
) -> None:
    url = URL(f"http://127.0.0.1:{dead_port}/")
    got = await fetch(connector, url, options=through(proxy.open))
    assert got.status == proxy.status_of_dead_origin
