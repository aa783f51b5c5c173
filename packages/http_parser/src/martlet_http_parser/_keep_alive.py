"""Reading a Keep-Alive field (RFC 2068 section 19.7.1.1)."""

import re
from typing import Final

from attrs import frozen

from ._delta_seconds import read_delta_seconds
from ._field_parameters import QUOTED_STRING
from ._late_pattern import late_pattern

__all__ = ["KeepAlive", "parse_keep_alive"]

_ELEMENT: Final = late_pattern(
    rf"""[ \t,]*+
    (?: (timeout|max)[ \t]*+=[ \t]*+("?)([0-9]++)\2[ \t]*+(?=,|\Z) )?+
    (?:[^",]++|{QUOTED_STRING})*+""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


@frozen
class KeepAlive:
    """What a server promises of a connection; ``None`` where it says nothing.

    *timeout*: for how many seconds it keeps the connection open while it is idle. *max*:
    how many more requests it takes on it.
    """

    timeout: int | None = None
    max: int | None = None


def parse_keep_alive(field: str) -> KeepAlive:
    """Read *field*, as in ``timeout=5, max=1000``.

    What is not known or malformed is passed over; of a parameter given twice the first
    one counts. A number of more than 10 digits is read as 9,999,999,999.
    """
    found: dict[str, int] = {}
    for name, _, digits in _ELEMENT().findall(field):
        if name:
            found.setdefault(name.lower(), read_delta_seconds(digits))
    return KeepAlive(found.get("timeout"), found.get("max"))
