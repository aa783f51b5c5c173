"""Numbers that a retry policy is given."""

from math import inf

__all__ = ["given_number"]


def given_number(name: str, value: object, least: float = 0.0, *, finite: bool = True) -> float:
    """Give *value* as a float; *name* is what errors call it.

    Raises `TypeError` for what is no number, `ValueError` for less than *least*, for NaN, and,
    if it is to be *finite*, for infinity.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    try:
        number = float(value)
    except OverflowError:
        number = inf if value > 0 else -inf
    if not number >= least or (finite and number == inf):
        upper = " and finite" if finite else ""
        raise ValueError(f"{name} must be at least {least:g}{upper}, not {number:g}")
    return number
