"""A bad certificate is as bad on every path as on the direct one, and is told nothing."""

import datetime as dt
import hashlib
import ssl
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from martlet_exceptions import ClientConnectorCertificateError, ServerFingerprintMismatch
from martlet_interfaces import Fingerprint

from .certificates import origin_authority, proxy_authority, trusting
from .tls_paths import PATHS, Peers, direct, peers

DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.UTC)


class Case(NamedTuple):
    host: str
    context: ssl.SSLContext
    digest: bytes
    good: bool


def _case(host: str, certificate: trustme.LeafCert, *, good: bool = False) -> Case:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    return Case(host, context, hashlib.sha256(der).digest(), good)


def _self_signed(folder: Path) -> Case:
    lonely = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    file = folder / "lonely.pem"
    file.write_bytes(lonely.private_key_pem.bytes() + lonely.cert_pem.bytes())
    context.load_cert_chain(file)
    der = ssl.PEM_cert_to_DER_cert(lonely.cert_pem.bytes().decode())
    return Case("127.0.0.1", context, hashlib.sha256(der).digest(), good=False)


def _make(name: str, folder: Path) -> Case:
    authority = origin_authority()
    match name:
        case "good":
            return _case("127.0.0.1", authority.issue_cert("127.0.0.1"), good=True)
        case "good wildcard":
            return _case("a.example.test", authority.issue_cert("*.example.test"), good=True)
        case "expired":
            leaf = authority.issue_cert("127.0.0.1", not_before=NOW - 2 * DAY, not_after=NOW - DAY)
            return _case("127.0.0.1", leaf)
        case "not yet valid":
            leaf = authority.issue_cert("127.0.0.1", not_before=NOW + DAY, not_after=NOW + 2 * DAY)
            return _case("127.0.0.1", leaf)
        case "wrong host":
            return _case("localhost", authority.issue_cert("other.test"))
        case "wrong IP":
            return _case("127.0.0.1", authority.issue_cert("127.0.0.2"))
        case "wildcard too deep":
            return _case("a.b.example.test", authority.issue_cert("*.example.test"))
        case "unknown CA":
            return _case("127.0.0.1", trustme.CA().issue_cert("127.0.0.1"))
        case "self-signed":
            return _self_signed(folder)
    raise AssertionError(name)


CERTIFICATES = (
    "good",
    "good wildcard",
    "expired",
    "not yet valid",
    "wrong host",
    "wrong IP",
    "wildcard too deep",
    "unknown CA",
    "self-signed",
)
HOW = ("system", "context", "pin", "wrong pin", "off")


def _how(name: str, case: Case) -> ssl.SSLContext | bool | Fingerprint:
    match name:
        case "system":
            return ssl.create_default_context()
        case "context":
            return trusting(origin_authority, proxy_authority)
        case "pin":
            return Fingerprint(case.digest)
        case "wrong pin":
            return Fingerprint(bytes(32))
    return False


def _expected(how: str, case: Case) -> type[Exception] | None:
    if how == "system" or (how == "context" and not case.good):
        return ClientConnectorCertificateError
    return ServerFingerprintMismatch if how == "wrong pin" else None


async def _outcome(path: str, to: Peers, host: str, how: object) -> type[Exception] | None:
    try:
        body = await (direct if path == "direct" else PATHS[path])(to, host, how)
    except (ClientConnectorCertificateError, ServerFingerprintMismatch) as exc:
        assert to.received == [], "something was said to a server that is not trusted"
        return type(exc)
    assert body == b"ok"
    return None


@pytest.mark.parametrize("path", ["direct", *PATHS])
@pytest.mark.parametrize("certificate", CERTIFICATES)
async def test_every_path_gives_what_the_direct_one_gives(
    path: str, certificate: str, tmp_path: Path
) -> None:
    case = _make(certificate, tmp_path)
    for how in HOW:
        async with peers(case.context, tmp_path) as to:
            outcome = await _outcome(path, to, case.host, _how(how, case))
        (tmp_path / "s").unlink(missing_ok=True)
        assert outcome is _expected(how, case), how
