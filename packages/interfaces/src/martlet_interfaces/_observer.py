"""Watching a connector at work.

Nothing is made or called where nobody watches: a connector gets ``None`` then.
"""

from typing import Protocol

from attrs import field, frozen

__all__ = [
    "ChunkReceived",
    "ChunkSent",
    "ConnectionCreateEnd",
    "ConnectionCreateStart",
    "ConnectionQueuedEnd",
    "ConnectionQueuedStart",
    "ConnectionReused",
    "DnsCacheHit",
    "DnsCacheMiss",
    "DnsResolveEnd",
    "DnsResolveStart",
    "Event",
    "HeadSent",
    "Observer",
    "SelectiveObserver",
    "StreamOpened",
    "TlsHandshakeEnd",
]


@frozen
class Event:
    """Something that happened to a request inside a connector."""


@frozen
class ConnectionQueuedStart(Event):
    """All connections are in use: the request waits for one."""


@frozen
class ConnectionQueuedEnd(Event):
    """The wait for a connection is over."""


@frozen
class ConnectionCreateStart(Event):
    """A new connection is being made."""


@frozen
class ConnectionCreateEnd(Event):
    """A new connection has been made, TLS included."""


@frozen
class ConnectionReused(Event):
    """A connection that was idle has been taken."""


@frozen
class DnsCacheHit(Event):
    """The addresses of *host* were known already."""

    host: str


@frozen
class DnsCacheMiss(Event):
    """The addresses of *host* were not known."""

    host: str


@frozen
class DnsResolveStart(Event):
    """The addresses of *host* are being looked up."""

    host: str


@frozen
class DnsResolveEnd(Event):
    """The addresses of *host* have been found."""

    host: str


@frozen
class StreamOpened(Event):
    """A stream of bytes has been opened, to the server or to its proxy: no TLS yet."""


@frozen
class TlsHandshakeEnd(Event):
    """TLS is established with *host*, which may be a proxy; its certificate is verified."""

    host: str


@frozen
class HeadSent(Event):
    """The head of the request has been handed to the transport."""


@frozen
class ChunkSent(Event):
    """A piece of the request's body has been handed to the transport."""

    chunk: bytes = field(repr=False)


@frozen
class ChunkReceived(Event):
    """A piece of the response's body has come; content codings are not removed.

    The receiver of the response has it already: this alone does not wait for the observer.
    """

    chunk: bytes = field(repr=False)


class Observer(Protocol):
    """Hears of events, in order; the connector waits for it."""

    async def observe(self, event: Event, /) -> None:
        """Take note of *event*. What it raises comes out of `Connector.send`."""


class SelectiveObserver(Observer, Protocol):
    """An `Observer` that says of which events it wants to hear.

    To have `wants` is an optional capability: a connector may look for it, and then spares
    itself the other events. It may tell them nevertheless.
    """

    @property
    def wants(self) -> frozenset[type[Event]]:
        """The classes of events that it does something with."""
