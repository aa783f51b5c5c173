"""How the suite says what is wrong."""

from collections.abc import Mapping

__all__ = ["ConformanceError", "ViolationError", "demand"]


class ViolationError(AssertionError):
    """One duty was not done: what happened instead."""


class ConformanceError(AssertionError):
    """A connector does not do what `martlet_interfaces.Connector` demands.

    `failures` has what happened for each duty that was not done; its cause is a group of
    the exceptions behind them.
    """

    def __init__(self, failures: Mapping[str, str]) -> None:
        lines = [f"* {duty}: {problem}" for duty, problem in failures.items()]
        super().__init__("\n".join(["The connector fails in these duties:", *lines]))
        self.failures: dict[str, str] = dict(failures)

    def __reduce__(self) -> tuple[type["ConformanceError"], tuple[dict[str, str]]]:
        return type(self), (self.failures,)


def demand(condition: bool, otherwise: str) -> None:
    """Raise `ViolationError` with the text *otherwise* unless *condition* holds."""
    if not condition:
        raise ViolationError(otherwise)
