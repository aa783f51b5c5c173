"""What stands at the other end in tests: a function from a request to what happens."""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from attrs import frozen

__all__ = ["Application", "OriginResponse", "Then"]


class Then(Enum):
    """What happens after the last chunk of a response."""

    END = "end"
    """The body is complete."""
    BREAK = "break"
    """The connection is lost."""
    HANG = "hang"
    """Nothing, until the client goes away."""


@frozen
class OriginResponse:
    """What an origin does with one request.

    It sends a head of *status*, *reason* and *headers* and then the *chunks*, none of
    them empty, or nothing of these if it is *silent*. *then* says what follows.

    *headers* are text, as in `martlet_interfaces.ResponseHead`. *chunks* are consumed.
    """

    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    chunks: Iterable[bytes] = ()
    then: Then = Then.END
    silent: bool = False
    reason: str = ""


Application = Callable[[str, str, Sequence[tuple[str, str]], bytes], OriginResponse]
"""Takes the method, the target (path and query), the header fields and the whole body."""
