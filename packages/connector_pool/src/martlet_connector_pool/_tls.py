"""TLS: the contexts, and what a failure of the handshake means."""

import asyncio
import os
import ssl
import sys
import threading

from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ServerFingerprintMismatch,
)
from martlet_interfaces import ConnectionKey, Fingerprint

__all__ = ["check_fingerprint", "context_for", "ended_properly", "server_name", "tls_error"]

_TRUST_IN_NO_FILES = ("darwin", "win32")
_contexts: dict[bool, ssl.SSLContext] = {}
_building = threading.Lock()


def _build_context(verify: bool) -> ssl.SSLContext:
    context = _verifying_context() if verify else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    # As `ssl.create_default_context` does for its own.
    key_log = os.environ.get("SSLKEYLOGFILE")
    if key_log and not sys.flags.ignore_environment:
        context.keylog_filename = key_log
    context.set_alpn_protocols(["http/1.1"])
    return context


def _verifying_context() -> ssl.SSLContext:
    """Trust what the system trusts, or what SSL_CERT_FILE and SSL_CERT_DIR name.

    OpenSSL looks those up by itself. Where the trust is not in files (macOS, Windows), the
    optional `truststore` asks the system.
    """
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    if not named and sys.platform in _TRUST_IN_NO_FILES:
        try:
            import truststore
        except ImportError:
            pass
        else:
            context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            return context
    return ssl.create_default_context()


def _shared_context(verify: bool) -> ssl.SSLContext:
    with _building:
        context = _contexts.get(verify)
        if context is None:
            context = _contexts[verify] = _build_context(verify)
    return context


async def context_for(how: "ssl.SSLContext | bool | Fingerprint") -> ssl.SSLContext:
    """Give the context to verify by: the caller's own, or one of the two of this process.

    The verifying one reads the system's trust store, which takes tens of milliseconds:
    it is made once, in a thread.
    """
    if isinstance(how, ssl.SSLContext):
        return how
    verify = how is True
    context = _contexts.get(verify)
    if context is None:
        loop = asyncio.get_running_loop()
        context = await loop.run_in_executor(None, _shared_context, verify)
    return context


def server_name(key: ConnectionKey) -> str:
    """Name the server to ask for (SNI) and to verify."""
    name = (key.server_hostname or key.host).removesuffix(".")
    try:
        # What ssl itself is going to do, too late for a clean end.
        if b"\0" in name.encode("idna"):
            raise UnicodeError("embedded null character")
    except UnicodeError as exc:
        raise ValueError(f"TLS cannot ask for the server {name!r:.100}: {exc}") from exc
    return name


def check_fingerprint(key: ConnectionKey, ssl_object: ssl.SSLObject) -> None:
    """Raise `ServerFingerprintMismatch` unless the peer's certificate is the pinned one."""
    if not isinstance(key.ssl, Fingerprint):
        return
    certificate = ssl_object.getpeercert(binary_form=True) or b""
    if not key.ssl.matches(certificate):
        raise ServerFingerprintMismatch(
            key.ssl.fingerprint, key.ssl.digest_of(certificate), key.host, key.port or 0
        )


def ended_properly(transport: asyncio.BaseTransport) -> bool:
    """Tell whether the peer has ended the stream on *transport*, which ends now.

    Without TLS, to hear of the end says so. With TLS, who tears the connection down can be
    anybody: only the peer can send close_notify (RFC 9112 section 9.8).
    """
    ssl_object: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
    if ssl_object is None:
        return True
    try:
        return not ssl_object.read(1)
    except ssl.SSLZeroReturnError:
        return True
    except ssl.SSLError:
        return False


def tls_error(key: ConnectionKey, exc: ssl.SSLError) -> ClientConnectorError:
    """Say what *exc*, which ended a handshake, means to the caller."""
    if isinstance(exc, ssl.SSLCertVerificationError):
        return ClientConnectorCertificateError(key, exc)
    return ClientConnectorSSLError(key, exc)
