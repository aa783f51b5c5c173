"""What the failure of a request says about sending it again."""

import ssl
from collections.abc import Callable

import pytest
from yarl import URL

import martlet_exceptions as errors
from martlet_client_session._retry_failure import is_final, sent_nothing
from martlet_interfaces import ConnectionKey

KEY = ConnectionKey("a.example", 443, True)
REFUSED = ConnectionRefusedError(111, "refused")
CERTIFICATE = ssl.SSLCertVerificationError(1, "expired")

AGAIN: dict[str, Callable[[], Exception]] = {
    "ClientOSError": lambda: errors.ClientOSError(104, "reset"),
    "ClientConnectionResetError": lambda: errors.ClientConnectionResetError("closing"),
    "ServerConnectionError": errors.ServerConnectionError,
    "ServerDisconnectedError": errors.ServerDisconnectedError,
    "ServerTimeoutError": errors.ServerTimeoutError,
    "SocketTimeoutError": errors.SocketTimeoutError,
    "ClientPayloadError": errors.ClientPayloadError,
    "UploadAbortedError": errors.UploadAbortedError,
    "ClientResponseError": lambda: errors.ClientResponseError(errors.NO_REQUEST, ()),
    "BadStatusLine": lambda: errors.BadStatusLine("bad"),
    "OSError": lambda: OSError(5, "io"),
    "RuntimeError": RuntimeError,
}
UNSENT: dict[str, Callable[[], Exception]] = {
    "ConnectionTimeoutError": errors.ConnectionTimeoutError,
    "ClientConnectorError": lambda: errors.ClientConnectorError(KEY, REFUSED),
    "ClientConnectorDNSError": lambda: errors.ClientConnectorDNSError(KEY, REFUSED),
    "ClientProxyConnectionError": lambda: errors.ClientProxyConnectionError(KEY, REFUSED),
    "ClientSSLError": lambda: errors.ClientSSLError(KEY, REFUSED),
    "ClientConnectorSSLError": lambda: errors.ClientConnectorSSLError(KEY, REFUSED),
    "UnixClientConnectorError": lambda: errors.UnixClientConnectorError("/x", KEY, REFUSED),
    "ClientHttpProxyError": lambda: errors.ClientHttpProxyError(errors.NO_REQUEST, (), status=503),
}
FINAL: dict[str, Callable[[], Exception]] = {
    "ClientConnectionError": lambda: errors.ClientConnectionError("Session is closed"),
    "ClientConnectorCertificateError": lambda: errors.ClientConnectorCertificateError(
        KEY, CERTIFICATE
    ),
    "ServerFingerprintMismatch": lambda: errors.ServerFingerprintMismatch(b"a", b"b", "h", 443),
    "TotalTimeoutError": errors.TotalTimeoutError,
    "TooManyRedirects": lambda: errors.TooManyRedirects(errors.NO_REQUEST, ()),
    "InvalidURL": lambda: errors.InvalidURL("x"),
    "InvalidUrlRedirectClientError": lambda: errors.InvalidUrlRedirectClientError("x"),
    "NonHttpUrlClientError": lambda: errors.NonHttpUrlClientError(URL("ftp://a.example/")),
    "RedirectClientError": errors.RedirectClientError,
}


@pytest.mark.parametrize("kind", AGAIN)
def test_what_may_have_been_sent(kind: str) -> None:
    failure = AGAIN[kind]()
    assert type(failure).__name__ == kind
    assert not is_final(failure)
    assert not sent_nothing(failure)


@pytest.mark.parametrize("kind", UNSENT)
def test_what_was_never_sent(kind: str) -> None:
    failure = UNSENT[kind]()
    assert type(failure).__name__ == kind
    assert not is_final(failure)
    assert sent_nothing(failure)


@pytest.mark.parametrize("kind", FINAL)
def test_what_is_final(kind: str) -> None:
    failure = FINAL[kind]()
    assert type(failure).__name__ == kind
    assert is_final(failure)


def test_each_error_of_a_connection_is_judged() -> None:
    judged = {*AGAIN, *UNSENT, *FINAL}
    kinds = [getattr(errors, name) for name in errors.__all__ if name != "NO_REQUEST"]
    assert {
        kind.__name__ for kind in kinds if issubclass(kind, errors.ClientConnectionError)
    } <= judged
