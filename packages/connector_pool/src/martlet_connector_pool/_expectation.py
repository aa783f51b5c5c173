"""Holding a body back until the server asks for it (RFC 9110 section 10.1.1)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from martlet_interfaces import Deadlines, ResponseHead

__all__ = ["PATIENCE", "Expectation", "Interims"]

PATIENCE: Final = 1.0
"""For how many seconds a server may be silent before the body is sent all the same.

Servers need not know the expectation, so nobody must wait for ever.
"""


class Interims:
    """Hears of the interim responses on one connection, for the body that is held back there.

    An object of its own: a method of the connection would make a cycle of it and its parser.
    """

    __slots__ = ("expectation",)

    def __init__(self) -> None:
        self.expectation: Expectation | None = None

    def __call__(self, head: "ResponseHead", /) -> None:
        """Take the head of one; only 100 asks for the body."""
        if head.status == 100 and self.expectation is not None:
            self.expectation.end()


class Expectation:
    """A body that is held back: *send* sends it, once or never."""

    __slots__ = ("_deadlines", "_interims", "_send")

    def __init__(
        self, interims: Interims, deadlines: "Deadlines", send: Callable[[], object]
    ) -> None:
        self._interims = interims
        self._deadlines = deadlines
        self._send = send
        interims.expectation = self
        deadlines.set(self, PATIENCE)

    def drop(self) -> None:
        """Learn that the body is not wanted, or that nobody waits any more."""
        self._interims.expectation = None
        self._deadlines.cancel(self, PATIENCE)

    def end(self) -> None:
        """Send the body."""
        self.drop()
        self._send()

    def on_deadline(self) -> None:
        """Learn that the server has been silent for long enough."""
        self.end()
