"""What a library of the benchmark must be able to do."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from bench_parser._messages import Facts


class Reader(Protocol):
    """A library's parser of responses or of requests, with what its user would put around it.

    The loops are in the readers, not around them, so that no call of the benchmark's own is
    counted with each message.
    """

    def prepare(self, count: int) -> None:
        """Do what has to be done before *count* messages are read and is no reading."""

    def read(self, messages: Sequence[bytes]) -> None:
        """Read messages, each given as a whole, to their ends, and take their bodies."""

    def trickle(self, pieces: Iterable[bytes]) -> None:
        """Read one message that comes in pieces."""

    def facts(self) -> Facts:
        """What the last message held."""


def as_text(fields: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Fields as the facts have them."""
    return tuple((name.decode().lower(), value.decode()) for name, value in fields)
