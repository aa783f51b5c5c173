"""The benchmark of the parser: its messages, its check of facts, its tables and targets."""

from collections.abc import Callable, Iterable, Sequence
from http.client import parse_headers
from io import BytesIO

import pytest

from bench._report import DASH
from bench._sample import BenchError, Sample
from bench_parser import libraries
from bench_parser._cases import CASES, Case
from bench_parser._child import EMPTY_CALL, WHOLE, check
from bench_parser._cli import chosen
from bench_parser._messages import Facts, Message, chunked, long_head, request, response
from bench_parser._report import tables
from bench_parser._targets import TARGETS, verdicts


def lines(message: Message) -> list[bytes]:
    return message.data.partition(b"\r\n\r\n")[0].split(b"\r\n")


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_facts_are_what_is_written(case: Case) -> None:
    message = case.message(5)
    stream = BytesIO(message.data)
    first = stream.readline().split()
    facts = message.facts
    assert facts.first == tuple(
        word.decode() for word in (first[:2] if case.kind == "request" else first[1:2])
    )
    if len(facts.fields) <= 100:  # more are too many for the oracle
        found = [(name.lower(), value) for name, value in parse_headers(stream).items()]
        assert found == list(facts.fields)
    assert len(lines(message)) == 1 + len(facts.fields)


@pytest.mark.parametrize("count", [10, 50])
def test_responses(count: int) -> None:
    messages = [response(count, number, body=True) for number in range(3)]
    assert all(len(message.facts.fields) == count for message in messages)
    assert [len(message.facts.body) for message in messages] == [12, 13, 14]
    same = set.intersection(*(set(lines(message)) for message in messages))
    # Of 10 fields 6 are fresh, and 20 more of 50.
    assert len(same) == 1 + count - {10: 6, 50: 26}[count]
    assert response(count, 1, body=False).facts.body == b""


def test_requests() -> None:
    first, second = request(1), request(2)
    assert len(first.facts.fields) == 10
    assert len(set(lines(first)) & set(lines(second))) == 6


def test_chunks() -> None:
    for varied in (False, True):
        message = chunked(1, varied=varied)
        assert message.data.count(b"\r\n") > 2_000
        assert message.data.endswith(b"\r\n0\r\n\r\n")
    assert len(chunked(1, varied=False).facts.body) == 100_000
    assert len(chunked(1, varied=True).facts.body) == pytest.approx(100_000, rel=0.1)


@pytest.mark.parametrize(("count", "size"), [(4_096, 16), (250, 256), (1, 64_000)])
def test_long_heads(count: int, size: int) -> None:
    found = lines(long_head(count, size, 7))[2:]
    assert len(found) == count
    assert {len(line) + 2 for line in found} == {size}
    assert not set(found) & set(lines(long_head(count, size, 8))[2:])


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_martlet_finds_the_facts(case: Case) -> None:
    reader = libraries.create("martlet", case.kind)
    messages = [case.message(number) for number in range(3)]
    check(reader, "martlet", messages)
    data = messages[2].data
    reader.trickle(data[at : at + 1] for at in range(len(data)))
    assert reader.facts() == messages[2].facts


class Forgetful:
    """Finds all but the last field."""

    def prepare(self, count: int) -> None: ...

    def read(self, messages: Sequence[bytes]) -> None: ...

    def trickle(self, pieces: Iterable[bytes]) -> None: ...

    def facts(self) -> Facts:
        facts = request(1).facts
        return facts._replace(fields=facts.fields[:-1])


def test_a_parser_that_finds_less_is_not_measured() -> None:
    with pytest.raises(BenchError, match="forgetful finds"):
        check(Forgetful(), "forgetful", [request(1)])


def test_chosen() -> None:
    assert chosen("") == list(CASES)
    assert chosen("request,chunks-1000-v") == [
        "chunks-1000-varied",
        "request-10",
        "request-10-fresh",
    ]
    with pytest.raises(BenchError, match="no case begins with nothing"):
        chosen("head,nothing")


def samples(*seconds: float) -> list[Sample]:
    return [Sample(operations=1, cpu=value) for value in seconds]


def test_tables() -> None:
    results = {
        "head-10": {"martlet": samples(1e-6, 4e-6, 3e-6), "aiohttp": samples(6e-6)},
        "trickle-1x64000": {
            EMPTY_CALL: samples(2e-3),
            "martlet": samples(6.4e-3),
            "martlet" + WHOLE: samples(3.2e-3),
            "aiohttp": samples(12.8e-3),
            "aiohttp" + WHOLE: samples(0.1e-3),
        },
    }
    whole, trickle = tables(results).split("\n\n")
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in whole.splitlines()]
    assert rows[2:] == [
        ["head-10", "martlet", "3.0 µs", f"1.0{DASH}4.0", DASH],
        ["", "aiohttp", "6.0 µs", f"6.0{DASH}6.0", "0.50"],
    ]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in trickle.splitlines()]
    assert rows[2][:2] == ["trickle-1x64000", "martlet"]
    assert rows[2][2::2] == ["6.4 ms", "3.2 ms", "2.00", DASH]
    assert rows[3][-3:] == ["128.00", "200 ns", "0.50"]
    assert rows[4][1:4] == ["65,536 empty calls", "2.0 ms", f"2.0{DASH}2.0"]


@pytest.mark.parametrize(
    ("cost", "verdict"),
    [(0.9, "pass"), (0.91, "FAIL"), (None, "not measured")],
)
def test_verdicts(cost: float | None, verdict: str) -> None:
    by_library = {"martlet": samples(cost) if cost else [], "aiohttp": samples(1.0)}
    (line,) = [
        line
        for line in verdicts({"head-50": by_library})
        if line.split("  ")[-1].startswith("head-50: martlet ÷ aiohttp")
    ]
    assert line.startswith(f"{verdict} ")
    assert line.endswith("at most 0.90")


def test_targets_name_what_is_measured() -> None:
    measured: Callable[[str], set[str]] = lambda case: {  # noqa: E731
        name + end for name in CASES[case].libraries for end in ("", WHOLE)
    }
    assert all(target.against in measured(target.case) for target in TARGETS)
    assert {target.ceiling for target in TARGETS} == {0.1, 0.9, 1.5, 4.0}
