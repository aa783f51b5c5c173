"""The ceilings of the benchmark: what each is compared with, and what its line says."""

import pytest

from bench._report import DASH
from bench._runner import Results
from bench._sample import Sample
from bench._scenarios import MEMORY_KINDS, SCENARIOS
from bench._targets import TARGETS, Target, verdicts


def times(*seconds: float) -> list[Sample]:
    return [Sample(operations=10, cpu=10 * value, wall=20 * value) for value in seconds]


def memory(*sizes: int) -> list[Sample]:
    return [Sample(operations=1_000, memory=1_000 * size) for size in sizes]


def line(results: Results, beginning: str) -> str:
    (found,) = (
        one
        for one in verdicts(results, "martlet", "uvloop")
        if one.split("  ")[-1].startswith(beginning)
    )
    return found


@pytest.mark.parametrize(
    ("own", "verdict", "figure"),
    [
        (memory(8_000, 8_192, 9_000), "pass", "8,192 B"),
        (memory(8_000, 8_193, 9_000), "FAIL", "8,193 B"),
        ([], "not measured", DASH),
    ],
)
def test_absolute(own: list[Sample], verdict: str, figure: str) -> None:
    # Whatever aiohttp needs, and whether it was measured at all, changes nothing.
    for by_client in ({"martlet": own}, {"martlet": own, "aiohttp": memory(1)}):
        found = line({"idle-memory": by_client}, "idle-memory: memory of martlet " + figure)
        assert found.startswith(f"{verdict} ")
        assert found.endswith(f" {figure}, at most 8,192 B")


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        (times(0.5), times(1.0), "pass"),
        (times(0.1, 0.51, 0.9), times(0.9, 1.0, 9.0), "FAIL"),
        ([], times(1.0), "not measured"),
        (times(0.5), [], "not measured"),
    ],
)
def test_against_aiohttp(own: list[Sample], other: list[Sample], verdict: str) -> None:
    found = line({"tls-get-32": {"martlet": own, "aiohttp": other}}, "tls-get-32: ")
    assert found.startswith(f"{verdict} ")
    assert found.endswith("at most 0.50")


def test_against_own() -> None:
    results: Results = {
        "get-10-waiting-100": {"martlet": times(1.0), "aiohttp": times(9.0)},
        "get-10-waiting-10000": {"martlet": times(1.3), "aiohttp": times(9.0)},
    }
    found = line(results, "get-10-waiting-10000: ")
    assert found.startswith("FAIL ")
    assert found.endswith("against martlet's get-10-waiting-100 1.30, at most 1.20")


def test_beside() -> None:
    results: Results = {
        "import": {"martlet": times(0.3), "aiohttp": times(1.0)},
        "import-use": {"martlet": times(0.6), "aiohttp": times(1.0)},
    }
    assert line(results, "import: ").endswith("0.30, at most 0.35 (import-use: 0.60)")


def test_loop() -> None:
    ceilings = {
        loop: [one.ceiling for one in TARGETS if one.scenario == "get-32" and one.loop == loop]
        for loop in ("uvloop", "asyncio")
    }
    for loop, (ceiling,) in ceilings.items():
        found = [one for one in verdicts({}, "martlet", loop) if "  get-32: " in one]
        assert [one.rpartition(" ")[2] for one in found] == [f"{ceiling:.2f}"]


@pytest.mark.parametrize("other", [{"own": "get-1"}, {"beside": "get-1"}])
def test_absolute_is_compared_with_nothing(other: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="get-32: an absolute ceiling"):
        Target("get-32", "cpu", 1e-4, absolute=True, **other)


def test_targets_name_what_is_measured() -> None:
    for target in TARGETS:
        for name in (target.scenario, target.own, target.beside):
            assert name is None or name in SCENARIOS
        memory = SCENARIOS[target.scenario].kind in MEMORY_KINDS
        assert (target.metric == "memory") is memory
        # Bytes or seconds are of another size than ratios.
        assert target.absolute is (target.ceiling > 100)
