import ssl

import pytest

from martlet_client_session._transport import transport_options
from martlet_interfaces import Fingerprint, TransportOptions


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
