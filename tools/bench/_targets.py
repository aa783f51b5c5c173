"""The ceilings of martlet's figures, as ratios; checked by `--target`."""

from dataclasses import dataclass

from ._report import DASH, ratio
from ._runner import Results

_AGAINST = "aiohttp"


@dataclass(frozen=True)
class Target:
    """`scenario` of the subject may cost at most `ceiling` times what it is compared with."""

    scenario: str
    metric: str
    ceiling: float
    loop: str | None = None
    """The event loop it holds for; None is all."""
    own: str | None = None
    """A scenario of the subject itself to compare with, in place of that of aiohttp."""
    beside: str | None = None
    """A scenario whose ratio is shown too, because the first alone says too little."""


TARGETS = (
    Target("get-1", "cpu", 0.75),
    Target("get-32", "cpu", 0.40, loop="uvloop"),
    Target("get-32", "cpu", 0.50, loop="asyncio"),
    Target("get-1000", "cpu", 1.2, own="get-32"),
    Target("post-json", "cpu", 0.45),
    Target("read-100m", "cpu", 0.5),
    Target("iter-100m", "cpu", 1.0),
    # A lazy import only puts the cost off to the first use.
    Target("import", "cpu", 0.4, beside="import-use"),
    Target("idle-memory", "memory", 0.7),
)


def verdicts(results: Results, subject: str, loop: str) -> list[str]:
    """One line per target of this loop: pass, fail or not measured."""
    return [
        _verdict(target, results, subject)
        for target in TARGETS
        if target.loop is None or target.loop == loop
    ]


def _verdict(target: Target, results: Results, subject: str) -> str:
    against, scenario = _AGAINST, target.scenario
    if target.own is not None:
        against, scenario = subject, target.own
    own = results.get(target.scenario, {}).get(subject, [])
    value = ratio(own, results.get(scenario, {}).get(against, []), target.metric)
    verdict = "not measured"
    if value is not None:
        verdict = "pass" if value <= target.ceiling else "FAIL"
    line = (
        f"{verdict:<12}  {target.scenario}: {target.metric} of {subject} against {against}'s "
        f"{scenario} {_shown(value)}, at most {target.ceiling:.2f}"
    )
    if target.beside is not None:
        by_client = results.get(target.beside, {})
        beside = ratio(by_client.get(subject, []), by_client.get(_AGAINST, []), target.metric)
        line += f" ({target.beside}: {_shown(beside)})"
    return line


def _shown(value: float | None) -> str:
    return DASH if value is None else f"{value:.2f}"
