"""The connectors and what they hand out, where code that was written for aiohttp looks for them."""

from martlet_connector_pool import (
    AddrInfoType,
    BaseConnector,
    Connection,
    NamedPipeConnector,
    SocketFactoryType,
    TCPConnector,
    UnixConnector,
)
from martlet_interfaces import Fingerprint

__all__ = [
    "AddrInfoType",
    "BaseConnector",
    "Connection",
    "Fingerprint",
    "NamedPipeConnector",
    "SocketFactoryType",
    "TCPConnector",
    "UnixConnector",
]
