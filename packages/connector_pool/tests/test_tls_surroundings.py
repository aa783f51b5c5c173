"""TLS as the environment and the platform say: who is trusted, and where keys are logged."""

import hashlib
import ssl
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from cryptography import x509

from martlet_connector_pool import _tls
from martlet_connector_pool._tls import context_for
from martlet_exceptions import ClientConnectorCertificateError

from .test_tls import AUTHORITY, fetch


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Begin without contexts, and with nothing said."""
    monkeypatch.setattr(_tls, "_contexts", {})
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def python_is(monkeypatch: pytest.MonkeyPatch, **facts: Any) -> None:
    """Let the module alone believe that it runs on another *platform*, or with -E."""
    flags = SimpleNamespace(ignore_environment=facts.pop("ignore_environment", False))
    platform = facts.pop("platform", "linux")
    monkeypatch.setattr(_tls, "sys", SimpleNamespace(platform=platform, flags=flags))


def authority_file(folder: Path) -> Path:
    file = folder / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(file)
    return file


def hashed_name(certificate: bytes) -> str:
    """Name the file in which OpenSSL looks for an authority: a digest of its subject."""
    subject = x509.load_pem_x509_certificate(certificate).subject
    canonical = b""
    for attribute in subject:
        text = " ".join(str(attribute.value).lower().split()).encode()
        numbers = [int(part) for part in attribute.oid.dotted_string.split(".")]
        oid = bytes([40 * numbers[0] + numbers[1], *numbers[2:]])
        assert len(text) < 100
        assert max(numbers) < 128
        pair = bytes([6, len(oid)]) + oid + bytes([12, len(text)]) + text
        pair = bytes([0x30, len(pair)]) + pair
        canonical += bytes([0x31, len(pair)]) + pair
    first = hashlib.sha1(canonical).digest()[:4]
    return f"{int.from_bytes(first, 'little'):08x}.0"


async def test_authorities_in_a_file(surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    surroundings.setenv("SSL_CERT_FILE", str(authority_file(tmp_path)))

    answer, _ = await fetch()

    assert answer.body == b"ok"


async def test_authorities_in_a_folder(surroundings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = AUTHORITY.cert_pem.bytes()
    (tmp_path / hashed_name(certificate)).write_bytes(certificate)
    surroundings.setenv("SSL_CERT_DIR", str(tmp_path))

    answer, _ = await fetch()

    assert answer.body == b"ok"


async def test_authorities_in_a_file_are_the_only_ones(
    surroundings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    surroundings.setenv("SSL_CERT_FILE", str(other))
    surroundings.setenv("SSL_CERT_DIR", str(tmp_path))

    with pytest.raises(ClientConnectorCertificateError, match="local issuer"):
        await fetch()
    assert len((await context_for(True)).get_ca_certs()) == 1


@pytest.mark.parametrize("how", [True, False])
async def test_keys_are_logged(surroundings: pytest.MonkeyPatch, tmp_path: Path, how: bool) -> None:
    log = tmp_path / "keys"
    surroundings.setenv("SSLKEYLOGFILE", str(log))
    surroundings.setenv("SSL_CERT_FILE", str(authority_file(tmp_path)))

    answer, _ = await fetch(ssl=how)

    assert answer.body == b"ok"
    labels = [line.split()[0] for line in log.read_text().splitlines() if line[0] != "#"]
    assert "CLIENT_TRAFFIC_SECRET_0" in labels
    assert "SERVER_TRAFFIC_SECRET_0" in labels


@pytest.mark.parametrize("ignored", [False, True], ids=["empty", "python -E"])
async def test_keys_are_not_logged(
    surroundings: pytest.MonkeyPatch, tmp_path: Path, ignored: bool
) -> None:
    log = tmp_path / "keys"
    python_is(surroundings, ignore_environment=ignored)
    surroundings.setenv("SSLKEYLOGFILE", str(log) if ignored else "")

    answer, _ = await fetch(ssl=False)

    assert answer.body == b"ok"
    assert not log.exists()


class SystemContext(ssl.SSLContext):
    """In the place of truststore's."""


@pytest.mark.parametrize("platform", ["darwin", "win32", "linux"])
@pytest.mark.parametrize("named", ["SSL_CERT_FILE", "SSL_CERT_DIR", None])
@pytest.mark.parametrize("installed", [True, False])
async def test_the_systems_trust_is_asked_where_it_is_not_in_files(
    surroundings: pytest.MonkeyPatch,
    tmp_path: Path,
    platform: str,
    named: str | None,
    installed: bool,
) -> None:
    module = SimpleNamespace(SSLContext=SystemContext) if installed else None
    surroundings.setitem(sys.modules, "truststore", module)
    python_is(surroundings, platform=platform)
    if named:
        surroundings.setenv(named, str(authority_file(tmp_path)))

    context = await context_for(True)

    asked = platform != "linux" and named is None and installed
    assert isinstance(context, SystemContext) is asked
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not isinstance(await context_for(False), SystemContext)
