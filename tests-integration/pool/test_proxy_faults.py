"""Proxies that are not there, not trusted, not proxies, or not what their URL says."""

import errno
import hashlib
import socket

import pytest
from yarl import URL

from martlet_connector_pool import AbstractResolver, ResolveResult, TCPConnector
from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ClientHttpProxyError,
    ClientProxyConnectionError,
)
from martlet_interfaces import Fingerprint, TransportOptions

from .certificates import origin_authority, trusting
from .origin import Origin
from .proxies import Proxy, through
from .receiver import fetch

SCHEMES = pytest.mark.parametrize("scheme", ["http", "https"])


def target(origin: Origin, scheme: str) -> URL:
    return (origin.http if scheme == "http" else origin.https) / "small"


class ProxyOnly(AbstractResolver):
    """Knows proxy.test, and nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host != "proxy.test":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        here = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
        )
        return [here]

    async def close(self) -> None:
        """Hold nothing."""


@SCHEMES
@pytest.mark.parametrize("proxy_scheme", ["http", "https"])
async def test_nobody_listens(
    connector: TCPConnector, origin: Origin, dead_port: int, scheme: str, proxy_scheme: str
) -> None:
    proxy = URL(f"{proxy_scheme}://user:hidden@127.0.0.1:{dead_port}")
    with pytest.raises(ClientProxyConnectionError) as caught:
        await fetch(connector, target(origin, scheme), options=through(proxy))
    error = caught.value
    assert (error.host, error.port) == ("127.0.0.1", dead_port)
    assert error.errno == error.os_error.errno == errno.ECONNREFUSED
    assert "hidden" not in f"{error} {error!r}"
    assert "0 active, 0 idle" in repr(connector)


@SCHEMES
async def test_a_proxys_name_that_is_not_known(origin: Origin, scheme: str) -> None:
    options = through(URL("http://nowhere.test:3128"))
    async with TCPConnector(resolver=ProxyOnly()) as connector:
        with pytest.raises(ClientProxyConnectionError) as caught:
            await fetch(connector, target(origin, scheme), options=options)
    assert (caught.value.host, caught.value.port) == ("nowhere.test", 3128)


@SCHEMES
async def test_the_proxy_finds_the_origins_address(
    origin: Origin, proxy: Proxy, scheme: str
) -> None:
    resolver = ProxyOnly()
    # Whose certificate says localhost and nothing of proxy.test.
    options = TransportOptions(ssl=False, proxy=proxy.open.with_host("proxy.test"))
    url = target(origin, scheme).with_host("localhost")
    async with TCPConnector(resolver=resolver) as connector:
        got = await fetch(connector, url, options=options)
    assert got.body == b"small\n"
    assert resolver.asked == ["proxy.test"]


@SCHEMES
async def test_a_proxy_that_is_not_trusted(
    connector: TCPConnector, origin: Origin, tls_squid: Proxy, scheme: str
) -> None:
    proxy = tls_squid.open
    for options in (
        TransportOptions(ssl=trusting(origin_authority), proxy=proxy),
        TransportOptions(proxy=proxy),
    ):
        with pytest.raises(ClientConnectorCertificateError, match="verify failed") as caught:
            await fetch(connector, target(origin, scheme), options=options)
        assert (caught.value.host, caught.value.port) == ("127.0.0.1", proxy.port)
    assert "0 active, 0 idle" in repr(connector)


@SCHEMES
async def test_a_proxy_with_another_name(origin: Origin, tls_squid: Proxy, scheme: str) -> None:
    options = through(tls_squid.open.with_host("proxy.test"))
    async with TCPConnector(resolver=ProxyOnly()) as connector:
        with pytest.raises(ClientConnectorCertificateError, match="ostname mismatch") as caught:
            await fetch(connector, target(origin, scheme), options=options)
    assert caught.value.host == "proxy.test"


async def test_a_fingerprint_does_not_verify_the_proxy(
    connector: TCPConnector, origin: Origin, tls_squid: Proxy
) -> None:
    right = Fingerprint(hashlib.sha256(origin.certificate).digest())
    options = TransportOptions(ssl=right, proxy=tls_squid.open)
    with pytest.raises(ClientConnectorCertificateError) as caught:
        await fetch(connector, origin.https / "small", options=options)
    assert caught.value.port == tls_squid.open.port


@SCHEMES
async def test_tls_to_a_proxy_without_it(
    connector: TCPConnector, origin: Origin, squid: Proxy, scheme: str
) -> None:
    options = through(squid.open.with_scheme("https"))
    with pytest.raises(ClientConnectorSSLError):
        await fetch(connector, target(origin, scheme), options=options)


async def test_connect_without_tls_to_a_proxy_with_it(
    connector: TCPConnector, origin: Origin, tls_squid: Proxy
) -> None:
    options = through(tls_squid.open.with_scheme("http"))
    with pytest.raises(ClientProxyConnectionError) as caught:
        await fetch(connector, origin.https / "small", options=options)
    assert caught.value.port == tls_squid.open.port


@SCHEMES
async def test_a_server_that_is_no_proxy(
    connector: TCPConnector, origin: Origin, scheme: str
) -> None:
    # nginx refuses CONNECT: either as a method, or for what stands in place of a path.
    with pytest.raises(ClientHttpProxyError) as caught:
        await fetch(
            connector, origin.https / "small", options=through(target(origin, scheme).origin())
        )
    assert caught.value.status in {400, 405}
    assert "0 active, 0 idle" in repr(connector)
