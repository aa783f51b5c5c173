"""Certificate pinning by digest."""

from typing import Final

from attrs import field, frozen

__all__ = ["Fingerprint"]

_ALGORITHMS: Final = {32: "sha256", 48: "sha384", 64: "sha512"}
_INSECURE: Final = {16: "MD5", 20: "SHA1"}


def _digest(value: bytes) -> bytes:
    if not isinstance(value, bytes | bytearray | memoryview):
        raise TypeError(f"fingerprint must be the digest as bytes, not {type(value).__name__}")
    return bytes(value)


@frozen
class Fingerprint:
    """The digest that the peer's certificate (DER form) must have.

    Pass it as ``ssl=Fingerprint(digest)``. Its length chooses the hash: 32 bytes
    SHA-256, 48 SHA-384, 64 SHA-512. Two of equal digest are equal, so that
    connections made under one are never lent to another.

    Raises `TypeError` for what is not bytes, `ValueError` for MD5 and SHA-1 digests
    (insecure) and for any other length.
    """

    fingerprint: bytes = field(converter=_digest)

    @fingerprint.validator
    def _has_known_length(self, _attribute: object, value: bytes) -> None:
        if len(value) in _INSECURE:
            raise ValueError(f"{_INSECURE[len(value)]} fingerprints are insecure: use SHA-256")
        if len(value) not in _ALGORITHMS:
            raise ValueError(f"fingerprint has {len(value)} bytes; a SHA-256 digest has 32")

    def digest_of(self, certificate: bytes) -> bytes:
        """Hash *certificate* (DER) with the algorithm of this fingerprint."""
        import hashlib  # here, because only pinned requests need it

        return hashlib.new(_ALGORITHMS[len(self.fingerprint)], certificate).digest()

    def matches(self, certificate: bytes) -> bool:
        """Tell whether *certificate* (DER) is the pinned one, in constant time."""
        import hmac

        return hmac.compare_digest(self.digest_of(certificate), self.fingerprint)
