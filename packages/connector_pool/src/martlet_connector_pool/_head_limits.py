"""How large the head of one response may be, where its request does not leave that to us."""

from functools import lru_cache
from typing import TYPE_CHECKING

from martlet_http_parser import Limits

if TYPE_CHECKING:
    from martlet_interfaces import HeadLimits

__all__ = ["limits_for"]


# A session gives the same ones with each of its requests.
@lru_cache(maxsize=64)
def limits_for(own: Limits, wanted: "HeadLimits") -> Limits:
    """Give *own* with what is in *wanted* in its place.

    Where a line or a field may be longer than before, the head as a whole may be so too, by
    as much, and with a field the trailer section; where there may be more fields, by as much
    as so many take on the average of *own*. Raises `TypeError` for what is no integer,
    `ValueError` for a negative one.
    """
    new = Limits(
        line=own.line if wanted.line is None else wanted.line,
        field=own.field if wanted.field is None else wanted.field,
        fields=own.fields if wanted.fields is None else wanted.fields,
    )
    line = max(0, new.line - own.line)
    fields = max(0, new.field - own.field)
    if new.fields > own.fields:
        fields += (new.fields - own.fields) * (own.head // max(1, own.fields))
    return Limits(
        line=new.line,
        field=new.field,
        fields=new.fields,
        head=own.head + line + fields,
        chunk_line=own.chunk_line,
        trailers=own.trailers + fields,
        interim=own.interim,
    )
