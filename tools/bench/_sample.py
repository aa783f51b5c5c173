"""What one round of one client gave."""

from dataclasses import dataclass


class BenchError(Exception):
    """The benchmark cannot go on; its text is for the person who runs it."""


@dataclass(frozen=True)
class Sample:
    """One round: either times (seconds in total) or memory (bytes in total)."""

    operations: int
    cpu: float | None = None
    wall: float | None = None
    memory: int | None = None

    def per_operation(self, metric: str) -> float | None:
        """One metric (cpu, wall or memory) divided by the operations."""
        value: float | None = getattr(self, metric)
        return None if value is None else value / self.operations
