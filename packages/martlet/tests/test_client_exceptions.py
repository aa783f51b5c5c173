import martlet_exceptions
import martlet_websocket
from martlet import client_exceptions

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "ClientConnectionError": martlet_exceptions.ClientConnectionError,
    "ClientConnectionResetError": martlet_exceptions.ClientConnectionResetError,
    "ClientConnectorCertificateError": martlet_exceptions.ClientConnectorCertificateError,
    "ClientConnectorDNSError": martlet_exceptions.ClientConnectorDNSError,
    "ClientConnectorError": martlet_exceptions.ClientConnectorError,
    "ClientConnectorSSLError": martlet_exceptions.ClientConnectorSSLError,
    "ClientError": martlet_exceptions.ClientError,
    "ClientHttpProxyError": martlet_exceptions.ClientHttpProxyError,
    "ClientOSError": martlet_exceptions.ClientOSError,
    "ClientPayloadError": martlet_exceptions.ClientPayloadError,
    "ClientProxyConnectionError": martlet_exceptions.ClientProxyConnectionError,
    "ClientResponseError": martlet_exceptions.ClientResponseError,
    "ClientSSLError": martlet_exceptions.ClientSSLError,
    "ConnectionTimeoutError": martlet_exceptions.ConnectionTimeoutError,
    "ContentTypeError": martlet_exceptions.ContentTypeError,
    "InvalidURL": martlet_exceptions.InvalidURL,
    "InvalidUrlClientError": martlet_exceptions.InvalidUrlClientError,
    "InvalidUrlRedirectClientError": martlet_exceptions.InvalidUrlRedirectClientError,
    "NonHttpUrlClientError": martlet_exceptions.NonHttpUrlClientError,
    "NonHttpUrlRedirectClientError": martlet_exceptions.NonHttpUrlRedirectClientError,
    "RedirectClientError": martlet_exceptions.RedirectClientError,
    "ServerConnectionError": martlet_exceptions.ServerConnectionError,
    "ServerDisconnectedError": martlet_exceptions.ServerDisconnectedError,
    "ServerFingerprintMismatch": martlet_exceptions.ServerFingerprintMismatch,
    "ServerTimeoutError": martlet_exceptions.ServerTimeoutError,
    "SocketTimeoutError": martlet_exceptions.SocketTimeoutError,
    "TooManyRedirects": martlet_exceptions.TooManyRedirects,
    "TotalTimeoutError": martlet_exceptions.TotalTimeoutError,
    "UnixClientConnectorError": martlet_exceptions.UnixClientConnectorError,
    "UploadAbortedError": martlet_exceptions.UploadAbortedError,
    "WSServerHandshakeError": martlet_exceptions.WSServerHandshakeError,
    "WSMessageTypeError": martlet_websocket.WSMessageTypeError,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(client_exceptions) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(client_exceptions, NAMES)
