"""What a target is, and what a finding is."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["FindingError", "Target"]


class FindingError(Exception):
    """Something that must not be; its text says what."""


@dataclass(frozen=True)
class Target:
    """One parser, and how to try it."""

    name: str
    run: Callable[[bytes], int]
    """Tries any bytes; what it raises is a finding. Returns how many bytes had to be read."""
    seeds: tuple[bytes, ...]
    """Examples to start from."""
    words: tuple[bytes, ...]
    """Words of the language, to be put in anywhere."""
    seconds_per_byte: float = 20e-6
    """How much of the processor's time a byte may take, instrumented and on a slow machine."""
