"""A default that says: nothing was given, not even ``None``."""

from enum import Enum
from typing import Final

__all__ = ["UNSET", "Unset"]


class Unset(Enum):
    """The type of `UNSET`, so that a type checker can tell it from what was given."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "<unset>"


UNSET: Final = Unset.UNSET
"""What a parameter is when the caller left it out and ``None`` would mean something."""
