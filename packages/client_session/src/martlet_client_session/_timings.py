"""Where the time of one exchange went."""

from collections.abc import Mapping

from attrs import frozen

__all__ = ["Timings", "timings_from"]


@frozen(kw_only=True)
class Timings:
    """The seconds of one exchange; ``None`` for what there was not, or nobody knows.

    The first five are how long it took to get the connection. One that had been used before
    was there already: then all of them are ``None`` but perhaps `queued`. The last three
    are counted from the moment at which the connector was given the request, so they
    include the others.
    """

    queued: float | None = None
    """For how long it waited for a connection, because as many as may be were in use."""
    dns: float | None = None
    """How long it took to find the addresses of the host, or of its proxy."""
    connect: float | None = None
    """How long it took to connect to one of them."""
    proxy: float | None = None
    """How long it took to get through the proxy: TLS with it, and the tunnel."""
    tls: float | None = None
    """How long the TLS handshake with the origin took."""
    sent: float | None = None
    """When the request had been written, with all of its body."""
    first_byte: float | None = None
    """When the head of the response came."""
    done: float | None = None
    """When its body was complete; ``None`` before that, and if it never was."""


def timings_from(fact: object) -> Timings:
    """Make them of what `martlet_interfaces.Exchange.info` tells, whatever that is."""
    if not isinstance(fact, Mapping):
        return Timings()

    def seconds(name: str) -> float | None:
        value: object = fact.get(name)
        return value if isinstance(value, int | float) else None

    through_proxy = [
        value for name in ("proxy_tls", "proxy") if (value := seconds(name)) is not None
    ]
    return Timings(
        queued=seconds("queued"),
        dns=seconds("dns"),
        connect=seconds("connect"),
        proxy=sum(through_proxy) if through_proxy else None,
        tls=seconds("tls"),
        sent=seconds("sent"),
        first_byte=seconds("first_byte"),
        done=seconds("done"),
    )
