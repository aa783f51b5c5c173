"""A timer that never runs out."""

from typing import Self

__all__ = ["TimerNoop"]


class TimerNoop:
    """Stands for a timer where there is no time limit, as in responses that are made by hand."""

    __slots__ = ()

    def assert_timeout(self) -> None:
        """Do nothing: there is no time to have run out."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        return None
