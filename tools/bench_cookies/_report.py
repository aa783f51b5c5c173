"""The table of the jars, and the ceilings of their ratios (`--target`)."""

from statistics import median

from bench._aligned import aligned
from bench._report import DASH, figures, ratio, shown
from bench._runner import Results

from ._cases import CASES
from ._child import ALONE

SUBJECT = "martlet"
# A case; a case and a jar in it, by whose median martlet's is divided; the ceiling.
TARGETS = (
    *((case, case, "aiohttp", 0.5) for case in CASES if case.startswith(("header", "store"))),
    *((case, case, ALONE, 1.2) for case in CASES if case.startswith("tree")),
    # In proportion to what matches.
    ("tree-5", "tree-1", SUBJECT, 5.0),
    ("tree-10", "tree-1", SUBJECT, 10.0),
)


def table(results: Results) -> str:
    """All that was measured."""
    rows = [["case", "jar", "CPU/op", f"min{DASH}max", f"{SUBJECT} ÷ jar"]]
    for case, by_jar in results.items():
        for index, (jar, samples) in enumerate(by_jar.items()):
            value = None if jar == SUBJECT else ratio(by_jar[SUBJECT], samples, "cpu")
            beside = DASH if value is None else f"{value:.2g}" if value < 0.1 else f"{value:.2f}"
            cost = _shown(figures(samples, "cpu"))
            rows.append([case if index == 0 else "", jar, *cost, beside])
    return aligned(rows, left=2)


def _shown(values: list[float]) -> tuple[str, str]:
    if median(values) >= 1e-6:
        return shown(values, False)
    least, most = min(values) * 1e9, max(values) * 1e9
    return f"{median(values) * 1e9:.0f} ns", f"{least:.0f}{DASH}{most:.0f}"


def verdicts(results: Results) -> list[str]:
    """One line per target: pass, fail or not measured."""
    lines = []
    for case, other, jar, ceiling in TARGETS:
        own = results.get(case, {}).get(SUBJECT, [])
        value = ratio(own, results.get(other, {}).get(jar, []), "cpu")
        shown = DASH if value is None else f"{value:.2f}"
        verdict = "not measured" if value is None else "pass" if value <= ceiling else "FAIL"
        beside = jar if other == case else f"{jar} in {other}"
        lines.append(f"{verdict:<12}  {case}: {SUBJECT} ÷ {beside} {shown}, at most {ceiling:.2f}")
    return lines
