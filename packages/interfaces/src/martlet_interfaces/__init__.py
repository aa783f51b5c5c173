"""What the parts of martlet say to one another: values and Protocols, no I/O.

Who writes a connector needs this distribution and ``martlet-exceptions``, no more.
"""

from typing import TYPE_CHECKING

from ._connection_key import ConnectionKey
from ._connector import Connector, Duplex, Exchange
from ._cookie_store import CookieStore
from ._deadlines import Clock, DeadlineQueue, Deadlines, Expiring
from ._fingerprint import Fingerprint
from ._request import BodyWriter, FileBodyWriter, RequestBody, RequestHead
from ._request_info import RequestInfo
from ._response import BodySink, ChunkSink, Flow, Receiver, ResponseHead
from ._ssl_option import merged_ssl
from ._timeouts import NO_TIMEOUTS, Timeouts
from ._transport_options import DIRECT, TransportOptions
from ._unset import UNSET, Unset
from ._version import HttpVersion, HttpVersion10, HttpVersion11

if TYPE_CHECKING:
    from ._head_limits import HeadLimits
    from ._observer import (
        ChunkReceived,
        ChunkSent,
        ConnectionCreateEnd,
        ConnectionCreateStart,
        ConnectionQueuedEnd,
        ConnectionQueuedStart,
        ConnectionReused,
        DnsCacheHit,
        DnsCacheMiss,
        DnsResolveEnd,
        DnsResolveStart,
        Event,
        HeadSent,
        Observer,
        SelectiveObserver,
        StreamOpened,
        TlsHandshakeEnd,
    )

__all__ = [
    "DIRECT",
    "NO_TIMEOUTS",
    "UNSET",
    "BodySink",
    "BodyWriter",
    "ChunkReceived",
    "ChunkSent",
    "ChunkSink",
    "Clock",
    "ConnectionCreateEnd",
    "ConnectionCreateStart",
    "ConnectionKey",
    "ConnectionQueuedEnd",
    "ConnectionQueuedStart",
    "ConnectionReused",
    "Connector",
    "CookieStore",
    "DeadlineQueue",
    "Deadlines",
    "DnsCacheHit",
    "DnsCacheMiss",
    "DnsResolveEnd",
    "DnsResolveStart",
    "Duplex",
    "Event",
    "Exchange",
    "Expiring",
    "FileBodyWriter",
    "Fingerprint",
    "Flow",
    "HeadLimits",
    "HeadSent",
    "HttpVersion",
    "HttpVersion10",
    "HttpVersion11",
    "Observer",
    "Receiver",
    "RequestBody",
    "RequestHead",
    "RequestInfo",
    "ResponseHead",
    "SelectiveObserver",
    "StreamOpened",
    "Timeouts",
    "TlsHandshakeEnd",
    "TransportOptions",
    "Unset",
    "merged_ssl",
]

__version__ = "0.1.3"


def __getattr__(name: str) -> object:
    # Events are made only where somebody watches, so they are imported only then; other limits
    # on heads are wanted as rarely.
    if name == "HeadLimits":
        from ._head_limits import HeadLimits

        globals()[name] = HeadLimits
        return HeadLimits
    if name in __all__:
        from . import _observer

        value: object = getattr(_observer, name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
