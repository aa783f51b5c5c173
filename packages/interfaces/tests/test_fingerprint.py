"""`Fingerprint`: which digests it takes, and what matches."""

import hashlib
import pickle
from typing import Any

import pytest

from martlet_interfaces import Fingerprint

CERTIFICATE = b"a certificate in DER form"


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_the_length_chooses_the_algorithm(algorithm: str) -> None:
    digest = hashlib.new(algorithm, CERTIFICATE).digest()
    fingerprint = Fingerprint(digest)
    assert fingerprint.digest_of(CERTIFICATE) == digest
    assert fingerprint.matches(CERTIFICATE)
    assert not fingerprint.matches(CERTIFICATE + b".")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_kind_of_bytes_will_do(kind: type[Any]) -> None:
    fingerprint = Fingerprint(kind(bytes(32)))
    assert type(fingerprint.fingerprint) is bytes
    assert fingerprint == Fingerprint(bytes(32))
    assert hash(fingerprint) == hash(Fingerprint(bytes(32)))


def test_another_digest_makes_another_fingerprint() -> None:
    assert Fingerprint(bytes(32)) != Fingerprint(bytes(31) + b"\1")
    assert Fingerprint(bytes(32)) != Fingerprint(bytes(48))


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (16, "MD5 fingerprints are insecure: use SHA-256"),
        (20, "SHA1 fingerprints are insecure: use SHA-256"),
        (0, "fingerprint has 0 bytes; a SHA-256 digest has 32"),
        (31, "fingerprint has 31 bytes; a SHA-256 digest has 32"),
        (65, "fingerprint has 65 bytes; a SHA-256 digest has 32"),
    ],
)
def test_other_lengths_are_refused(size: int, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Fingerprint(bytes(size))


@pytest.mark.parametrize("value", ["ab" * 32, 32, None, [0] * 32])
def test_what_is_not_bytes_is_refused(value: Any) -> None:
    text = f"^fingerprint must be the digest as bytes, not {type(value).__name__}$"
    with pytest.raises(TypeError, match=text):
        Fingerprint(value)


def test_it_pickles() -> None:
    fingerprint = Fingerprint(bytes(range(32)))
    assert pickle.loads(pickle.dumps(fingerprint)) == fingerprint
