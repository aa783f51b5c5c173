"""What a target's process said at its end."""

import re
from dataclasses import dataclass

__all__ = ["Outcome", "read_outcome"]

_PULSE = re.compile(r"^#\d+\s.*?\bcov: (\d+) ft: (\d+)", re.MULTILINE)
_STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)", re.MULTILINE)
_ARTIFACT = re.compile(r"Test unit written to (\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """The figures of a target, and what it found."""

    target: str
    executions: int
    per_second: int
    coverage: int
    features: int
    added: int
    """Corpus items that were not there before."""
    corpus: int
    finding: str | None
    """The file with the input that must not do what it does."""
    failure: str | None
    """What was printed, if there is a finding, or the process ended for another reason."""


def read_outcome(target: str, output: str, *, failed: bool, before: int, corpus: int) -> Outcome:
    """Read what libFuzzer printed; *before* and *corpus* are the numbers of corpus items."""
    statistics = {name: int(value) for name, value in _STATISTIC.findall(output)}
    pulses = _PULSE.findall(output)
    coverage, features = map(int, pulses[-1]) if pulses else (0, 0)
    artifact = _ARTIFACT.search(output)
    return Outcome(
        target,
        statistics.get("number_of_executed_units", 0),
        statistics.get("average_exec_per_sec", 0),
        coverage,
        features,
        max(0, corpus - before),
        corpus,
        artifact[1].strip() if artifact else None,
        output if failed or artifact else None,
    )
