"""Telling an observer of a request that is about to go out, or has gone.

Imported only where somebody watches.
"""

from typing import TYPE_CHECKING

from martlet_interfaces import ChunkSent, ConnectionReused, HeadSent

if TYPE_CHECKING:
    from martlet_interfaces import Observer, RequestBody

    from ._exchange import Http1Exchange
    from ._http1 import Http1Connection

__all__ = ["tell_reused", "tell_sent"]


async def tell_reused(observer: "Observer", connection: "Http1Connection") -> None:
    """Tell that *connection* was idle; abort it if that fails."""
    try:
        await observer.observe(ConnectionReused())
    except BaseException:
        connection.abort()
        raise


async def tell_sent(
    observer: "Observer", exchange: "Http1Exchange", body: "bytes | RequestBody | None"
) -> None:
    """Tell that the head of a request, and a *body* that is bytes, are on their way.

    If that fails the exchange is aborted.
    """
    try:
        await observer.observe(HeadSent())
        if body:
            assert isinstance(body, bytes)
            await observer.observe(ChunkSent(body))
        exchange.told_sent()
    except BaseException:
        exchange.abort()
        # Nobody is going to look at it; if it has failed already, this says so too.
        exchange.answered.cancel()
        raise
