"""The key of a connection: everything that shapes it is in it, whatever may be added."""

import ssl
from dataclasses import dataclass
from typing import Any

import attrs
import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_connector_pool import TCPConnector
from martlet_connector_pool._key import connection_key, host_key
from martlet_interfaces import ConnectionKey, Fingerprint, RequestHead, TransportOptions

NO_HEADERS: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())

# Another value than the default for each field that an option has.
OTHER_OPTIONS: dict[str, Any] = {
    "ssl": False,
    "server_hostname": "other.test",
    "proxy": URL("http://proxy.test:3128"),
    "proxy_headers": (("Proxy-Authorization", "Basic eDp5"),),
}

# And for each field of the key itself.
OTHER_FIELDS: dict[str, Any] = {
    "host": "b.test",
    "port": 444,
    "is_ssl": False,
    **OTHER_OPTIONS,
    "tunnel": True,
}


def request(url: str = "https://a.test/", **options: Any) -> RequestHead:
    return RequestHead(
        "GET",
        URL(url),
        NO_HEADERS,
        options=TransportOptions(**options),
    )


def test_the_tables_of_this_test_name_every_field() -> None:
    assert [field.name for field in attrs.fields(TransportOptions)] == list(OTHER_OPTIONS)
    assert ConnectionKey._fields == tuple(OTHER_FIELDS)


@pytest.mark.parametrize("name", OTHER_OPTIONS)
def test_every_option_of_the_transport_changes_the_key(name: str) -> None:
    plain = connection_key(request())

    other = connection_key(request(**{name: OTHER_OPTIONS[name]}))

    assert other != plain
    assert getattr(other, name) == OTHER_OPTIONS[name]
    # Nothing else is different, but that a proxy is asked for a tunnel.
    assert other.tunnel is (name == "proxy")
    assert other._replace(tunnel=False, **{name: getattr(plain, name)}) == plain


@pytest.mark.parametrize("name", OTHER_FIELDS)
def test_every_field_takes_part_in_equality(name: str) -> None:
    plain = ConnectionKey("a.test", 443, is_ssl=True)

    assert plain._replace(**{name: OTHER_FIELDS[name]}) != plain


@dataclass
class Difference:
    one: RequestHead
    other: RequestHead


@pytest.mark.parametrize(
    "case",
    [
        Difference(request("http://a.test/"), request("https://a.test/")),
        Difference(request("http://a.test/"), request("http://a.test:81/")),
        Difference(request("http://a.test/"), request("http://b.test/")),
        Difference(request("http://a.test:443/"), request("https://a.test/")),
        Difference(request(ssl=Fingerprint(b"a" * 32)), request(ssl=Fingerprint(b"b" * 32))),
        Difference(
            request(ssl=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),
            request(ssl=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),
        ),
        Difference(
            request(proxy=URL("http://p/"), proxy_headers=(("A", "1"),)),
            request(proxy=URL("http://p/"), proxy_headers=(("A", "2"),)),
        ),
    ],
    ids=[
        "scheme",
        "port",
        "host",
        "scheme, port kept",
        "fingerprint",
        "context",
        "proxy's credentials",
    ],
)
def test_different_connections_have_different_keys(case: Difference) -> None:
    assert connection_key(case.one) != connection_key(case.other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.test/x", "http://a.test:80/y?z"),
        ("https://a.test/", "https://A.TEST:443/"),
        ("ws://a.test/", "http://a.test/"),
        ("wss://a.test/", "https://a.test/"),
    ],
)
def test_what_shapes_no_connection_is_not_in_the_key(one: str, other: str) -> None:
    assert connection_key(request(one)) == connection_key(request(other))


def test_equal_options_give_equal_keys() -> None:
    one = request(ssl=Fingerprint(b"a" * 32), server_hostname="x")
    other = request(ssl=Fingerprint(b"a" * 32), server_hostname="x")

    assert connection_key(one) == connection_key(other)
    assert hash(connection_key(one)) == hash(connection_key(other))


def test_an_ipv6_host_has_no_brackets() -> None:
    assert connection_key(request("http://[::1]:8080/")).host == "::1"


def test_the_limit_per_host_counts_by_host_port_and_tls() -> None:
    key = connection_key(request("https://a.test/", ssl=False, server_hostname="x"))

    assert host_key(key) == ("a.test", 443, True)


@pytest.mark.parametrize("url", ["https://a.test/", "http://a.test/"])
def test_the_connectors_default_takes_the_place_of_what_a_request_left_open(url: str) -> None:
    connector = TCPConnector(ssl=False)

    assert connector._key(request(url)).ssl is False
    assert connector._key(request(url, server_hostname="x")).ssl is False
    pinned = Fingerprint(b"a" * 32)
    assert connector._key(request(url, ssl=pinned)).ssl == pinned
    assert TCPConnector()._key(request(url)).ssl is True


def test_keys_of_many_hosts_are_not_remembered_for_ever() -> None:
    connector = TCPConnector()

    for number in range(2500):
        key = connector._key(RequestHead("GET", URL(f"http://h{number}.test/"), NO_HEADERS))
        assert key.host == f"h{number}.test"

    assert len(connector._keys) <= 1000
