import errno
import ssl

import pytest

from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientOSError,
    UnixClientConnectorError,
)
from martlet_interfaces import ConnectionKey, Fingerprint

KEY = ConnectionKey("example.org", 443, True)
REFUSED = ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed: expired")
    error.library, error.reason = "SSL", "CERTIFICATE_VERIFY_FAILED"
    error.verify_code, error.verify_message = 10, "certificate has expired"
    return error


def test_os_errors_keep_errno() -> None:
    error = ClientOSError(errno.EPIPE, "Broken pipe")
    assert (error.errno, error.strerror) == (errno.EPIPE, "Broken pipe")
    assert error.args == (errno.EPIPE, "Broken pipe")
    assert str(error) == f"[Errno {errno.EPIPE}] Broken pipe"


def test_connector_error() -> None:
    error = ClientConnectorError(KEY, REFUSED)
    assert (error.errno, error.strerror) == (errno.ECONNREFUSED, "Connection refused")
    assert (error.host, error.port, error.ssl) == ("example.org", 443, True)
    assert error.os_error is REFUSED
    assert error.args == (KEY, REFUSED)
    assert error.__cause__ is None
    assert str(error) == "Cannot connect to host example.org:443 ssl:default [Connection refused]"
    assert repr(error) == f"ClientConnectorError({str(error)!r})"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (ConnectionKey("::1", 80, False), "host [::1]:80 ssl:default"),
        (ConnectionKey("example.org", None, False), "host example.org ssl:default"),
        (ConnectionKey("example.org", 443, True, ssl=False), "host example.org:443 ssl:False"),
        (
            ConnectionKey("example.org", 443, True, ssl=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)),
            "host example.org:443 ssl:SSLContext",
        ),
        (
            ConnectionKey("example.org", 443, True, ssl=Fingerprint(bytes(32))),
            "host example.org:443 ssl:Fingerprint",
        ),
        (ConnectionKey("a\nb", 80, False), r"host a\nb:80 ssl:default"),
    ],
)
def test_text_names_the_peer_and_the_check(key: ConnectionKey, expected: str) -> None:
    error = ClientConnectorError(key, REFUSED)
    assert str(error) == f"Cannot connect to {expected} [Connection refused]"


@pytest.mark.parametrize(
    ("os_error", "reason"),
    [
        (OSError("all failed: [Errno 111], [Errno 113]"), "all failed: [Errno 111], [Errno 113]"),
        (OSError(), "OSError"),
        (OSError(errno.EIO, "odd\x1b"), r"odd\x1b"),
    ],
)
def test_text_has_a_reason_whatever_the_error(os_error: OSError, reason: str) -> None:
    assert str(ClientConnectorError(KEY, os_error)).endswith(f"[{reason}]")


def test_unix_connector_error() -> None:
    error = UnixClientConnectorError("/run/x.sock", KEY, REFUSED)
    assert error.path == "/run/x.sock"
    assert error.os_error is REFUSED
    assert error.args == ("/run/x.sock", KEY, REFUSED)
    assert str(error) == (
        "Cannot connect to unix socket /run/x.sock ssl:default [Connection refused]"
    )


def test_tls_error_has_the_attributes_of_the_original() -> None:
    original = ssl.SSLError(1, "wrong version number")
    original.library, original.reason = "SSL", "WRONG_VERSION_NUMBER"
    error = ClientConnectorSSLError(KEY, original)
    assert (error.library, error.reason) == ("SSL", "WRONG_VERSION_NUMBER")
    assert not hasattr(error, "verify_code")
    assert str(error) == (
        "Cannot connect to host example.org:443 ssl:default [wrong version number]"
    )


def test_certificate_error() -> None:
    original = certificate_error()
    error = ClientConnectorCertificateError(KEY, original)
    assert error.certificate_error is original
    assert error.os_error is original
    assert error.args == (KEY, original)
    assert (error.verify_code, error.verify_message) == (10, "certificate has expired")
    assert str(error) == (
        "Cannot connect to host example.org:443 ssl:default"
        " [SSLCertVerificationError: certificate verify failed: expired]"
    )


def test_certificate_error_that_is_no_os_error() -> None:
    original = ValueError("no certificate")
    error = ClientConnectorCertificateError(KEY, original)
    assert error.certificate_error is original
    assert isinstance(error.os_error, OSError)
    assert str(error).endswith("[ValueError: no certificate]")
