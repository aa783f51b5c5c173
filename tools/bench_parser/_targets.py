"""The ceilings of the parser's figures, as ratios; checked by `--target`."""

from dataclasses import dataclass

from bench._report import DASH, ratio
from bench._runner import Results
from bench._sample import Sample

from ._cases import CASES
from ._child import WHOLE

_SUBJECT = "martlet"


@dataclass(frozen=True)
class Target:
    """martlet's median in a case may be at most *ceiling* times that of *against*."""

    case: str
    against: str
    ceiling: float


def _all(beginning: str, against: str, ceiling: float) -> list[Target]:
    names = (name for name in CASES if name.startswith(beginning))
    return [Target(name, against, ceiling) for name in names]


TARGETS = (
    *_all("head-10", "aiohttp", 0.9),
    *_all("head-10", "h11", 0.1),
    *_all("head-50", "aiohttp", 0.9),
    *_all("chunks-1000", "aiohttp", 1.5),
    *_all("trickle", _SUBJECT + WHOLE, 4.0),
)


def verdicts(results: Results) -> list[str]:
    """One line per target: pass, fail or not measured."""
    return [_verdict(target, results.get(target.case, {})) for target in TARGETS]


def _verdict(target: Target, by_library: dict[str, list[Sample]]) -> str:
    value = ratio(by_library.get(_SUBJECT, []), by_library.get(target.against, []), "cpu")
    verdict = "not measured"
    if value is not None:
        verdict = "pass" if value <= target.ceiling else "FAIL"
    shown = DASH if value is None else f"{value:.2f}"
    return (
        f"{verdict:<12}  {target.case}: {_SUBJECT} ÷ {target.against} {shown}, "
        f"at most {target.ceiling:.2f}"
    )
