"""The spellings in which a caller may say how to verify a server."""

import ssl as ssl_module

from martlet_interfaces import Fingerprint

__all__ = ["check_ssl", "merge_ssl"]


def check_ssl(
    value: "ssl_module.SSLContext | bool | Fingerprint | None",
) -> "ssl_module.SSLContext | bool | Fingerprint":
    """Give *value* in its modern form; raises `TypeError` if it is none of those."""
    if value is None:
        return True
    if isinstance(value, bool | Fingerprint | ssl_module.SSLContext):
        return value
    raise TypeError(
        f"ssl must be a bool, an SSLContext or a Fingerprint, not {type(value).__name__}"
    )


def merge_ssl(
    ssl: "ssl_module.SSLContext | bool | Fingerprint | None",
    *,
    verify_ssl: bool | None,
    fingerprint: bytes | None,
    ssl_context: "ssl_module.SSLContext | None",
) -> "ssl_module.SSLContext | bool | Fingerprint":
    """Give one value for *ssl* and its three older spellings.

    Raises `ValueError` if more than one of them says something, `TypeError` for what none
    of them can be.
    """
    said: dict[str, ssl_module.SSLContext | bool | Fingerprint] = {}
    modern = check_ssl(ssl)
    if modern is not True:
        said["ssl"] = modern
    if verify_ssl is False:
        said["verify_ssl"] = False
    if fingerprint is not None:
        said["fingerprint"] = Fingerprint(fingerprint)
    if ssl_context is not None:
        if not isinstance(ssl_context, ssl_module.SSLContext):
            raise TypeError(f"ssl_context must be an SSLContext, not {type(ssl_context).__name__}")
        said["ssl_context"] = ssl_context
    if len(said) > 1:
        raise ValueError(f"{' and '.join(said)} contradict each other: give only ssl")
    return next(iter(said.values()), True)
