"""How a request is to reach its server, from what the caller gives."""

from typing import TYPE_CHECKING

from martlet_interfaces import TransportOptions

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint

__all__ = ["transport_options"]


def transport_options(
    ssl: "SSLContext | bool | Fingerprint | None", server_hostname: str | None
) -> TransportOptions:
    """Give the options of a request; raises `TypeError` for an *ssl* of another type."""
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint

    if ssl is None:
        ssl = True
    elif not isinstance(ssl, bool | SSLContext | Fingerprint):
        raise TypeError(
            f"ssl must be a bool, an SSLContext or a Fingerprint, not {type(ssl).__name__}"
        )
    return TransportOptions(ssl=ssl, server_hostname=server_hostname)
