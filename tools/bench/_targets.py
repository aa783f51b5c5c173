"""The ceilings of martlet's figures, as ratios or by themselves; checked by `--target`."""

from dataclasses import dataclass
from statistics import median

from ._report import DASH, figures, ratio, shown
from ._runner import Results

_AGAINST = "aiohttp"


@dataclass(frozen=True)
class Target:
    """`scenario` of the subject may cost at most `ceiling` times what it is compared with.

    That is the same scenario of aiohttp, or another one of the subject; an absolute ceiling is
    compared with nothing.
    """

    scenario: str
    metric: str
    ceiling: float
    """A ratio; if it is absolute, bytes (memory) or seconds (cpu, wall) an operation."""
    loop: str | None = None
    """The event loop it holds for; None is all."""
    own: str | None = None
    """A scenario of the subject itself to compare with, in place of that of aiohttp."""
    beside: str | None = None
    """A scenario whose ratio is shown too, because the first alone says too little."""
    absolute: bool = False

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        if self.absolute and (self.own is not None or self.beside is not None):
            raise ValueError(f"{self.scenario}: an absolute ceiling is compared with nothing")


TARGETS = (
    Target("get-1", "cpu", 0.75),
    Target("get-32", "cpu", 0.36, loop="uvloop"),
    Target("get-32", "cpu", 0.45, loop="asyncio"),
    Target("get-1000", "cpu", 1.2, own="get-32"),
    Target("get-10-waiting-10000", "cpu", 1.2, own="get-10-waiting-100"),
    Target("get-10-waiting-2000", "cpu", 0.40),
    Target("get-json", "cpu", 0.40),
    Target("get-cookies", "cpu", 0.40),
    Target("get-redirect", "cpu", 0.45),
    Target("get-traced", "cpu", 0.55),
    Target("post-json", "cpu", 0.45),
    Target("read-100m", "cpu", 0.5),
    Target("iter-100m", "cpu", 1.0),
    # asyncio has the kernel copy a file; uvloop offers no such thing of its own.
    Target("upload-file-100m", "cpu", 0.3, loop="asyncio"),
    Target("upload-file-100m", "cpu", 0.8, loop="uvloop"),
    Target("form-post", "cpu", 0.5),
    Target("multipart-20k", "cpu", 0.6),
    Target("gzip-1m", "cpu", 1.0),
    Target("chunks-1000", "cpu", 0.8),
    Target("tls-get-32", "cpu", 0.5),
    Target("tls-new-conn", "cpu", 1.0),
    # A lazy import only puts the cost off to the first use.
    Target("import", "cpu", 0.35, beside="import-use"),
    Target("idle-memory", "memory", 0.7),
    Target("idle-memory", "memory", 8_192, absolute=True),
    Target("idle-memory-tls", "memory", 32_768, absolute=True),
    Target("ws-echo-64", "cpu", 0.9),
    Target("ws-flight-500", "cpu", 1.0),
    Target("ws-64k", "cpu", 1.0),
    Target("ws-deflate-2k", "cpu", 0.9),
    Target("ws-idle-memory", "memory", 0.7),
)


def verdicts(results: Results, subject: str, loop: str) -> list[str]:
    """One line per target of this loop: pass, fail or not measured."""
    return [
        _verdict(target, results, subject)
        for target in TARGETS
        if target.loop is None or target.loop == loop
    ]


def _verdict(target: Target, results: Results, subject: str) -> str:
    value, what = (_alone if target.absolute else _against)(target, results, subject)
    verdict = "not measured"
    if value is not None:
        verdict = "pass" if value <= target.ceiling else "FAIL"
    return f"{verdict:<12}  {target.scenario}: {target.metric} of {subject} {what}"


def _alone(target: Target, results: Results, subject: str) -> tuple[float | None, str]:
    """The figure that an absolute ceiling holds for, and how the line says it."""
    values = figures(results.get(target.scenario, {}).get(subject, []), target.metric)
    memory = target.metric == "memory"
    figure, _ = shown(values, memory)
    ceiling, _ = shown([target.ceiling], memory)
    return median(values) if values else None, f"{figure}, at most {ceiling}"


def _against(target: Target, results: Results, subject: str) -> tuple[float | None, str]:
    """The ratio that a ceiling holds for, and how the line says it."""
    against, scenario = _AGAINST, target.scenario
    if target.own is not None:
        against, scenario = subject, target.own
    own = results.get(target.scenario, {}).get(subject, [])
    value = ratio(own, results.get(scenario, {}).get(against, []), target.metric)
    what = f"against {against}'s {scenario} {_rounded(value)}, at most {target.ceiling:.2f}"
    if target.beside is not None:
        by_client = results.get(target.beside, {})
        beside = ratio(by_client.get(subject, []), by_client.get(_AGAINST, []), target.metric)
        what += f" ({target.beside}: {_rounded(beside)})"
    return value, what


def _rounded(value: float | None) -> str:
    return DASH if value is None else f"{value:.2f}"
