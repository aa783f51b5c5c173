"""Medians, ratios and the tables they are printed in."""

import datetime as dt
import os
import platform
import shlex
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from ._aligned import aligned
from ._runner import Results
from ._sample import Sample

DASH = "\N{EN DASH}"
_UNITS = ((1.0, "s"), (1e-3, "ms"), (0.0, "µs"))
_SCALES = {"s": 1.0, "ms": 1e3, "µs": 1e6}


@dataclass(frozen=True)
class Conditions:
    """All that a figure depends on besides the code."""

    date: str
    command: str
    python: str
    cpu: str
    kernel: str
    loop: str
    """The event loop, if there is one."""
    cores: str
    load: float
    versions: dict[str, str]

    def lines(self) -> list[str]:
        """As they stand above a table."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return [
            f"- {self.date}, `{self.command}`",
            f"- {self.python}{f' with {self.loop}' if self.loop else ''}; {versions}",
            f"- {self.cpu}, {self.kernel}; {self.cores}; load average {self.load:.2f} before",
        ]


def conditions(
    tool: str, loop: str, cores: str, load: float, versions: dict[str, str]
) -> Conditions:
    """The conditions of this run of a tool."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return Conditions(
        date=dt.date.today().isoformat(),
        command=shlex.join(["python3", tool, *sys.argv[1:]]),
        python=python,
        cpu=f"{_cpu_model()} ({os.cpu_count()} cores)",
        kernel=f"{platform.system()} {platform.release()}",
        loop=loop,
        cores=cores,
        load=load,
        versions=versions,
    )


def _cpu_model() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def figures(samples: list[Sample], metric: str) -> list[float]:
    """A metric per operation, of every round that has it."""
    values = (sample.per_operation(metric) for sample in samples)
    return [value for value in values if value is not None]


def ratio(own: list[Sample], other: list[Sample], metric: str) -> float | None:
    """Median through median; None if either was not measured."""
    ours, theirs = figures(own, metric), figures(other, metric)
    if not ours or not theirs or median(theirs) <= 0:
        return None
    return median(ours) / median(theirs)


def _time(seconds: float, unit: str) -> str:
    return f"{seconds * _SCALES[unit]:,.1f}"


def shown(values: list[float], memory: bool) -> tuple[str, str]:
    """The median with its unit, and the spread in the same unit."""
    if not values:
        return DASH, DASH
    middle = median(values)
    if memory:
        return f"{middle:,.0f} B", f"{min(values):,.0f}{DASH}{max(values):,.0f}"
    unit = next(unit for least, unit in _UNITS if middle >= least)
    spread = f"{_time(min(values), unit)}{DASH}{_time(max(values), unit)}"
    return f"{_time(middle, unit)} {unit}", spread


def _row(scenario: str, client: str, subject: str, by_client: dict[str, list[Sample]]) -> list[str]:
    own, samples = by_client[subject], by_client[client]
    memory = any(sample.memory is not None for samples in by_client.values() for sample in samples)
    metric = "memory" if memory else "cpu"
    middle, spread = shown(figures(samples, metric), memory)
    wall, _ = shown(figures(samples, "wall"), False)

    def against(which: str) -> str:
        value = None if client == subject else ratio(own, samples, which)
        return DASH if value is None else f"{value:.2f}"

    return [scenario, client, middle, spread, wall, against(metric), against("wall")]


def table(results: Results, subject: str) -> str:
    """The aligned Markdown table of all results."""
    head = [
        "scenario",
        "client",
        "CPU/op",
        f"min{DASH}max",
        "wall/op",
        f"CPU: {subject} ÷ client",
        f"wall: {subject} ÷ client",
    ]
    rows = [
        _row(scenario if index == 0 else "", client, subject, by_client)
        for scenario, by_client in results.items()
        for index, client in enumerate(by_client)
    ]
    return aligned([head, *rows], left=2)


def raw(results: Results, subject: str, setting: Conditions) -> dict[str, Any]:
    """All samples with their conditions, for `--json`."""
    return {
        "subject": subject,
        "conditions": asdict(setting),
        "samples": {
            scenario: {
                client: [asdict(sample) for sample in samples]
                for client, samples in by_client.items()
            }
            for scenario, by_client in results.items()
        },
    }
