"""How long a request may take."""

from typing import Final

from attrs import evolve, frozen

from martlet_interfaces import NO_TIMEOUTS, UNSET, Timeouts, Unset

__all__ = [
    "DEFAULT_TIMEOUT",
    "ClientTimeout",
    "connector_timeouts",
    "given_timeout",
    "session_timeout",
]


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
        if limit is not None and (not isinstance(limit, int | float) or isinstance(limit, bool)):
            raise TypeError(
                f"timeout {name} must be a number of seconds or None, not {type(limit).__name__}"
            )
        if limit is not None and not limit >= 0:
            raise ValueError(f"timeout {name} must not be negative: {limit}")
    return timeout


def session_timeout(
    timeout: "ClientTimeout | float | Unset | None",
    read_timeout: "float | Unset | None",
    conn_timeout: float | None,
) -> ClientTimeout:
    """Give a session's limits, from *timeout* or the two older parameters.

    *read_timeout* is the limit in all, *conn_timeout* the one to connect; ``None`` and 0 are no
    limit. Raises `ValueError` if *timeout* is given with one of them.
    """
    older = [
        name
        for name, given in (
            ("read_timeout", read_timeout is not UNSET),
            ("conn_timeout", conn_timeout is not None),
        )
        if given
    ]
    if not older:
        return DEFAULT_TIMEOUT if timeout is UNSET else given_timeout(timeout)
    if timeout is not UNSET:
        raise ValueError(f"timeout and {older[0]} cannot both be given: say all in timeout")
    total = DEFAULT_TIMEOUT.total if read_timeout is UNSET else read_timeout
    given = given_timeout(total)
    sock_connect = DEFAULT_TIMEOUT.sock_connect
    return given_timeout(evolve(given, connect=conn_timeout, sock_connect=sock_connect))


def connector_timeouts(timeout: ClientTimeout) -> Timeouts:
    """Pick the phases that the connector keeps; with no limits at all, none of its own."""
    connect = timeout.connect or None
    sock_connect = timeout.sock_connect or None
    sock_read = timeout.sock_read or None
    if not (timeout.total or connect or sock_connect or sock_read):
        return NO_TIMEOUTS
    return Timeouts(connect=connect, sock_connect=sock_connect, sock_read=sock_read)
