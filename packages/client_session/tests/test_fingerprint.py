"""`Fingerprint` of the session: what it has besides that of the interfaces."""

import asyncio
import hashlib
import pickle
from typing import Any

import pytest

import martlet_interfaces
from martlet_client_session._fingerprint import Fingerprint
from martlet_exceptions import ServerFingerprintMismatch
from martlet_interfaces import ConnectionKey, merged_ssl

CERTIFICATE = b"a certificate in DER form"
OTHER = b"another certificate"
ALGORITHMS = ["sha256", "sha384", "sha512"]


def digest(algorithm: str, certificate: bytes = CERTIFICATE) -> bytes:
    return hashlib.new(algorithm, certificate).digest()


class SSLObject:
    """Stands for the ssl object of a connection whose peer has shown a certificate, or none."""

    def __init__(self, certificate: bytes | None) -> None:
        self._certificate = certificate

    def getpeercert(self, binary_form: bool) -> bytes | None:
        assert binary_form
        return self._certificate


def transport(certificate: bytes | None, peername: object = ("127.0.0.1", 443)) -> Any:
    return asyncio.Transport({"ssl_object": SSLObject(certificate), "peername": peername})


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_pinned_certificate_passes(algorithm: str) -> None:
    fingerprint = Fingerprint(digest(algorithm))
    fingerprint.check(transport(CERTIFICATE))
    assert fingerprint.matches(CERTIFICATE)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("peername", "host", "port"),
    [
        (("127.0.0.1", 443), "127.0.0.1", 443),
        (("::1", 8443, 0, 0), "::1", 8443),
        ("/run/server.sock", "/run/server.sock", 0),
        (b"\0abstract", "b'\\x00abstract'", 0),
        (None, "", 0),
    ],
)
def test_another_certificate_does_not(
    algorithm: str, peername: object, host: str, port: int
) -> None:
    fingerprint = Fingerprint(digest(algorithm))
    with pytest.raises(ServerFingerprintMismatch) as caught:
        fingerprint.check(transport(OTHER, peername))
    error = caught.value
    assert error.expected == digest(algorithm)
    assert error.got == digest(algorithm, OTHER)
    assert (error.host, error.port) == (host, port)
    assert error.got.hex() in str(error)


@pytest.mark.parametrize("certificate", [None, b""])
def test_no_certificate_is_another_one(certificate: bytes | None) -> None:
    with pytest.raises(ServerFingerprintMismatch) as caught:
        Fingerprint(digest("sha256")).check(transport(certificate))
    assert caught.value.got == digest("sha256", b"")


def test_without_tls_there_is_nothing_to_check() -> None:
    Fingerprint(bytes(32)).check(asyncio.Transport())


@pytest.mark.parametrize("algorithm", ["md5", "sha1", *ALGORITHMS])
def test_which_hash_a_length_chooses(algorithm: str) -> None:
    expected = digest(algorithm)
    hashed = Fingerprint.HASHFUNC_BY_DIGESTLEN[len(expected)](CERTIFICATE)
    assert hashed.digest() == expected


def test_equal_and_of_the_same_hash_as_that_of_the_interfaces() -> None:
    own, other = Fingerprint(bytes(32)), martlet_interfaces.Fingerprint(bytes(32))
    assert own == other
    assert other == own
    assert own == Fingerprint(bytes(32))
    assert [own != other, other != own] == [False, False]
    assert hash(own) == hash(other) == hash(Fingerprint(bytes(32)))
    assert len({own, other}) == 1


def test_another_digest_makes_another_fingerprint() -> None:
    own, other = Fingerprint(bytes(32)), martlet_interfaces.Fingerprint(bytes(31) + b"\1")
    assert own != other
    assert other != own
    assert own != bytes(32)
    assert own != Fingerprint(bytes(48))


def test_connections_are_shared_whichever_class_pins() -> None:
    keys = {
        ConnectionKey("example.org", 443, True, ssl=pin(bytes(32)))
        for pin in (Fingerprint, martlet_interfaces.Fingerprint)
    }
    assert len(keys) == 1


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_kind_of_bytes_will_do(kind: type[Any]) -> None:
    fingerprint = Fingerprint(kind(bytes(32)))
    assert type(fingerprint.fingerprint) is bytes
    assert fingerprint == Fingerprint(bytes(32))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (16, "MD5 fingerprints are insecure: use SHA-256"),
        (20, "SHA1 fingerprints are insecure: use SHA-256"),
        (31, "fingerprint has 31 bytes; a SHA-256 digest has 32"),
    ],
)
def test_other_lengths_are_refused(size: int, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Fingerprint(bytes(size))


@pytest.mark.parametrize("value", ["ab" * 32, 32, None])
def test_what_is_not_bytes_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^fingerprint must be the digest as bytes, not "):
        Fingerprint(value)


def test_it_says_what_it_is_and_takes_no_other_attribute() -> None:
    fingerprint: Any = Fingerprint(bytes(32))
    assert repr(fingerprint) == f"Fingerprint(fingerprint={bytes(32)!r})"
    with pytest.raises(AttributeError):
        fingerprint.other = 1


def test_it_is_a_way_to_verify() -> None:
    fingerprint = Fingerprint(bytes(32))
    assert merged_ssl(fingerprint) is fingerprint


def test_it_pickles() -> None:
    fingerprint = Fingerprint(bytes(range(32)))
    restored = pickle.loads(pickle.dumps(fingerprint))
    assert type(restored) is Fingerprint
    assert restored == fingerprint
