"""Pooled connections over TCP, Unix sockets and proxies, as connectors for martlet's session."""

from typing import TYPE_CHECKING

from ._base_connector import BaseConnector
from ._connection import Connection
from ._resolver import AbstractResolver, ResolveResult
from ._tcp_connector import TCPConnector
from ._tcp_opener import AddrInfoType, SocketFactoryType
from ._threaded_resolver import ThreadedResolver

if TYPE_CHECKING:
    from ._async_resolver import AsyncResolver, DefaultResolver
    from ._pipe_connector import NamedPipeConnector
    from ._proxy_bypass import ProxyBypass
    from ._unix_connector import UnixConnector

__all__ = [
    "AbstractResolver",
    "AddrInfoType",
    "AsyncResolver",
    "BaseConnector",
    "Connection",
    "DefaultResolver",
    "NamedPipeConnector",
    "ProxyBypass",
    "ResolveResult",
    "SocketFactoryType",
    "TCPConnector",
    "ThreadedResolver",
    "UnixConnector",
]

__version__ = "0.2.0"

# What most programs never ask for is not imported for them.
_MODULES = {
    "AsyncResolver": "_async_resolver",
    "DefaultResolver": "_async_resolver",
    "NamedPipeConnector": "_pipe_connector",
    "ProxyBypass": "_proxy_bypass",
    "UnixConnector": "_unix_connector",
}


def __getattr__(name: str) -> object:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
