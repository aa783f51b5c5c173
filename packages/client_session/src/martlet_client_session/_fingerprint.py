"""Certificate pinning by digest, with what checks a transport that is there already."""

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import martlet_interfaces

if TYPE_CHECKING:
    from asyncio import BaseTransport
    from ssl import SSLObject

__all__ = ["Fingerprint"]


class Fingerprint(martlet_interfaces.Fingerprint):
    """The digest that the peer's certificate (DER form) must have.

    Pass it as ``ssl=Fingerprint(digest)``. Its length chooses the hash: 32 bytes
    SHA-256, 48 SHA-384, 64 SHA-512. Two of equal digest are equal, whether they have
    `check` or, as `martlet_interfaces.Fingerprint`, have not.

    Raises `TypeError` for what is not bytes, `ValueError` for MD5 and SHA-1 digests
    (insecure) and for any other length.
    """

    __slots__ = ()

    HASHFUNC_BY_DIGESTLEN: Final = MappingProxyType(
        {
            16: hashlib.md5,
            20: hashlib.sha1,
            32: hashlib.sha256,
            48: hashlib.sha384,
            64: hashlib.sha512,
        }
    )
    """The hash that a digest of so many bytes is of; the two that are refused are among them."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, martlet_interfaces.Fingerprint):
            return NotImplemented
        return self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        # As equal ones must have the same.
        return super().__hash__()

    def check(self, transport: "BaseTransport") -> None:
        """Raise `ServerFingerprintMismatch` unless the peer's certificate is the pinned one.

        A peer that has shown no certificate does not match. Without TLS there is nothing
        to check.
        """
        ssl_object: SSLObject | None = transport.get_extra_info("ssl_object")
        if ssl_object is None:
            return
        certificate = ssl_object.getpeercert(binary_form=True) or b""
        if not self.matches(certificate):
            from martlet_exceptions import ServerFingerprintMismatch

            host, port = _peer(transport)
            raise ServerFingerprintMismatch(
                self.fingerprint, self.digest_of(certificate), host, port
            )


def _peer(transport: "BaseTransport") -> tuple[str, int]:
    """Name the other end: a path, where it is no address, has the port 0."""
    name = transport.get_extra_info("peername")
    if isinstance(name, tuple):
        return name[0], name[1]
    return "" if name is None else str(name), 0
