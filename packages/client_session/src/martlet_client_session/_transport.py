"""How a request is to reach its server, from what the caller gives."""

import re
from typing import TYPE_CHECKING, Final

from martlet_interfaces import DIRECT, TransportOptions, merged_ssl

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint

__all__ = ["transport_options"]

_NO_NAME: Final = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")


def transport_options(
    ssl: "SSLContext | bool | Fingerprint | None",
    server_hostname: str | None,
    verify_ssl: bool | None = None,
    fingerprint: bytes | None = None,
    ssl_context: "SSLContext | None" = None,
) -> TransportOptions:
    """Give the options of a request.

    Raises `TypeError` for what is of another type, `ValueError` for what contradicts itself.
    """
    if server_hostname is not None and not isinstance(server_hostname, str):
        raise TypeError(f"server_hostname must be a str, not {type(server_hostname).__name__}")
    if server_hostname is not None and _NO_NAME.search(server_hostname):
        raise ValueError("server_hostname has characters that no name of a host has")
    how = merged_ssl(ssl, verify_ssl=verify_ssl, fingerprint=fingerprint, ssl_context=ssl_context)
    if how is True and server_hostname is None:
        return DIRECT
    return TransportOptions(ssl=how, server_hostname=server_hostname)
