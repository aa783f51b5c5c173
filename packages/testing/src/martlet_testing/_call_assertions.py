"""Assertions on calls, in words that say which calls there were."""

from collections.abc import Sequence

from ._seen_request import SeenRequest

__all__ = ["demand_called", "times_text"]


def demand_called(
    what: str, calls: Sequence[SeenRequest], times: int | None, every: Sequence[SeenRequest]
) -> None:
    """Raise `AssertionError` unless there are as many *calls* as *times*; None: any but none.

    *every* call, with those that were others, is told then.
    """
    if len(calls) == times or (times is None and calls):
        return
    wanted = "" if times is None else f", not {times_text(times)}"
    lines = [f"{what} was called {times_text(len(calls))}{wanted}."]
    if every:
        lines += ["All calls:", *(f"  {call}" for call in every)]
    else:
        lines.append("There was no call at all.")
    raise AssertionError("\n".join(lines))


def times_text(number: int) -> str:
    """Say how often."""
    return {0: "never", 1: "once"}.get(number, f"{number} times")
