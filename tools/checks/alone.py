"""Each package alone: its wheel, what it declares, the test tools, and nothing else.

What a package imports but does not declare is missing here and only here. Its coverage is measured
in the same run, so that no package lives on the tests of another.
"""

import tomllib

from checks.places import CACHE, ROOT, Package
from checks.process import Report
from checks.wheels import install, venv

__all__ = ["check_alone"]

# The share of a package's lines and branches that its own tests reach, in percent.
_COVERAGE = {
    "asgi": 100,
    "cookiejar": 100,
    "exceptions": 100,
    "http_parser": 100,
    "interfaces": 100,
    "testing": 100,
    "websocket": 100,
}
_COVERAGE_OF_OTHERS = 95


def check_alone(package: Package, report: Report) -> None:
    """Test one package in an environment of its own and measure coverage."""
    python = venv(report, CACHE / "alone" / package.name)
    # Optional parts are tested too, therefore with what they need.
    extras = ",".join(sorted(package.pyproject["project"].get("optional-dependencies", {})))
    wanted = f"{package.distribution}[{extras}]" if extras else package.distribution
    hatch = tomllib.loads((ROOT / "hatch.toml").read_text(encoding="utf-8"))
    install(report, python, wanted, *hatch["envs"]["hatch-test"]["dependencies"])
    data = CACHE / "coverage" / package.name
    data.parent.mkdir(parents=True, exist_ok=True)
    measured = data.with_suffix(".installed")
    # -P: the current folder must not be importable.
    strict = ["-P", "-W", "error"]
    coverage = ["-m", "coverage", "run", f"--data-file={measured}", f"--source={package.module}"]
    pytest = ["-m", "pytest", "-p", "no:cacheprovider", str(package.folder)]
    report.run(python, *strict, *coverage, *pytest)
    # Combining names the sources in the repository instead of the installed ones.
    report.run(python, "-m", "coverage", "combine", "-q", f"--data-file={data}", measured)
    least = _COVERAGE.get(package.name, _COVERAGE_OF_OTHERS)
    options = [f"--data-file={data}", f"--fail-under={least}"]
    table = report.run(python, "-m", "coverage", "report", *options)
    total = [line.split()[-1] for line in table.splitlines() if line.startswith("TOTAL")]
    report.headline(f"coverage {total[0]} of at least {least} %")
