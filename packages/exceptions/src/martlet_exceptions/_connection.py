"""Errors of connections on this side: opening them, and the operating system's errors on them.

Some of them are errors of `ssl`, too, which takes long to import: the package does so with
this module, when one of its names is first asked for.
"""

from ssl import SSLCertVerificationError, SSLContext, SSLError
from typing import Any, Final

from martlet_interfaces import ConnectionKey, Fingerprint

from ._connection_error import ClientConnectionError
from ._safe_text import clipped, printable

__all__ = [
    "ClientConnectionResetError",
    "ClientConnectorCertificateError",
    "ClientConnectorDNSError",
    "ClientConnectorError",
    "ClientConnectorSSLError",
    "ClientOSError",
    "ClientProxyConnectionError",
    "ClientSSLError",
    "UnixClientConnectorError",
]

_TLS_FACTS: Final = ("library", "reason", "verify_code", "verify_message")


class ClientOSError(ClientConnectionError, OSError):
    """The operating system failed an operation on a connection.

    Attributes as in `OSError`: `errno`, `strerror`. The cause is the original error.
    """


class ClientConnectionResetError(ClientConnectionError, ConnectionResetError):
    """Something was to be written to a connection that is closing or was reset by the peer.

    Attributes as in `OSError`.
    """


class ClientConnectorError(ClientOSError):
    """No connection could be opened.

    Attributes: `host`, `port` and `ssl` say to where and how; `os_error` is the original
    error, `errno` and `strerror` are its own.
    """

    def __init__(self, connection_key: ConnectionKey, os_error: OSError) -> None:
        super().__init__(os_error.errno, os_error.strerror)
        self.args: tuple[Any, ...] = (connection_key, os_error)
        self._connection_key = connection_key
        self._os_error = os_error

    @property
    def os_error(self) -> OSError:
        """The error that the operating system or the resolver gave."""
        return self._os_error

    @property
    def host(self) -> str:
        """The host to connect to."""
        return self._connection_key.host

    @property
    def port(self) -> int | None:
        """The port to connect to."""
        return self._connection_key.port

    @property
    def ssl(self) -> SSLContext | bool | Fingerprint:
        """How the peer's certificate was to be checked."""
        return self._connection_key.ssl

    def _target(self) -> str:
        host = str(self.host)
        shown = f"[{host}]" if ":" in host else host
        return f"host {shown}" if self.port is None else f"host {shown}:{self.port}"

    def _check(self) -> str:
        # The kind only: the repr of a context is an address, and differs in each process.
        if isinstance(self.ssl, bool):
            return "default" if self.ssl else "False"
        return type(self.ssl).__name__

    def _reason(self) -> str:
        return self.strerror or str(self._os_error) or type(self._os_error).__name__

    def __str__(self) -> str:
        reason = clipped(printable(self._reason()))
        return f"Cannot connect to {printable(self._target())} ssl:{self._check()} [{reason}]"

    def __repr__(self) -> str:
        # The usual form would print the key, with the credentials of a proxy.
        return f"{type(self).__name__}({str(self)!r})"


class ClientConnectorDNSError(ClientConnectorError):
    """The name of the host could not be resolved.

    Attributes as in `ClientConnectorError`; `os_error` is the resolver's error.
    """


class ClientProxyConnectionError(ClientConnectorError):
    """No connection to the proxy could be opened, or it broke while a tunnel was set up.

    Attributes as in `ClientConnectorError`; `host` and `port` are the proxy's.
    """


class UnixClientConnectorError(ClientConnectorError):
    """No connection to a Unix socket could be opened.

    Attributes as in `ClientConnectorError`, and `path`, the socket's file.
    """

    def __init__(self, path: str, connection_key: ConnectionKey, os_error: OSError) -> None:
        super().__init__(connection_key, os_error)
        self.args: tuple[Any, ...] = (path, connection_key, os_error)
        self._path = path

    @property
    def path(self) -> str:
        """The path of the socket."""
        return self._path

    def _target(self) -> str:
        return f"unix socket {self._path}"


class ClientSSLError(ClientConnectorError):
    """TLS could not be set up: the base of the finer errors.

    Attributes as in `ClientConnectorError`, and those that the original error has of
    `ssl.SSLError`: `library`, `reason`, `verify_code`, `verify_message`.
    """

    def __init__(self, connection_key: ConnectionKey, os_error: OSError) -> None:
        super().__init__(connection_key, os_error)
        for name in _TLS_FACTS:
            if hasattr(os_error, name):
                setattr(self, name, getattr(os_error, name))


class ClientConnectorSSLError(ClientSSLError, SSLError):
    """The TLS handshake failed, for another reason than the certificate (RFC 8446, section 4).

    Attributes as in `ClientSSLError`.
    """


class ClientConnectorCertificateError(ClientSSLError, SSLCertVerificationError):
    """The peer's certificate is not valid for the host (RFC 9110, section 4.3.4).

    No byte of a request was sent. Attributes as in `ClientSSLError`, and
    `certificate_error`, what the check raised.
    """

    def __init__(self, connection_key: ConnectionKey, certificate_error: Exception) -> None:
        if isinstance(certificate_error, OSError):
            super().__init__(connection_key, certificate_error)
        else:
            super().__init__(connection_key, OSError(str(certificate_error)))
        self.args: tuple[Any, ...] = (connection_key, certificate_error)
        self._certificate_error = certificate_error

    @property
    def certificate_error(self) -> Exception:
        """The error that the check of the certificate raised."""
        return self._certificate_error

    def _reason(self) -> str:
        return f"{type(self._certificate_error).__name__}: {super()._reason()}"
