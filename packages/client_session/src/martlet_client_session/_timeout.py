"""How long a request may take."""

from typing import Final

from attrs import frozen

from martlet_interfaces import NO_TIMEOUTS, Timeouts

__all__ = ["DEFAULT_TIMEOUT", "ClientTimeout", "connector_timeouts", "given_timeout"]


@frozen
class ClientTimeout:
    """The limits on a request, in seconds; ``None`` or 0: none.

    The order of the fields is frozen, for code that passes them by position.
    """

    total: float | None = None
    """From the call until the body has been read, whatever happens in between."""
    connect: float | None = None
    """Until there is a connection: the wait for a free one, and making a new one."""
    sock_read: float | None = None
    """Between two arrivals of bytes."""
    sock_connect: float | None = None
    """To make a new connection: name resolution, dialling, TLS."""
    ceil_threshold: float = 5
    """Accepted for compatibility; limits are kept exactly."""


DEFAULT_TIMEOUT: Final = ClientTimeout(total=300, sock_connect=30)
"""What a session starts with."""


def given_timeout(value: object) -> ClientTimeout:
    """Give a ``timeout=`` parameter in its modern form.

    A number is the limit in all, ``None`` means no limits. Raises `TypeError` for
    anything else, `ValueError` for a negative number.
    """
    if isinstance(value, ClientTimeout):
        timeout = value
    elif value is None:
        timeout = ClientTimeout()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        timeout = ClientTimeout(total=value)
    else:
        raise TypeError(
            f"timeout must be a ClientTimeout, a number or None, not {type(value).__name__}"
        )
    for name in ("total", "connect", "sock_read", "sock_connect"):
        limit = getattr(timeout, name)
        if limit is not None and not limit >= 0:
            raise ValueError(f"timeout {name} must not be negative: {limit}")
    return timeout


def connector_timeouts(timeout: ClientTimeout) -> Timeouts:
    """Pick the phases that the connector keeps; with no limits at all, none of its own."""
    connect = timeout.connect or None
    sock_connect = timeout.sock_connect or None
    sock_read = timeout.sock_read or None
    if not (timeout.total or connect or sock_connect or sock_read):
        return NO_TIMEOUTS
    return Timeouts(connect=connect, sock_connect=sock_connect, sock_read=sock_read)
