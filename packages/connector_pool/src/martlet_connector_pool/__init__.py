"""Pooled connections over TCP, as a connector for martlet's session."""

from ._base_connector import BaseConnector
from ._resolver import AbstractResolver, ResolveResult, ThreadedResolver
from ._tcp_connector import TCPConnector

__all__ = [
    "AbstractResolver",
    "BaseConnector",
    "ResolveResult",
    "TCPConnector",
    "ThreadedResolver",
]

__version__ = "0.1.0"
