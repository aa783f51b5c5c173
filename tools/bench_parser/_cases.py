"""What is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from ._messages import Message, chunked, long_head, request, response

Kind = Literal["response", "request", "trickle"]

# More than any cache of up to 1,024 entries holds, also of one that sees a single line of each.
_FRESH = 2_048


@dataclass(frozen=True)
class Case:
    """Messages of one sort, and who can read them."""

    name: str
    summary: str
    kind: Kind
    message: Callable[[int], Message]
    """Makes the message of a number."""
    distinct: int
    """How many numbers there are; a trickle has a new one every time."""
    libraries: tuple[str, ...] = ("martlet", "aiohttp", "aiohttp-kept", "h11", "httptools")


def _responses(count: int) -> list[Case]:
    cases = []
    for body in (False, True):
        message = partial(response, count, body=body)
        content = "12 bytes or more" if body else "no bytes"
        name = f"head-{count}{'-body' if body else ''}"
        what = f"a response with {count} fields and {content} of body"
        cases += [
            Case(name, f"{what}, the same again and again", "response", message, 1),
            Case(f"{name}-fresh", f"{what}, each with new values", "response", message, _FRESH),
        ]
    return cases


def _chunks(name: str, varied: bool) -> Case:
    sizes = "1 to 199" if varied else "100"
    summary = f"a response with 1,000 chunks of {sizes} bytes in one feed"
    return Case(name, summary, "response", partial(chunked, varied=varied), 16)


def _trickle(lines: int, size: int) -> Case:
    fields = f"{lines:,} fields of {size:,} bytes" if lines > 1 else f"one field of {size:,} bytes"
    return Case(
        f"trickle-{lines}x{size}",
        f"a head of {fields}, byte by byte and in one feed, each with new values",
        "trickle",
        partial(long_head, lines, size),
        0,
        ("martlet", "aiohttp", "httptools"),
    )


_ALL = [
    *_responses(10),
    *_responses(50),
    _chunks("chunks-1000", varied=False),
    _chunks("chunks-1000-varied", varied=True),
    _trickle(4_096, 16),
    _trickle(250, 256),
    _trickle(1, 64_000),
    Case(
        "request-10",
        "a GET with 10 fields, the same again and again",
        "request",
        request,
        1,
        ("martlet", "aiohttp", "h11", "httptools"),
    ),
    Case(
        "request-10-fresh",
        "a GET with 10 fields, each with new values",
        "request",
        request,
        _FRESH,
        ("martlet", "aiohttp", "h11", "httptools"),
    ),
]

CASES = {case.name: case for case in _ALL}
