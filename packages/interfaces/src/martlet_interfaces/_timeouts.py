"""The limits of time that a connector itself has to keep."""

from attrs import frozen

__all__ = ["NO_TIMEOUTS", "Timeouts"]


@frozen
class Timeouts:
    """Seconds that each phase inside a connector may take; ``None``: no limit.

    The limit on a request as a whole is not here: the session keeps it, over
    redirects and retries. A phase that takes longer is reported as
    `ConnectionTimeoutError` (*connect*, *sock_connect*) or `SocketTimeoutError`
    (*sock_read*, *head*).
    """

    connect: float | None = None
    """From the call of `send` until there is a connection: the wait for a free one in
    the pool and all of *sock_connect*."""
    sock_connect: float | None = None
    """To make one new connection: name resolution, dialling, proxy, TLS."""
    sock_read: float | None = None
    """Between two arrivals of bytes while the client waits for some."""
    head: float | None = 60.0
    """From the first byte of a response's head to its last, however they trickle in."""


NO_TIMEOUTS = Timeouts(head=None)
"""No limit on anything."""
