"""Regular expressions that are compiled when they are first used."""

import re
from collections.abc import Callable
from functools import cache, partial

__all__ = ["late_pattern"]


def late_pattern(source: str, flags: re.RegexFlag = re.NOFLAG) -> "Callable[[], re.Pattern[str]]":
    """Give what compiles *source* at its first call, and gives the same at each.

    A long one takes a millisecond to compile, which a program that never reads the field
    that it is for need not wait for when it starts.
    """
    return cache(partial(re.compile, source, flags))
