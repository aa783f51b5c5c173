"""The errors of the HTTP client: one tree, with `ClientError` at its root."""

from typing import TYPE_CHECKING

from ._client_error import ClientError
from ._connection_error import ClientConnectionError
from ._history import NO_REQUEST, HistoryEntry, HistoryRecord
from ._parsing import (
    BadHttpMessage,
    BadStatusLine,
    ContentEncodingError,
    ContentLengthError,
    HttpProcessingError,
    InvalidHeader,
    LineTooLong,
    PayloadEncodingError,
    TransferEncodingError,
)
from ._payload import ClientPayloadError, UploadAbortedError
from ._response import (
    ClientHttpProxyError,
    ClientResponseError,
    ContentTypeError,
    TooManyRedirects,
    WSServerHandshakeError,
)
from ._server import ServerConnectionError, ServerDisconnectedError, ServerFingerprintMismatch
from ._timeout import (
    ConnectionTimeoutError,
    ServerTimeoutError,
    SocketTimeoutError,
    TotalTimeoutError,
)
from ._url import (
    InvalidURL,
    InvalidUrlClientError,
    InvalidUrlRedirectClientError,
    NonHttpUrlClientError,
    NonHttpUrlRedirectClientError,
    RedirectClientError,
)

if TYPE_CHECKING:
    from ._connection import (
        ClientConnectionResetError,
        ClientConnectorCertificateError,
        ClientConnectorDNSError,
        ClientConnectorError,
        ClientConnectorSSLError,
        ClientOSError,
        ClientProxyConnectionError,
        ClientSSLError,
        UnixClientConnectorError,
    )

__all__ = [
    "NO_REQUEST",
    "BadHttpMessage",
    "BadStatusLine",
    "ClientConnectionError",
    "ClientConnectionResetError",
    "ClientConnectorCertificateError",
    "ClientConnectorDNSError",
    "ClientConnectorError",
    "ClientConnectorSSLError",
    "ClientError",
    "ClientHttpProxyError",
    "ClientOSError",
    "ClientPayloadError",
    "ClientProxyConnectionError",
    "ClientResponseError",
    "ClientSSLError",
    "ConnectionTimeoutError",
    "ContentEncodingError",
    "ContentLengthError",
    "ContentTypeError",
    "HistoryEntry",
    "HistoryRecord",
    "HttpProcessingError",
    "InvalidHeader",
    "InvalidURL",
    "InvalidUrlClientError",
    "InvalidUrlRedirectClientError",
    "LineTooLong",
    "NonHttpUrlClientError",
    "NonHttpUrlRedirectClientError",
    "PayloadEncodingError",
    "RedirectClientError",
    "ServerConnectionError",
    "ServerDisconnectedError",
    "ServerFingerprintMismatch",
    "ServerTimeoutError",
    "SocketTimeoutError",
    "TooManyRedirects",
    "TotalTimeoutError",
    "TransferEncodingError",
    "UnixClientConnectorError",
    "UploadAbortedError",
    "WSServerHandshakeError",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # They need `ssl`, which takes longer to import than all the rest, and which a program
    # that only parses has no use for.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _connection

    value: object = getattr(_connection, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
