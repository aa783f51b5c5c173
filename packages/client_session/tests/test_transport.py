import ssl
from typing import Any

import pytest

from martlet_client_session._transport import transport_options
from martlet_interfaces import DIRECT, Fingerprint, TransportOptions


@pytest.mark.parametrize(
    "given", [True, False, ssl.create_default_context(), Fingerprint(bytes(32))]
)
def test_how_to_verify_is_passed_on(given: "bool | ssl.SSLContext | Fingerprint") -> None:
    assert transport_options(given, "name") == TransportOptions(ssl=given, server_hostname="name")


def test_none_is_the_default() -> None:
    assert transport_options(None, "name") == TransportOptions(ssl=True, server_hostname="name")


@pytest.mark.parametrize("given", [0, "yes", object()])
def test_another_type_is_refused(given: object) -> None:
    with pytest.raises(TypeError, match="ssl must be a bool, an SSLContext or a Fingerprint"):
        transport_options(given, None)  # type: ignore[arg-type]  # what is tested


CONTEXT = ssl.create_default_context()
DIGEST = bytes(32)


@pytest.mark.parametrize(
    ("older", "expected"),
    [
        ({"verify_ssl": False}, False),
        ({"verify_ssl": True}, True),
        ({"fingerprint": DIGEST}, Fingerprint(DIGEST)),
        ({"ssl_context": CONTEXT}, CONTEXT),
        ({"ssl_context": CONTEXT, "verify_ssl": True}, CONTEXT),
    ],
)
@pytest.mark.parametrize("given", [None, True])
def test_older_spellings_mean_the_same(
    given: bool | None,
    older: dict[str, Any],
    expected: "bool | ssl.SSLContext | Fingerprint",
) -> None:
    assert transport_options(given, None, **older) == TransportOptions(ssl=expected)


@pytest.mark.parametrize("given", [None, True])
def test_nothing_special_is_the_one_that_says_nothing(given: bool | None) -> None:
    assert transport_options(given, None) is DIRECT
    assert transport_options(given, None, True) is DIRECT


@pytest.mark.parametrize(
    ("given", "older"),
    [
        (False, {"ssl_context": CONTEXT}),
        (False, {"verify_ssl": False}),
        (None, {"verify_ssl": False, "fingerprint": DIGEST}),
        (None, {"fingerprint": b"short"}),
    ],
)
def test_a_contradiction_is_refused(given: bool | None, older: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"contradict|bytes|digest"):
        transport_options(given, None, **older)


def test_a_name_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match="server_hostname must be a str, not bytes"):
        transport_options(True, b"h")  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize("name", ["h\r\n", "h\x00", "a b", "\ud800", "\x7f"])
def test_a_name_that_no_host_has_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a host"):
        transport_options(True, name)
