"""The error of a request that nobody has an answer for, and how it says what is nearest."""

from collections.abc import Iterable
from typing import Final

from martlet_exceptions import ClientError

__all__ = ["UnmatchedRequestError", "nearest"]

_MOST_SHOWN: Final = 3


class UnmatchedRequestError(ClientError, AssertionError):
    """A request has no route, or no recorded answer.

    It says what was asked for, and what the nearest routes or recorded requests wanted instead. It
    is an `AssertionError`, too, so that it reads as the failure of a test.
    """


def nearest(candidates: Iterable[tuple[str, list[str]]]) -> list[str]:
    """Give lines on those *candidates*, a name and its differences each, that differ least."""
    ordered = sorted(candidates, key=lambda candidate: len(candidate[1]))
    return [f"  {name}: {'; '.join(found)}" for name, found in ordered[:_MOST_SHOWN]]
