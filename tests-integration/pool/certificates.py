"""Two authorities, so that a test can trust the origin, the proxy, or both."""

import ssl
from collections.abc import Callable
from functools import cache
from pathlib import Path

import trustme

__all__ = ["issue", "origin_authority", "proxy_authority", "trusting"]


@cache
def origin_authority() -> trustme.CA:
    return trustme.CA()


@cache
def proxy_authority() -> trustme.CA:
    return trustme.CA()


def issue(authority: trustme.CA, root: Path) -> bytes:
    """Write a certificate for this machine into *root*; give it in DER form."""
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    certificate.private_key_pem.write_to_path(str(root / "key.pem"))
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(str(root / "chain.pem"), append=True)
    return ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())


@cache
def trusting(*authorities: Callable[[], trustme.CA]) -> ssl.SSLContext:
    """Make a context for clients that trusts *authorities* and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for authority in authorities:
        authority().configure_trust(context)
    return context
