"""Numbers of seconds (RFC 9110 section 10.2.3), and other counts, of any size."""

from typing import Final

__all__ = ["MAX_DELTA_SECONDS", "read_delta_seconds"]

_MAX_DIGITS: Final = 10

MAX_DELTA_SECONDS: Final = 10**_MAX_DIGITS - 1
"""What stands for a greater number: more than 300 years."""


def read_delta_seconds(digits: str) -> int:
    """Read *digits*, which are ASCII ones and at least one; at most `MAX_DELTA_SECONDS`.

    Python's own limit on the length of numbers is a `ValueError`, which this is not.
    """
    significant = digits.lstrip("0")
    if len(significant) > _MAX_DIGITS:
        return MAX_DELTA_SECONDS
    return int(significant or "0")
