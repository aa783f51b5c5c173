import yarl

import martlet_client_session
import martlet_connector_pool
import martlet_exceptions
import martlet_interfaces
from martlet import client

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "ClientRequest": martlet_client_session.ClientRequest,
    "ClientResponse": martlet_client_session.ClientResponse,
    "ClientSession": martlet_client_session.ClientSession,
    "ClientTimeout": martlet_client_session.ClientTimeout,
    "ClientWSTimeout": martlet_client_session.ClientWSTimeout,
    "ClientWebSocketResponse": martlet_client_session.ClientWebSocketResponse,
    "DEFAULT_TIMEOUT": martlet_client_session.DEFAULT_TIMEOUT,
    "request": martlet_client_session.request,
    "_RequestContextManager": martlet_client_session.RequestContext,
    "_RequestOptions": martlet_client_session.RequestOptions,
    "_WSRequestContextManager": martlet_client_session.WebSocketContext,
    "BaseConnector": martlet_connector_pool.BaseConnector,
    "NamedPipeConnector": martlet_connector_pool.NamedPipeConnector,
    "TCPConnector": martlet_connector_pool.TCPConnector,
    "UnixConnector": martlet_connector_pool.UnixConnector,
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
    "Fingerprint": martlet_interfaces.Fingerprint,
    "RequestInfo": martlet_interfaces.RequestInfo,
    "URL": yarl.URL,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(client) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(client, NAMES)
