"""How a server is to be verified, in all the spellings in which a caller may say it."""

from typing import TYPE_CHECKING, TypeGuard

from ._fingerprint import Fingerprint

if TYPE_CHECKING:
    from ssl import SSLContext

__all__ = ["merged_ssl"]


def merged_ssl(
    ssl: "SSLContext | bool | Fingerprint | None",
    *,
    verify_ssl: bool | None = None,
    fingerprint: bytes | None = None,
    ssl_context: "SSLContext | None" = None,
) -> "SSLContext | bool | Fingerprint":
    """Give one value for *ssl* and its three older spellings.

    *ssl*: True or None to verify as usual, False not to, an `SSLContext` or a `Fingerprint`
    to verify by. *verify_ssl*: False is ``ssl=False``. *fingerprint*: the digest of a
    `Fingerprint`, as bytes. *ssl_context*: an `SSLContext`. None, and True for *ssl* and
    *verify_ssl*, say nothing; if all say nothing, the result is True.

    Raises `ValueError` if more than one of them says something, be it the same, or for
    a digest of no secure length; `TypeError` for what none of them can be.
    """
    said: dict[str, SSLContext | bool | Fingerprint] = {}
    modern = _checked(ssl)
    if modern is not True:
        said["ssl"] = modern
    if verify_ssl is not None:
        if not isinstance(verify_ssl, bool):
            raise TypeError(f"verify_ssl must be a bool, not {type(verify_ssl).__name__}")
        if not verify_ssl:
            said["verify_ssl"] = False
    if fingerprint is not None:
        said["fingerprint"] = Fingerprint(fingerprint)
    if ssl_context is not None:
        if not _is_context(ssl_context):
            raise TypeError(f"ssl_context must be an SSLContext, not {type(ssl_context).__name__}")
        said["ssl_context"] = ssl_context
    if len(said) > 1:
        raise ValueError(f"{' and '.join(said)} contradict each other: give only ssl")
    return next(iter(said.values()), True)


def _checked(
    value: "SSLContext | bool | Fingerprint | None",
) -> "SSLContext | bool | Fingerprint":
    if value is None:
        return True
    if isinstance(value, bool | Fingerprint) or _is_context(value):
        return value
    raise TypeError(
        f"ssl must be a bool, an SSLContext or a Fingerprint, not {type(value).__name__}"
    )


def _is_context(value: object) -> "TypeGuard[SSLContext]":
    from ssl import SSLContext  # here, because most requests say nothing of it

    return isinstance(value, SSLContext)
