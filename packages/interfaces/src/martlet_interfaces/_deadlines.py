"""Many deadlines for the price of one timer.

Timeouts hardly ever expire, so what has to be cheap is to set and to cancel one. All
deadlines with the same delay expire in the order in which they were set: a dict, which
keeps that order, is their queue, and one timer at the head of each queue serves all.
"""

from collections.abc import Callable
from typing import Protocol

__all__ = ["Clock", "DeadlineQueue", "Deadlines", "Expiring"]


class _Handle(Protocol):
    def cancel(self) -> object: ...


class Clock(Protocol):
    """The part of an event loop that tells the time; a test's virtual one is another."""

    def time(self) -> float:
        """Tell the time now, in seconds, never going back."""

    def call_at(self, when: float, callback: Callable[[], object], /) -> _Handle:
        """Call *callback* at *when*."""


class Expiring(Protocol):
    """Something that has a deadline. It is hashed by identity."""

    def on_deadline(self) -> None:
        """Learn that the deadline has passed. It is no longer set then."""


# Loops fire a timer up to a tick of their clock early.
_RESOLUTION = 0.001


class DeadlineQueue:
    """The deadlines of one delay, oldest first, and the timer for the oldest.

    Who sets one deadline after the other may do so here, each for an item of its own:
    ``queue.due[item] = queue.clock.time() + queue.delay``, and `start` if there is no
    `timer`. To forget an item is to take it out.
    """

    __slots__ = ("clock", "delay", "due", "kept", "timer")

    clock: Clock
    delay: float
    """In seconds."""
    due: dict[Expiring, float]
    """When each item expires."""
    kept: bool
    """Whether it stays also while nothing is due, because somebody holds it."""
    timer: _Handle | None

    def __init__(self, clock: Clock, delay: float) -> None:
        self.clock = clock
        self.delay = delay
        self.due = {}
        self.kept = False
        self.timer = None

    def start(self) -> None:
        """Set the timer for the first that is due."""
        first = next(iter(self.due.values()), None)
        self.timer = None if first is None else self.clock.call_at(first, self.expire)

    def expire(self) -> None:
        """Serve what is due, and set the timer for what is not."""
        now = self.clock.time()
        # Meanwhile `timer` stays what it was: whoever sets a deadline from `on_deadline`
        # must not make a second one.
        try:
            while self.due:
                item = next(iter(self.due))
                if self.due[item] > now + _RESOLUTION:
                    return
                del self.due[item]
                item.on_deadline()
        finally:
            self.start()


class Deadlines:
    """The deadlines kept on one clock.

    `set` and `cancel` cost a dict operation each and make no timer, as long as delays
    repeat. Everything that is set must be cancelled or expire; `idle` tells.
    """

    __slots__ = ("_clock", "_full", "_queues")

    # Delays that differ each time (a caller's own budget, counted down) would leave a
    # queue each behind them until its timer fires; beyond this many, empty ones go.
    _MAX_IDLE_QUEUES = 64

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full = self._MAX_IDLE_QUEUES
        self._queues: dict[float, DeadlineQueue] = {}

    @property
    def idle(self) -> bool:
        """Whether no deadline is set."""
        return not any(queue.due for queue in self._queues.values())

    def time(self) -> float:
        """Tell the time on the clock."""
        return self._clock.time()

    def set(self, item: Expiring, delay: float) -> float:
        """Call ``item.on_deadline()`` after *delay* seconds; return when that will be.

        An item that is already set with this delay starts anew.
        """
        queue = self._queues.get(delay)
        if queue is None:
            queue = self._add_queue(delay)
        due = queue.due
        if item in due:
            del due[item]
        when = due[item] = self._clock.time() + delay
        if queue.timer is None:
            queue.timer = self._clock.call_at(when, queue.expire)
        return when

    def queue(self, delay: float, *, keep: bool = False) -> DeadlineQueue:
        """Give the queue of *delay*, to set one deadline in it at once, or to *keep* it."""
        queue = self._queues.get(delay)
        if queue is None:
            queue = self._add_queue(delay)
        queue.kept = queue.kept or keep
        return queue

    def cancel(self, item: Expiring, delay: float) -> None:
        """Forget *item*, which may be set with *delay* or not."""
        queue = self._queues.get(delay)
        if queue is not None:
            queue.due.pop(item, None)

    def close(self) -> None:
        """Forget everything, and cancel the timers."""
        for queue in self._queues.values():
            queue.due.clear()
            if queue.timer is not None:
                queue.timer.cancel()
        self._queues.clear()

    def _add_queue(self, delay: float) -> DeadlineQueue:
        if len(self._queues) >= self._full:
            for old in [queue for queue in self._queues.values() if not (queue.due or queue.kept)]:
                if old.timer is not None:
                    old.timer.cancel()
                del self._queues[old.delay]
            # So that many that are in use are not looked through for each new one.
            self._full = max(self._MAX_IDLE_QUEUES, 2 * len(self._queues))
        queue = self._queues[delay] = DeadlineQueue(self._clock, delay)
        return queue
