"""How large the head of one response may be, where its request does not leave that to us."""

from functools import lru_cache

from attrs import evolve

from martlet_http_parser import Limits
from martlet_interfaces import HeadLimits

__all__ = ["limits_for"]


# A session gives the same ones with each of its requests.
@lru_cache(maxsize=64)
def limits_for(own: Limits, wanted: HeadLimits) -> Limits:
    """Give *own* with what is in *wanted* in its place.

    Where a line or a field may be longer than before, the head as a whole may be so too, by
    as much, and with a field the trailer section; where there may be more fields, by as much
    as so many take on the average of *own*. Raises `TypeError` for what is no integer,
    `ValueError` for a negative one.
    """
    given = {"line": wanted.line, "field": wanted.field, "fields": wanted.fields}
    new = evolve(own, **{name: cap for name, cap in given.items() if cap is not None})
    line = max(0, new.line - own.line)
    fields = max(0, new.field - own.field)
    if new.fields > own.fields:
        fields += (new.fields - own.fields) * (own.head // max(1, own.fields))
    return evolve(new, head=own.head + line + fields, trailers=own.trailers + fields)
