"""Names that promise something about their cookie (RFC 6265bis section 4.1.3)."""

from typing import Final

_PREFIXES: Final = ("__secure-", "__host-")


def prefix_kept(name: str, value: str, *, secure: bool, host_only: bool, path: str | None) -> bool:
    """Whether a cookie is what its name says it is (5.7, steps 20 to 22).

    Args:
        name: ``__Secure-`` promises that it came from https, ``__Host-`` also that no other host
            could set it; in any case of letters, since servers may ignore it.
        value: Without a name, a server would take its beginning for one.
        secure: Whether it is Secure.
        host_only: Whether it names no domain.
        path: The path that it names, if any.
    """
    start = (name or value)[:9].lower()
    if not start.startswith(_PREFIXES):
        return True
    if not (name and secure):
        return False
    return start.startswith("__secure-") or (host_only and path == "/")
