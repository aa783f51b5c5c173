"""https targets through real proxies: by CONNECT (RFC 9110, section 9.3.6)."""

import asyncio
import hashlib
import json
import re
import ssl
from itertools import count

import pytest
from attrs import evolve
from yarl import URL

from martlet_connector_pool import TCPConnector
from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ClientHttpProxyError,
    ServerFingerprintMismatch,
)
from martlet_interfaces import Fingerprint, TransportOptions

from .certificates import origin_authority, proxy_authority, trusting
from .origin import LARGE, Origin
from .proxies import Proxy, basic, through
from .receiver import Fetched, Pieces, fetch


def came_through(got: Fetched, proxy: Proxy) -> bool:
    """Tell whether the origin was asked by *proxy*, at the end of whose tunnel we are."""
    name = got.exchange.info("sockname")
    assert isinstance(name, tuple)
    to_the_proxy = got.exchange.info("peername") == ("127.0.0.1", proxy.open.port)
    return to_the_proxy and got.headers["X-Peer-Port"] != str(name[1])


async def test_the_origin_is_at_the_end_of_the_tunnel(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    got = await fetch(connector, origin.https / "small", options=through(proxy.open))
    assert (got.status, got.body) == (200, b"small\n")
    assert came_through(got, proxy)
    assert "Via" not in got.headers
    tls = got.exchange.info("ssl_object")
    assert isinstance(tls, ssl.SSLObject | ssl.SSLSocket)
    assert tls.getpeercert(binary_form=True) == origin.certificate


async def test_the_origin_sees_nothing_of_the_proxy(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url = origin.https / "seen" % {"q": "1"}
    options = through(proxy.closed_with(proxy.password), X_For_Proxy="for it")
    for _ in range(2):
        got = await fetch(connector, url, headers={"X-Own": "own"}, options=options)
        assert json.loads(got.body) == {
            "line": "GET /seen?q=1 HTTP/1.1",
            "host": url.host_port_subcomponent,
            "via": "",
            "proxy_authorization": "",
            "for_proxy": "",
            "own": "own",
        }


async def test_credentials_in_a_field(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    field = basic(proxy.user, proxy.password)
    options = through(proxy.closed, Proxy_Authorization=field)
    got = await fetch(connector, origin.https / "seen", options=options)
    assert json.loads(got.body)["proxy_authorization"] == ""


async def test_no_credentials(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    for _ in range(2):
        with pytest.raises(ClientHttpProxyError) as caught:
            await fetch(connector, origin.https / "small", options=through(proxy.closed))
        assert caught.value.status == 407
        assert caught.value.message == "Proxy Authentication Required"
        assert caught.value.headers is not None
        assert caught.value.headers["Proxy-Authenticate"].startswith("Basic ")
    assert "0 active, 0 idle" in repr(connector)


async def test_wrong_credentials(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    field = basic(proxy.user, "mistaken")
    for options in (
        through(proxy.closed_with("mistaken")),
        through(proxy.closed, Proxy_Authorization=field),
    ):
        with pytest.raises(ClientHttpProxyError) as caught:
            await fetch(connector, origin.https / "small", options=options)
        assert caught.value.status == proxy.status_of_wrong_password
        for text in (str(caught.value), repr(caught.value)):
            assert "mistaken" not in text
            assert field.split()[1] not in text


async def test_right_credentials_after_wrong_ones(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url = origin.https / "small"
    with pytest.raises(ClientHttpProxyError):
        await fetch(connector, url, options=through(proxy.closed_with("wrong")))
    right = through(proxy.closed_with(proxy.password))
    assert (await fetch(connector, url, options=right)).status == 200
    with pytest.raises(ClientHttpProxyError):
        await fetch(connector, url, options=through(proxy.closed_with("wrong")))


async def test_a_tunnel_is_used_again(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url, options = origin.https / "small", through(proxy.open)
    gots = [await fetch(connector, url, options=options) for _ in range(5)]
    assert [got.headers["X-Requests"] for got in gots] == ["1", "2", "3", "4", "5"]
    assert len({got.connection for got in gots}) == 1


async def test_a_tunnel_is_not_for_those_who_go_another_way(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url, options = origin.https / "small", through(proxy.open)
    ways = [
        options,
        evolve(options, proxy=None),
        evolve(options, proxy_headers=(("X-For-Proxy", "1"),)),
        evolve(options, proxy=proxy.closed_with(proxy.password)),
        evolve(options, server_hostname="localhost"),
    ]
    gots = [await fetch(connector, url, options=way) for way in ways]
    assert len({got.connection for got in gots}) == len(ways)
    again = [await fetch(connector, url, options=way) for way in ways]
    assert [got.connection for got in again] == [got.connection for got in gots]


@pytest.mark.parametrize("body", [LARGE, Pieces(LARGE)], ids=["whole", "in pieces"])
async def test_a_large_body_both_ways(
    connector: TCPConnector, origin: Origin, proxy: Proxy, body: bytes | Pieces
) -> None:
    url, options = origin.https / "mirror", through(proxy.open)
    for reused in (False, True):
        got = await fetch(connector, url, method="POST", body=body, options=options)
        assert (got.status, got.reused) == (200, reused)
        assert got.body == LARGE


async def test_many_at_once(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    url, options = origin.https / "small", through(proxy.open)
    gots = await asyncio.gather(*(fetch(connector, url, options=options) for _ in range(50)))
    assert {got.body for got in gots} == {b"small\n"}
    assert all(came_through(got, proxy) for got in gots)
    assert len({got.connection for got in gots}) == connector.limit


async def test_many_large_bodies_at_once(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url, options = origin.https / "mirror", through(proxy.open)
    parts = [LARGE[number * 100_000 :][:300_000] for number in range(30)]
    gots = await asyncio.gather(
        *(fetch(connector, url, method="POST", body=part, options=options) for part in parts)
    )
    assert [got.body for got in gots] == parts


async def test_the_origin_closes_an_idle_tunnel(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    options = through(proxy.open)
    first = await fetch(connector, origin.https / "brief" / "small", options=options)
    while "1 idle" in repr(connector):  # noqa: ASYNC110  # there is no event for this
        await asyncio.sleep(0)
    second = await fetch(connector, origin.https / "small", options=options)
    assert not second.reused
    assert second.connection != first.connection


async def test_the_origin_keeps_no_tunnel(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url, options = origin.https / "once" / "small", through(proxy.open)
    gots = [await fetch(connector, url, options=options) for _ in range(3)]
    assert len({got.connection for got in gots}) == 3
    assert "0 idle" in repr(connector)


async def test_cancelling_at_any_time_leaves_nothing_behind(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    url, options = origin.https / "small", through(proxy.open)
    for iterations in count(1, step=7):
        task = asyncio.create_task(fetch(connector, url, options=options))
        for _ in range(iterations):
            await asyncio.sleep(0)
        if not task.cancel():  # the response was there before
            assert (await task).body == b"small\n"
            return
        with pytest.raises(asyncio.CancelledError):
            await task
        # It may have been complete, and only its task had not woken yet.
        assert re.search(r" 0 active, [01] idle, 0 dialling, 0 waiting", repr(connector))


@pytest.mark.parametrize("scheme", ["ws", "wss"])
async def test_websockets_go_through_a_tunnel(
    connector: TCPConnector, origin: Origin, proxy: Proxy, scheme: str
) -> None:
    url = (origin.https if scheme == "wss" else origin.http).with_scheme(scheme)
    got = await fetch(connector, url / "seen", options=through(proxy.open))
    assert json.loads(got.body)["via"] == ""
    assert came_through(got, proxy)


async def test_an_origin_that_refuses(
    connector: TCPConnector, proxy: Proxy, dead_port: int
) -> None:
    url = URL(f"https://127.0.0.1:{dead_port}/")
    with pytest.raises(ClientHttpProxyError) as caught:
        await fetch(connector, url, options=through(proxy.open))
    assert caught.value.status == proxy.status_of_dead_origin
    assert "0 active, 0 idle" in repr(connector)


async def test_a_port_that_the_proxy_does_not_connect_to(
    connector: TCPConnector, tinyproxy: Proxy, dead_port: int
) -> None:
    url = URL(f"https://127.0.0.1:{dead_port}/")
    options = through(tinyproxy.closed_with(tinyproxy.password))
    with pytest.raises(ClientHttpProxyError) as caught:
        await fetch(connector, url, options=options)
    assert (caught.value.status, caught.value.message) == (403, "Access violation")


async def test_an_origin_that_is_not_trusted(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    options = TransportOptions(ssl=trusting(proxy_authority), proxy=proxy.open)
    with pytest.raises(ClientConnectorCertificateError, match="verify failed") as caught:
        await fetch(connector, origin.https / "small", options=options)
    assert (caught.value.host, caught.value.port) == ("127.0.0.1", origin.https.port)
    assert "0 active, 0 idle" in repr(connector)


async def test_an_origin_with_another_name(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    # The name is the origin's: the proxy is verified by its own all the same.
    options = evolve(through(proxy.open), server_hostname="example.org")
    with pytest.raises(ClientConnectorCertificateError, match="ostname mismatch") as caught:
        await fetch(connector, origin.https / "small", options=options)
    assert caught.value.port == origin.https.port


async def test_an_origin_without_tls(connector: TCPConnector, origin: Origin, proxy: Proxy) -> None:
    with pytest.raises(ClientConnectorSSLError):
        await fetch(connector, origin.http.with_scheme("https"), options=through(proxy.open))


async def test_fingerprint(origin: Origin, proxy: Proxy) -> None:
    # It is the origin's: how a proxy is verified is then said by the connector.
    right = Fingerprint(hashlib.sha256(origin.certificate).digest())
    url = origin.https / "small"
    async with TCPConnector(ssl=trusting(proxy_authority)) as connector:
        options = TransportOptions(ssl=right, proxy=proxy.open)
        assert (await fetch(connector, url, options=options)).status == 200
        wrong = TransportOptions(ssl=Fingerprint(bytes(32)), proxy=proxy.open)
        with pytest.raises(ServerFingerprintMismatch) as caught:
            await fetch(connector, url, options=wrong)
        assert caught.value.got == right.fingerprint
        assert (caught.value.host, caught.value.port) == (url.host, url.port)


async def test_nothing_is_verified_if_that_is_wished(
    connector: TCPConnector, origin: Origin, proxy: Proxy
) -> None:
    options = TransportOptions(ssl=False, proxy=proxy.open)
    assert (await fetch(connector, origin.https / "small", options=options)).status == 200


async def test_the_connectors_own_context(origin: Origin, proxy: Proxy) -> None:
    trust = trusting(origin_authority, proxy_authority)
    async with TCPConnector(ssl=trust) as connector:
        options = TransportOptions(proxy=proxy.open)
        assert (await fetch(connector, origin.https / "small", options=options)).status == 200
