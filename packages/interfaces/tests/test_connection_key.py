"""`ConnectionKey`: by value, and printable."""

import ssl
from typing import Any, Final

import pytest
from yarl import URL

from martlet_interfaces import ConnectionKey, Fingerprint

KEY: Final = ConnectionKey("example.org", 443, True)

# A value for each field that is not its default.
OTHERS: Final[dict[str, Any]] = {
    "host": "example.com",
    "port": 8443,
    "is_ssl": False,
    "ssl": False,
    "server_hostname": "example.net",
    "proxy": URL("http://proxy.test:3128"),
    "proxy_headers": (("Proxy-Authorization", "Basic eA=="),),
    "tunnel": True,
}


def test_keys_of_equal_values_are_one() -> None:
    fingerprint, twin = Fingerprint(bytes(32)), Fingerprint(bytes(32))
    assert KEY._replace(ssl=fingerprint) == KEY._replace(ssl=twin)
    assert len({KEY._replace(ssl=fingerprint), KEY._replace(ssl=twin)}) == 1


@pytest.mark.parametrize("field", ConnectionKey._fields)
def test_every_field_makes_another_key(field: str) -> None:
    assert len({KEY, KEY._replace(**{field: OTHERS[field]})}) == 2


def test_contexts_are_told_apart_by_identity() -> None:
    one, other = ssl.create_default_context(), ssl.create_default_context()
    assert KEY._replace(ssl=one) == KEY._replace(ssl=one)
    assert KEY._replace(ssl=one) != KEY._replace(ssl=other)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (KEY, "https://example.org:443"),
        (ConnectionKey("example.org", 80, False), "http://example.org:80"),
        (ConnectionKey("2001:db8::1", 443, True), "https://[2001:db8::1]:443"),
        (ConnectionKey("localhost", None, False), "http://localhost"),
    ],
)
def test_its_text_is_the_origin(key: ConnectionKey, text: str) -> None:
    assert str(key) == text
    assert repr(key) == f"<ConnectionKey {text}>"


def test_no_text_shows_the_proxy_s_credentials() -> None:
    key = KEY._replace(**{name: OTHERS[name] for name in ("proxy", "proxy_headers")})
    assert "eA==" not in f"{key} {key!r}"
