"""The tables: messages in one feed, and heads that come byte by byte."""

from statistics import median

from bench._aligned import aligned
from bench._report import DASH, figures, ratio, shown
from bench._runner import Results
from bench._sample import Sample

from ._cases import CASES
from ._child import CALLS, EMPTY_CALL, WHOLE

SUBJECT = "martlet"


def _against(by_library: dict[str, list[Sample]], name: str, other: str) -> str:
    value = None if name == other else ratio(by_library[name], by_library[other], "cpu")
    return DASH if value is None else f"{value:.2f}"


def whole_table(results: Results) -> str:
    """The cases in which each message comes in one feed."""
    rows = [["case", "library", "CPU/message", f"min{DASH}max", f"{SUBJECT} ÷ library"]]
    for case, by_library in results.items():
        for index, (library, samples) in enumerate(by_library.items()):
            middle, spread = shown(figures(samples, "cpu"), False)
            beside = _against(by_library, SUBJECT, library)
            rows.append([case if index == 0 else "", library, middle, spread, beside])
    return aligned(rows, left=2)


def trickle_table(results: Results) -> str:
    """The cases in which heads come byte by byte."""
    rows = [
        [
            "case",
            "library",
            "byte by byte",
            f"min{DASH}max",
            "one feed",
            f"min{DASH}max",
            "byte by byte ÷ one feed",
            "per byte",
            f"{SUBJECT} ÷ library",
        ]
    ]
    for case, by_library in results.items():
        size = len(CASES[case].message(0).data)
        names = [name for name in by_library if name + WHOLE in by_library]
        for index, name in enumerate(names):
            rows.append(
                [
                    case if index == 0 else "",
                    name,
                    *shown(figures(by_library[name], "cpu"), False),
                    *shown(figures(by_library[name + WHOLE], "cpu"), False),
                    _against(by_library, name, name + WHOLE),
                    _per_byte(by_library[name], size),
                    _against(by_library, SUBJECT, name),
                ]
            )
        calls = by_library[EMPTY_CALL]
        cost = shown(figures(calls, "cpu"), False)
        empty = [DASH] * 3
        rows.append(["", f"{CALLS:,} empty calls", *cost, *empty, _per_byte(calls, CALLS), DASH])
    return aligned(rows, left=2)


def _per_byte(samples: list[Sample], size: int) -> str:
    values = figures(samples, "cpu")
    return f"{median(values) / size * 1e9:,.0f} ns" if values else DASH


def tables(results: Results) -> str:
    """All that was measured."""
    trickle = {name: found for name, found in results.items() if CASES[name].kind == "trickle"}
    whole = {name: found for name, found in results.items() if name not in trickle}
    parts = [whole_table(whole)] if whole else []
    if trickle:
        parts.append(trickle_table(trickle))
    return "\n\n".join(parts)
