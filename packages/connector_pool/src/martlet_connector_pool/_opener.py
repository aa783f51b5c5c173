"""The pool's lowest seam: opening the bare stream of bytes that everything else stands on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from martlet_interfaces import ConnectionKey

from ._dial_clock import DialClock

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["Opener", "attach", "forget"]


class Opener(Protocol):
    """Opens streams: by TCP, to a Unix socket, by way of a SOCKS server."""

    async def open(
        self,
        key: ConnectionKey,
        protocol: asyncio.Protocol,
        clock: DialClock,
        observer: "Observer | None",
    ) -> asyncio.Transport:
        """Connect to *key*'s host and port, with *protocol* on the transport.

        Nothing is left open if that fails or is cancelled. Raises `ClientConnectorError`
        subclasses.
        """

    def close(self) -> None:
        """Stop what is under way in the background."""


async def attach(
    protocol: asyncio.Protocol,
    create: Callable[[], Awaitable[tuple[asyncio.BaseTransport, object]]],
    give_up: Callable[[], object],
) -> asyncio.Transport:
    """Let an event loop *create* a transport for *protocol*; *give_up* what it is made of if not.

    Loops do not tell a protocol that it is lost if they are cancelled in the tick in which
    it is connected.
    """
    try:
        transport, _ = await create()
    except BaseException:
        abandon(protocol, give_up)
        raise
    return transport  # type: ignore[return-value]  # uvloop's are no subclasses


def abandon(protocol: asyncio.Protocol, give_up: Callable[[], object]) -> None:
    """End what *protocol* has got, if it has; else *give_up* what that was to be made of."""
    made: asyncio.Transport | None = getattr(protocol, "transport", None)
    if made is None:
        give_up()
    else:
        made.abort()
        protocol.connection_lost(None)


def forget(done: "asyncio.Future[None]") -> None:
    """Have what *done* tells, or would have told, be nobody's business any more."""
    if not done.done():
        done.cancel()
    elif not done.cancelled():
        done.exception()  # or the event loop complains that nobody looked
