"""What the failure of a request says about sending it again."""

from martlet_exceptions import (
    ClientConnectionError,
    ClientHttpProxyError,
    ConnectionTimeoutError,
    InvalidURL,
    RedirectClientError,
    ServerFingerprintMismatch,
    TooManyRedirects,
    TotalTimeoutError,
)

__all__ = ["is_final", "sent_nothing"]

# Another attempt would end in the same way, or come too late.
_FINAL = (
    InvalidURL,
    RedirectClientError,
    ServerFingerprintMismatch,
    TooManyRedirects,
    TotalTimeoutError,
)


def is_final(failure: Exception) -> bool:
    """Tell whether no other attempt may follow *failure*, whatever the caller wants.

    So it is where the peer is not who it should be, where nobody could mend anything, and where
    the session or the connector has been closed.
    """
    # By itself it is raised for what has been closed on this side.
    if isinstance(failure, _FINAL) or type(failure) is ClientConnectionError:
        return True
    if not isinstance(failure, OSError):
        return False
    # Only here: it takes `ssl` with it.
    from martlet_exceptions import ClientConnectorCertificateError

    return isinstance(failure, ClientConnectorCertificateError)


def sent_nothing(failure: Exception) -> bool:
    """Tell whether it is certain that *failure* came before any byte of the request was sent."""
    if isinstance(failure, ConnectionTimeoutError | ClientHttpProxyError):
        return True
    if not isinstance(failure, OSError):
        return False
    from martlet_exceptions import ClientConnectorError

    return isinstance(failure, ClientConnectorError)
