"""How long to wait before a request is sent again."""

from typing import TYPE_CHECKING

from attrs import field, frozen

from ._retry_number import given_number

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = ["ExponentialBackoff"]


@frozen
class ExponentialBackoff:
    """Waits that grow by a factor: called with the number of an attempt, it gives seconds.

    ``ExponentialBackoff(0.2, 2, 30)`` gives 0.2 after the first attempt, 0.4 after the second, and
    so on up to 30. Raises `TypeError` for what is no number, `ValueError` for numbers that make no
    sense.
    """

    first: float = field(default=0.2)
    """How many seconds to wait after the first attempt."""
    factor: float = field(default=2.0)
    """What each wait is multiplied by to give the next one; at least 1."""
    limit: float = field(default=30.0)
    """The longest wait, in seconds."""

    @first.validator
    @factor.validator
    @limit.validator
    def _is_number(self, attribute: "Attribute[float]", value: float) -> None:
        given_number(attribute.name, value, 1.0 if attribute.name == "factor" else 0.0)

    def __call__(self, attempt: int) -> float:
        """Tell how many seconds to wait after *attempt* (1: the first one) has failed."""
        try:
            wait = self.first * self.factor ** (attempt - 1)
        except OverflowError:
            return float(self.limit) if self.first else 0.0
        return float(min(wait, self.limit))
