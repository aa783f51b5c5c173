"""The benchmark of the cookie jar: its cases, its check of what is sent, its table and ceilings."""

import pytest

from bench._report import DASH
from bench._sample import BenchError, Sample
from bench_cookies._cases import CASES, Work
from bench_cookies._child import ALONE, check, sample
from bench_cookies._jars import JARS, Jar
from bench_cookies._report import TARGETS, table, verdicts

NOW = 1_800_000_000.0


def works() -> dict[str, Work]:
    return {name: make(NOW) for name, make in CASES.items()}


@pytest.mark.parametrize(
    ("case", "cookies", "domains", "matching"),
    [
        ("header", 2_500, 250, 10),
        ("header-varied", 2_500, 250, 10),
        ("tree-1", 3_000, 60, 1),
        ("tree-5", 3_000, 60, 5),
        ("tree-10", 3_000, 60, 10),
        ("empty", 0, 0, 0),
    ],
)
def test_jars_that_are_asked(case: str, cookies: int, domains: int, matching: int) -> None:
    work = CASES[case](NOW)
    assert len(set(work.jar)) == cookies
    assert len({url for url, _ in work.jar}) == domains
    assert len(set(work.urls)) == (250 if case == "header-varied" else 1)
    assert {len(work.pairs[url]) for url in work.urls} == {matching}
    assert work.stored == []
    assert len(work.matching) == (matching if case.startswith("tree") else 0)
    assert set(work.matching) <= set(work.jar)


def test_the_paths_of_a_host_differ() -> None:
    jar = CASES["tree-5"](NOW).jar
    assert len({header.partition(" Domain=")[2] for _, header in jar}) == 3_000


@pytest.mark.parametrize("case", ["store-replace", "store-expires", "store-new"])
def test_no_cookie_is_stored_twice(case: str) -> None:
    work = CASES[case](NOW)
    assert work.urls == []
    assert len({header for _, header in work.stored}) == 1_950
    assert {len(pairs) for pairs in work.pairs.values()} == {49 if case == "store-new" else 10}


def test_only_new_cookies_leave_no_room_for_another_run() -> None:
    assert [name for name, work in works().items() if work.once] == ["store-new"]


def test_each_expires_is_another() -> None:
    ends = {header.partition("Expires=")[2] for _, header in CASES["store-expires"](NOW).stored}
    assert len(ends) == 1_950
    assert "Sat, 16 Jan 2027 08:00:00 GMT" in ends


@pytest.mark.parametrize("jar", ["martlet", "http.cookiejar"])
@pytest.mark.parametrize("case", ["header", "tree-5", "store-replace", "store-new", "empty"])
def test_jars_send_what_the_case_says(case: str, jar: str) -> None:
    work = CASES[case](NOW)
    work.pairs = dict(list(work.pairs.items())[:2])
    check(jar, JARS[jar], work, work.jar)


def test_what_matches_is_sent_without_the_rest_too() -> None:
    work = CASES["tree-10"](NOW)
    check(ALONE, JARS["martlet"], work, work.matching)


class Forgetful(Jar):
    """Sends nothing."""

    def _make(self) -> None: ...

    def ask(self, requests: list[object]) -> str:
        return ""

    def store(self, responses: list[tuple[object, object]]) -> None: ...


def test_a_jar_that_sends_less_is_not_measured() -> None:
    work = CASES["tree-1"](NOW)
    with pytest.raises(BenchError, match=r"forgetful sends '' to https://h30\.example\.org/of-1"):
        check("forgetful", Forgetful, work, work.jar)


def test_all_that_is_done_counts() -> None:
    asked, stored = CASES["empty"](NOW), CASES["store-new"](NOW)
    assert sample(Forgetful, asked, [], 3).operations == 750
    assert sample(Forgetful, stored, [], 1).operations == 1_950


def samples(*seconds: float) -> list[Sample]:
    return [Sample(operations=1, cpu=value) for value in seconds]


def test_table() -> None:
    results = {
        "empty": {"martlet": samples(90e-9, 80e-9, 85e-9), "aiohttp": samples(1e-6)},
        "header": {"martlet": samples(4e-6), "http.cookiejar": samples(2e-3)},
    }
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table(results).splitlines()]
    assert rows[2:] == [
        ["empty", "martlet", "85 ns", f"80{DASH}90", DASH],
        ["", "aiohttp", "1.0 µs", f"1.0{DASH}1.0", "0.085"],
        ["header", "martlet", "4.0 µs", f"4.0{DASH}4.0", DASH],
        ["", "http.cookiejar", "2.0 ms", f"2.0{DASH}2.0", "0.002"],
    ]


@pytest.mark.parametrize(
    ("cost", "verdict"), [(0.5, "pass"), (0.51, "FAIL"), (None, "not measured")]
)
def test_verdicts(cost: float | None, verdict: str) -> None:
    by_jar = {"martlet": samples(cost) if cost else [], "aiohttp": samples(1.0)}
    (line,) = [line for line in verdicts({"store-new": by_jar}) if " store-new: " in line]
    assert line.startswith(f"{verdict} ")
    assert line.endswith("at most 0.50")


def test_what_matches_is_compared_between_cases() -> None:
    results = {"tree-1": {"martlet": samples(1.0)}, "tree-10": {"martlet": samples(3.0)}}
    line = verdicts(results)[-1]
    assert line == "pass          tree-10: martlet ÷ martlet in tree-1 3.00, at most 10.00"


def test_targets_name_what_is_measured() -> None:
    for case, other, jar, _ in TARGETS:
        assert {case, other} <= set(CASES)
        assert jar in JARS or (jar == ALONE and CASES[other](NOW).matching)
