"""The table of outcomes, and what is said of findings."""

from bench._aligned import aligned

from ._outcome import Outcome

__all__ = ["explain", "table"]

_SHOWN = 60
# What libFuzzer and atheris say at any rate.
_NOISE = ("#", "stat::", "INFO:", "[INFO]", "WARNING: Failed to find function", "Dictionary:", "$")


def table(outcomes: list[Outcome]) -> str:
    """The aligned Markdown table."""
    head = ["target", "executions", "exec/s", "coverage", "features", "new items", "corpus"]
    rows = [[*head, "findings"]]
    for one in outcomes:
        figures = (
            one.executions,
            one.per_second,
            one.coverage,
            one.features,
            one.added,
            one.corpus,
            int(one.failure is not None),
        )
        rows.append([one.target, *(f"{figure:,}" for figure in figures)])
    return aligned(rows, left=1)


def explain(outcome: Outcome) -> str:
    """What was found, and how to see it again; nothing of a target that found nothing."""
    if outcome.failure is None:
        return ""
    lines = [line for line in outcome.failure.splitlines() if not line.startswith(_NOISE)]
    said = "\n".join(f"    {line}" for line in lines[-_SHOWN:])
    if outcome.finding is None:
        return f"{outcome.target} ended without an input to blame:\n{said}"
    again = f"python3 tools/fuzz --replay {outcome.finding} --target {outcome.target}"
    return f"{outcome.target} found {outcome.finding}\n{said}\n    again: {again}"
