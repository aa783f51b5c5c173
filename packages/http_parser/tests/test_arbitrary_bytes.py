"""Both parsers, fed what nobody thought of: a great many small inputs, the same in every run.

Each is read whole and cut at random. Anything raised beside a `ClientError` comes out.
"""

import random

import pytest

from martlet_http_parser import DEFAULT_LIMITS

from .corpus import REQUEST_PIECES, REQUESTS, RESPONSE_PIECES, RESPONSES, SMALL, cut_randomly
from .recording import Reading, read_requests, read_responses

SEEDS = range(4)
COUNT = 100_000 // len(SEEDS)
LONGEST = 400

WORDS = [*RESPONSE_PIECES, *REQUEST_PIECES]
ODD = [b"\0", b"\r", b"\n", b"\t", b" ", b":", b";", b",", b"\x7f", b"\x80", b"\xff", b"0", b"-"]


def mutated(data: bytes, source: random.Random) -> bytes:
    """Change *data* once, somewhere."""
    start = source.randrange(len(data) + 1)
    stop = min(len(data), start + source.randrange(8))
    kind = source.randrange(6)
    if kind == 0:
        return data[:start] + data[stop:]
    if kind == 1:
        return data[:start] + source.choice(ODD) + data[start:]
    if kind == 2:
        return data[:start] + source.choice(WORDS) + data[stop:]
    if kind == 3:
        return data[:stop] + data[start:]
    if kind == 4:
        return data[:start] + source.choice(ODD) + data[start + 1 :]
    return data[:start] + source.randbytes(source.randrange(1, 4)) + data[start:]


def made_up(source: random.Random) -> bytes:
    """Give some bytes, most of them nearly a message."""
    kind = source.randrange(20)
    if kind == 0:
        return source.randbytes(source.randrange(1, 60))
    if kind == 1:
        return b"".join(source.choices(WORDS, k=source.randrange(1, 8)))
    data = source.choice(RESPONSES if kind % 2 else REQUESTS)
    for _ in range(source.choice((1, 1, 1, 2, 4))):
        data = mutated(data, source)
    return data[:LONGEST] or b"\n"


def check(readings: list[Reading], data: bytes) -> None:
    *before, last = readings
    for reading in before:
        assert (reading.error, reading.done, reading.ends) == (None, True, 1)
    assert last.ends == (1 if last.done else 0)
    assert not (last.error and (last.done or last.reusable or last.tail))
    size = sum(len(reading.body) for reading in readings) + len(last.tail)
    assert size <= len(data)
    assert not last.done or data.endswith(last.tail)


def read_both(pieces: list[bytes], number: int) -> list[list[Reading]]:
    """Read *pieces* as responses and as requests, in one of the ways there are."""
    strict, eof = number % 4 == 1, number % 5 == 1
    limits = SMALL if number % 3 == 1 else DEFAULT_LIMITS
    method, upgrade = "HEAD" if number % 7 == 1 else "GET", number % 11 == 1
    return [
        read_responses(pieces, method, upgrade=upgrade, eof=eof, limits=limits, strict=strict),
        read_requests(pieces, eof=eof, limits=limits, strict=strict),
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_great_many_inputs_are_read_alike_however_they_are_cut(seed: int) -> None:
    source = random.Random(seed)
    refused = complete = 0
    for number in range(COUNT):
        data = made_up(source)
        whole = read_both([data], number)
        pieces = cut_randomly(data, source, 4)
        assert read_both(pieces, number) == whole, (number, pieces)
        for readings in whole:
            check(readings, data)
        refused += all(readings[-1].error for readings in whole)
        complete += any(readings[0].done for readings in whole)
    # They are neither all nonsense nor all well-formed.
    assert refused > COUNT // 4
    assert complete > COUNT // 8
