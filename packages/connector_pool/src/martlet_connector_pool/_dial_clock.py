"""How long each phase of a dial took."""

from collections.abc import Callable, Mapping
from typing import Final

__all__ = ["NO_PHASES", "DialClock"]

NO_PHASES: Final[Mapping[str, float]] = {}
"""Those of a connection that nobody had to wait for."""


class DialClock:
    """Seconds of each phase of making a connection, in order.

    The phases: ``dns``, ``connect``, ``proxy_tls``, ``proxy``, ``tls``; those that a
    connection does not need are absent.
    """

    __slots__ = ("_since", "_time", "phases")

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self._since = time()
        self.phases: dict[str, float] = {}

    def lap(self, phase: str) -> None:
        """Note that *phase* is over."""
        now = self._time()
        self.phases[phase] = now - self._since
        self._since = now
