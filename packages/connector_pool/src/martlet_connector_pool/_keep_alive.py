"""Policy: for how long a connection is as good as the server has said."""

from functools import lru_cache

from martlet_http_parser import parse_keep_alive

__all__ = ["idle_limit"]


@lru_cache(maxsize=64)
def idle_limit(field: str) -> float | None:
    """Read a Keep-Alive *field*: after how many idle seconds not to use the connection.

    That is a second before the server is going to close it, or half of a shorter time: a
    request needs to get there.
    """
    promise = parse_keep_alive(field[:200])
    if promise.max == 0:
        return 0.0
    if promise.timeout is None:
        return None
    return max(promise.timeout - 1.0, promise.timeout / 2)
