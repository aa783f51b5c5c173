"""A limit on what retries add to the load of a server that fails."""

from typing import Final, TypeAlias

from ._retry_number import given_number

__all__ = ["Origin", "RetryBudget"]

Origin: TypeAlias = tuple[str, str | None, int | None]
"""The scheme, host and port that a request goes to."""

_SLOTS: Final = 10
_MAX_ORIGINS: Final = 1000


class RetryBudget:
    """Limits the retries of all requests that share it, apart for each origin.

    Of the last *window* seconds (10), no more retries are allowed than *ratio* (0.2: one for five)
    times the requests, and *per_second* (10) for each second, so that programs that send little
    can always retry. A server that fails altogether so gets a fifth more load, and not as many
    times as much as there are attempts. At most 1,000 origins are remembered.

    One budget may be given to several middlewares; all of it happens in one thread. Raises
    `TypeError` for what is no number, `ValueError` for negative ones, or a *window* of nothing.
    """

    __slots__ = ("_counts", "_free", "_ratio", "_slot_length")

    def __init__(
        self, ratio: float = 0.2, per_second: float = 10.0, *, window: float = 10.0
    ) -> None:
        self._ratio = given_number("ratio", ratio)
        window = given_number("window", window)
        if not window:
            raise ValueError("window must be more than 0 seconds")
        self._free = given_number("per_second", per_second) * window
        self._slot_length = window / _SLOTS
        self._counts: dict[Origin, _Counts] = {}

    def __repr__(self) -> str:
        window = self._slot_length * _SLOTS
        per_second = self._free / window
        return f"<RetryBudget {self._ratio:g} of the requests and {per_second:g} a second>"

    def note_request(self, origin: Origin, now: float) -> None:
        """Count a request to *origin*, sent for the first time; *now* is the loop's time."""
        counts = self._at(origin, now)
        counts.requests[counts.slot % _SLOTS] += 1
        counts.all_requests += 1

    def take(self, origin: Origin, now: float) -> bool:
        """Tell whether a retry is allowed, and count it if so."""
        counts = self._at(origin, now)
        if counts.all_retries + 1 > self._ratio * counts.all_requests + self._free:
            return False
        counts.retries[counts.slot % _SLOTS] += 1
        counts.all_retries += 1
        return True

    def _at(self, origin: Origin, now: float) -> "_Counts":
        slot = int(now / self._slot_length)
        counts = self._counts.get(origin)
        if counts is None:
            if len(self._counts) >= _MAX_ORIGINS:
                del self._counts[next(iter(self._counts))]
            counts = self._counts[origin] = _Counts(slot)
        elif slot > counts.slot:
            counts.advance(slot)
        return counts


class _Counts:
    """What happened at one origin in the slots of the window; *slot* is the present one."""

    __slots__ = ("all_requests", "all_retries", "requests", "retries", "slot")

    def __init__(self, slot: int) -> None:
        self.slot = slot
        self.requests = [0] * _SLOTS
        self.retries = [0] * _SLOTS
        self.all_requests = self.all_retries = 0

    def advance(self, slot: int) -> None:
        """Go on to *slot*, and forget those that are out of the window by then."""
        for passed in range(self.slot + 1, min(slot, self.slot + _SLOTS) + 1):
            place = passed % _SLOTS
            self.all_requests -= self.requests[place]
            self.all_retries -= self.retries[place]
            self.requests[place] = self.retries[place] = 0
        self.slot = slot
