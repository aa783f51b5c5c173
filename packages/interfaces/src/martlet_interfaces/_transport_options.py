"""How an origin is to be reached, apart from its address."""

import re
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from ._fingerprint import Fingerprint

if TYPE_CHECKING:
    from ssl import SSLContext

    from attrs import Attribute
    from yarl import URL

__all__ = ["DIRECT", "TransportOptions"]


# It gets into the handshake as it is.
_NO_NAME: Final = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")


def _check_name(
    _options: "TransportOptions", _attribute: "Attribute[str | None]", name: object
) -> None:
    if name is None:
        return
    if not isinstance(name, str):
        raise TypeError(f"server_hostname must be a str, not {type(name).__name__}")
    if _NO_NAME.search(name):
        raise ValueError("server_hostname has characters that no name of a host has")


@frozen(cache_hash=True)
class TransportOptions:
    """All that a request may ask of its connection: part of the pool's identity, whole.

    A connection made under one value is lent only to requests with an equal one. An
    `SSLContext` is compared by identity, everything else by value.

    Raises `TypeError` and `ValueError` for a *server_hostname* that is no name.
    """

    ssl: "SSLContext | bool | Fingerprint" = True
    """`True`: verify by the system's trust. `False`: do not verify. A context or a
    `Fingerprint`: verify by that alone."""
    server_hostname: str | None = field(default=None, validator=_check_name)
    """The name to ask for (SNI) and to verify, instead of the URL's host."""
    proxy: "URL | None" = None
    """The proxy to go through, without its credentials; ``None``: go directly."""
    proxy_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Fields for the proxy alone, its credentials (Proxy-Authorization) included."""


DIRECT: Final = TransportOptions()
"""The default: no proxy, certificates verified by the system's trust."""
