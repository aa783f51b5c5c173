"""`TransportOptions`: equal by value, so that connections are lent to equals only."""

import copy
import ssl
from typing import Any, Final

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from yarl import URL

from martlet_interfaces import DIRECT, Fingerprint, TransportOptions

FIELDS: Final = [field.name for field in attrs.fields(TransportOptions)]
OTHERS: Final[dict[str, Any]] = {
    "ssl": False,
    "server_hostname": "example.net",
    "proxy": URL("http://proxy.test:3128"),
    "proxy_headers": (("Proxy-Authorization", "Basic eA=="),),
}


def test_the_default_is_direct_and_verified() -> None:
    assert TransportOptions() == DIRECT
    assert attrs.astuple(DIRECT) == (True, None, None, ())


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_tells_options_apart(field: str) -> None:
    other = attrs.evolve(DIRECT, **{field: OTHERS[field]})
    assert other != DIRECT
    assert len({other, DIRECT, attrs.evolve(other)}) == 2


def test_fingerprints_count_by_value_and_contexts_by_identity() -> None:
    one, other = ssl.create_default_context(), ssl.create_default_context()
    assert TransportOptions(ssl=one) == TransportOptions(ssl=one)
    assert TransportOptions(ssl=one) != TransportOptions(ssl=other)
    pinned = [TransportOptions(ssl=Fingerprint(bytes(32))) for _ in range(2)]
    assert len(set(pinned)) == 1


def test_proxies_count_by_value() -> None:
    proxies = [TransportOptions(proxy=URL("http://proxy.test:3128")) for _ in range(2)]
    assert len(set(proxies)) == 1


def test_they_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        DIRECT.ssl = False  # type: ignore[misc]  # what is tested


def test_a_copy_is_equal_and_hashes_alike() -> None:
    options = TransportOptions(**OTHERS)
    twin = copy.copy(options)
    assert (twin, hash(twin)) == (options, hash(options))


def test_its_text_hides_the_proxy_s_credentials() -> None:
    assert "eA==" not in repr(TransportOptions(**OTHERS))


@pytest.mark.parametrize("bad", ["\r", "\n", "\0", "\x01", "\x7f", " ", "\ud800"])
def test_a_name_that_could_be_none_is_refused(bad: str) -> None:
    for name in (f"{bad}h", f"h{bad}", f"h{bad}h"):
        with pytest.raises(ValueError, match="server_hostname has characters"):
            TransportOptions(server_hostname=name)
    with pytest.raises(TypeError, match="server_hostname must be a str, not bytes"):
        TransportOptions(server_hostname=b"h")  # type: ignore[arg-type]  # what is tested
