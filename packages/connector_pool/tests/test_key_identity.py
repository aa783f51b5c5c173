"""No connection is lent to a request that would have made another one, whatever the option."""

import inspect
import ssl
from typing import Any

import attrs
import pytest
from yarl import URL

from martlet_connector_pool import TCPConnector
from martlet_interfaces import Fingerprint, TransportOptions

from .net import Net, on_net
from .scripted import OK

CONTEXTS = [ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) for _ in range(2)]

# For each option values that differ from each other and from the default.
VALUES: dict[str, list[Any]] = {
    "ssl": [False, *CONTEXTS, Fingerprint(b"a" * 32), Fingerprint(b"b" * 32)],
    "server_hostname": ["x.test", "y.test"],
    "proxy": [
        URL("http://proxy.test:3128"),
        URL("https://proxy.test:3128"),
        URL("http://proxy.test:3129"),
        URL("http://other.test:3128"),
        URL("http://user@proxy.test:3128"),
        URL("http://user:one@proxy.test:3128"),
        URL("http://user:two@proxy.test:3128"),
    ],
    "proxy_headers": [(("A", "1"),), (("A", "2"),), (("B", "1"),), (("A", "1"), ("A", "1"))],
}
CONNECTORS_OWN = {"family", "local_addr", "resolver", "socket_factory", "happy_eyeballs_delay"}


def test_every_option_that_there_is_has_values_here() -> None:
    assert {field.name for field in attrs.fields(TransportOptions)} == set(VALUES)


async def lent(net: Net, first: dict[str, Any], second: dict[str, Any], url: str) -> bool:
    """Tell whether the connection of a request with *first* options serves one with *second*."""
    before = len(net.wires)
    for options in (first, second):
        call, wire = await net.sent(url=url, **options)
        wire.send(OK)
        await call.body()
    made = len(net.wires) - before
    assert made in (1, 2)
    return made == 1


@pytest.mark.parametrize("url", ["https://a.test/", "http://a.test/", "ws://a.test/"])
@pytest.mark.parametrize("name", VALUES)
@on_net
async def test_a_connection_is_lent_to_equal_options_alone(net: Net, name: str, url: str) -> None:
    values: list[dict[str, Any]] = [{}, *({name: value} for value in VALUES[name])]
    for one in values:
        for other in values:
            net.configure(limit=0)
            assert await lent(net, one, other, url) is (one is other), (one, other)
            await net.connector.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.test/", "https://a.test/"),
        ("http://a.test/", "http://a.test:81/"),
        ("http://a.test/", "http://b.test/"),
        ("http://a.test/", "http://a.test./"),
        ("https://a.test:80/", "http://a.test/"),
    ],
)
@on_net
async def test_nor_to_another_origin(net: Net, one: str, other: str) -> None:
    for url in (one, other):
        call, wire = await net.sent(url=url)
        wire.send(OK)
        await call.body()

    assert len(net.wires) == 2


@on_net
async def test_a_tunnel_and_a_forwarding_proxy_are_not_the_same(net: Net) -> None:
    for url in ("http://a.test/", "ws://a.test/"):
        call, wire = await net.sent(url=url, proxy=URL("http://proxy.test"))
        wire.send(OK)
        await call.body()

    assert len(net.wires) == 2


def test_what_a_connector_is_told_holds_for_all_of_its_connections() -> None:
    # These are not in the key: each connector has a pool of its own.
    assert set(inspect.signature(TCPConnector).parameters) >= CONNECTORS_OWN
    one, other = TCPConnector(), TCPConnector()
    assert one._keys is not other._keys
    assert one._leases is None
    assert other._leases is None
