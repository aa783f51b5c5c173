"""Writing takes time in proportion to what is written, and so does refusing it.

Sizes are such that the small and the large run both fit into the caches of a processor, since
memory is slower than those.
"""

from collections.abc import Callable

import pytest

from linear_time import Work, grows_linearly
from martlet_http_parser import (
    BodyFramer,
    serialize_chunk,
    serialize_fields,
    serialize_last_chunk,
    serialize_request_head,
    serialize_request_line,
    serialize_response_head,
    serialize_status_line,
)

HOST = ("Host", "a")
Pairs = list[tuple[str, str]]


def refused(write: Callable[[], object]) -> Work:
    def work() -> None:
        with pytest.raises(ValueError, match=r"\w"):
            write()

    return work


def framing(size: int, length: int | None) -> Work:
    def work() -> None:
        framer = BodyFramer(length)
        for _ in range(size):
            framer.frame(b"x")
        framer.finish()

    return work


def many(size: int, *more: tuple[str, str]) -> Pairs:
    return [HOST, *[(f"A{number}", "b") for number in range(size)], *more]


# How to make the work of a size; the size; sizes are such that a quadratic part shows.
CASES: dict[str, tuple[Callable[[int], Work], int]] = {
    "fields": (lambda n: lambda: serialize_fields(many(n)), 10_000),
    "a long name": (lambda n: lambda: serialize_fields({"a" * n: ""}), 100_000),
    "a long name that is bad at its end": (
        lambda n: refused(lambda: serialize_fields({"a" * n + " ": ""})),
        100_000,
    ),
    "a long value": (lambda n: lambda: serialize_fields({"A": "b" * n}), 1_000_000),
    "a long value that is bad at its end": (
        lambda n: refused(lambda: serialize_fields({"A": "b" * n + "\n"})),
        200_000,
    ),
    "a long value of control characters": (
        lambda n: refused(lambda: serialize_fields({"A": "\n" * n})),
        200_000,
    ),
    "a long value of surrogates": (
        lambda n: refused(lambda: serialize_fields({"A": "\ud800" * n})),
        200_000,
    ),
    "fields of which the last is bad": (
        lambda n: refused(lambda: serialize_fields(many(n, ("B", "\n")))),
        5_000,
    ),
    "a long method": (lambda n: lambda: serialize_request_line("a" * n, "/"), 100_000),
    "a long target": (lambda n: lambda: serialize_request_line("GET", "/" * n), 1_000_000),
    "a long target that is bad at its end": (
        lambda n: refused(lambda: serialize_request_line("GET", "/" * n + " ")),
        200_000,
    ),
    "a long absolute target": (
        lambda n: lambda: serialize_request_head("GET", "http://" + "a" * n + "/", [HOST]),
        200_000,
    ),
    "a long scheme": (
        lambda n: refused(lambda: serialize_request_head("GET", "a" * n, [HOST])),
        200_000,
    ),
    "colons and slashes": (
        lambda n: refused(lambda: serialize_request_head("GET", ":/" * n, [HOST])),
        100_000,
    ),
    "a long authority": (
        lambda n: refused(lambda: serialize_request_head("CONNECT", "a" * n, [HOST])),
        200_000,
    ),
    "brackets of an authority": (
        lambda n: refused(lambda: serialize_request_head("CONNECT", "[" * n, [HOST])),
        200_000,
    ),
    "a long host": (
        lambda n: refused(lambda: serialize_request_head("GET", "/", {"Host": "a" * n + " "})),
        200_000,
    ),
    "a long reason": (lambda n: lambda: serialize_status_line(200, "a" * n), 1_000_000),
    "a long reason of surrogates": (
        lambda n: refused(lambda: serialize_status_line(200, "a" * n + "\ud800")),
        200_000,
    ),
    "the head of a request": (
        lambda n: lambda: serialize_request_head("GET", "/", many(n, ("Content-Length", "5"))),
        10_000,
    ),
    "the head of a response": (
        lambda n: lambda: serialize_response_head(200, many(n, ("Content-Length", "5"))),
        10_000,
    ),
    "lengths": (
        lambda n: refused(lambda: serialize_response_head(200, [("Content-Length", "5")] * n)),
        10_000,
    ),
    "a long length": (
        lambda n: refused(lambda: serialize_response_head(200, {"Content-Length": "5" * n})),
        200_000,
    ),
    "trailers": (lambda n: lambda: serialize_last_chunk(many(n)[1:]), 10_000),
    "trailers of which the last is refused": (
        lambda n: refused(lambda: serialize_last_chunk(many(n, HOST)[1:])),
        10_000,
    ),
    "a large chunk": (lambda n: lambda: serialize_chunk(bytes(n)), 100_000),
    "a large view with steps": (
        lambda n: lambda: serialize_chunk(memoryview(bytes(n))[::2]),
        100_000,
    ),
    "a body of a known length": (lambda n: framing(n, n), 20_000),
    "a body of chunks": (lambda n: framing(n, None), 10_000),
}


@pytest.mark.parametrize("case", CASES)
def test_writing_takes_time_in_proportion(case: str) -> None:
    assert grows_linearly(*CASES[case])
