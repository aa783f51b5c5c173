"""How large a file of cookies may be."""

from typing import Final

from ._set_cookie import octets

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of a file, of whatever format."""

MOST_COOKIES: Final = 100_000
"""Of a file of a format in which many cookies take few bytes."""


def last_that_fit(lines: list[str], around: int, between: int, /) -> list[str]:
    """Leave out the first lines of a file that would be larger than `MOST_BYTES`.

    A jar lists the least recently used cookies first, and a file that is too large would not be
    loaded at all.

    Args:
        lines: All; octets that are not UTF-8 are surrogates.
        around: Bytes, at most, of what stands before and after them.
        between: Bytes that stand between two.
    """
    room = MOST_BYTES - around
    for count, line in enumerate(reversed(lines)):
        room -= octets(line) + between
        if room < 0:
            return lines[len(lines) - count :]
    return lines
