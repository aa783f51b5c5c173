"""Telling an observer of a request that is about to go out, or has gone.

Imported only where somebody watches.
"""

from typing import TYPE_CHECKING, TypeAlias

from martlet_interfaces import ChunkReceived, ChunkSent, ConnectionReused, HeadSent

if TYPE_CHECKING:
    from martlet_interfaces import Observer, RequestBody

    from ._exchange import Http1Exchange

    Told: TypeAlias = tuple[Observer | None, Observer | None, Observer | None, Observer | None]
    """Who is told what of an exchange: an observer, or ``None`` where it does not want that.

    That the connection was idle; that the head, and a body in memory, are on their way; the pieces
    of a body that is written piece by piece; those of the response's body.
    """

__all__ = ["tell_sent", "told"]


def told(observer: "Observer") -> "Told":
    """Tell what *observer* wants (`martlet_interfaces.SelectiveObserver`)."""
    wants = getattr(observer, "wants", None)
    if wants is None:
        return observer, observer, observer, observer
    return (
        observer if ConnectionReused in wants else None,
        observer if HeadSent in wants or ChunkSent in wants else None,
        observer if ChunkSent in wants else None,
        observer if ChunkReceived in wants else None,
    )


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
