"""TLS: the contexts, and what a failure of the handshake means."""

import asyncio
import ssl

from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ServerFingerprintMismatch,
)
from martlet_interfaces import ConnectionKey, Fingerprint

__all__ = ["check_fingerprint", "context_for", "tls_error"]

_contexts: dict[bool, ssl.SSLContext] = {}


def _build_context(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context() if verify else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


async def context_for(key: ConnectionKey) -> ssl.SSLContext:
    """Give the context for *key*: the caller's own, or one of the two of this process.

    The verifying one reads the system's trust store, which takes tens of milliseconds:
    it is made once, in a thread.
    """
    if isinstance(key.ssl, ssl.SSLContext):
        return key.ssl
    verify = key.ssl is True
    context = _contexts.get(verify)
    if context is None:
        loop = asyncio.get_running_loop()
        context = await loop.run_in_executor(None, _build_context, verify)
        context = _contexts.setdefault(verify, context)
    return context


def check_fingerprint(key: ConnectionKey, transport: asyncio.Transport) -> None:
    """Raise `ServerFingerprintMismatch` unless the peer's certificate is the pinned one."""
    if not isinstance(key.ssl, Fingerprint):
        return
    ssl_object: ssl.SSLObject = transport.get_extra_info("ssl_object")
    certificate = ssl_object.getpeercert(binary_form=True) or b""
    if not key.ssl.matches(certificate):
        raise ServerFingerprintMismatch(
            key.ssl.fingerprint, key.ssl.digest_of(certificate), key.host, key.port or 0
        )


def tls_error(key: ConnectionKey, exc: ssl.SSLError) -> ClientConnectorError:
    """Say what *exc*, which ended a handshake, means to the caller."""
    if isinstance(exc, ssl.SSLCertVerificationError):
        return ClientConnectorCertificateError(key, exc)
    return ClientConnectorSSLError(key, exc)
