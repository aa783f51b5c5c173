import asyncio
import socket
import ssl
from typing import Any

import pytest

from martlet_connector_pool import TCPConnector
from martlet_connector_pool._tls_option import check_ssl
from martlet_interfaces import NO_TIMEOUTS, Connector, Fingerprint

from .net import head
from .scripted import Answer
from .servers import serving

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PINNED = Fingerprint(b"x" * 32)


def test_its_defaults() -> None:
    connector: Connector = TCPConnector()

    assert isinstance(connector, TCPConnector)
    assert connector.family == 0
    assert connector.use_dns_cache is True
    assert connector.limit == 100
    assert connector._ttl_dns_cache == 10
    assert repr(connector) == "<TCPConnector unused>"


def test_all_parameters_are_by_keyword() -> None:
    with pytest.raises(TypeError):
        TCPConnector(True)  # type: ignore[call-arg]  # that is the point


@pytest.mark.parametrize(
    ("given", "used"),
    [(True, True), (None, True), (False, False), (CONTEXT, CONTEXT), (PINNED, PINNED)],
)
def test_ways_to_check_certificates(given: Any, used: object) -> None:
    assert check_ssl(given) is used
    assert TCPConnector(ssl=given)._ssl is used


@pytest.mark.parametrize("wrong", [1, "yes", b"x" * 32, object])
def test_other_ways_are_refused(wrong: Any) -> None:
    message = rf"^ssl must be a bool, an SSLContext or a Fingerprint, not {type(wrong).__name__}$"
    with pytest.raises(TypeError, match=message):
        TCPConnector(ssl=wrong)


@pytest.mark.parametrize("options", [{"limit": -1}, {"force_close": True, "keepalive_timeout": 1}])
def test_parameters_of_the_pool_are_checked(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"limit|keepalive_timeout"):
        TCPConnector(**options)


@pytest.mark.parametrize("arguments", [("a.test", None), (None, 80)])
def test_half_a_name_cannot_be_forgotten(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"^Give both host and port, or neither$"):
        TCPConnector().clear_dns_cache(*arguments)


async def resolve(connector: TCPConnector, port: int) -> None:
    answer = Answer()
    request = head(url=f"http://localhost:{port}/")
    await connector.send(request, None, answer, timeouts=NO_TIMEOUTS)
    await answer.read()


async def test_addresses_are_remembered_and_forgotten() -> None:
    async with serving() as server, TCPConnector(family=socket.AF_INET) as connector:
        name = ("localhost", server.port)
        assert connector.cached_hosts == {}
        connector.clear_dns_cache()
        await resolve(connector, server.port)

        assert connector.family == socket.AF_INET
        assert [found["host"] for found in connector.cached_hosts[name]] == ["127.0.0.1"]
        connector.clear_dns_cache("other.test", 80)
        assert set(connector.cached_hosts) == {name}
        connector.clear_dns_cache(*name)
        assert connector.cached_hosts == {}


async def test_what_is_remembered_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError):
        TCPConnector().cached_hosts["a", 80] = []  # type: ignore[index]  # that is the point


async def test_without_a_cache_nothing_is_remembered() -> None:
    async with serving() as server, TCPConnector(use_dns_cache=False) as connector:
        await resolve(connector, server.port)

        assert connector.use_dns_cache is False
        assert connector.cached_hosts == {}


async def test_many_requests_share_few_connections() -> None:
    async with serving() as server, TCPConnector(limit=3) as connector:
        await asyncio.gather(*(resolve(connector, server.port) for _ in range(30)))

        assert server.connections == 3
