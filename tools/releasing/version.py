"""The version of a package: in its pyproject.toml and, where it has one, its ``__version__``."""

import re
from typing import Final

from checks.places import Package

__all__ = ["current", "raise_to"]

_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_IN_PROJECT: Final = re.compile(r'^(version = ")([^"]+)(")$', re.MULTILINE)
_IN_SOURCE: Final = re.compile(r'^(__version__\b[^=\n]*= ")([^"]+)(")$', re.MULTILINE)


def current(package: Package) -> str:
    """Tell the version in pyproject.toml."""
    version: str = package.pyproject["project"]["version"]
    return version


def raise_to(package: Package, version: str) -> None:
    """Write *version* wherever the package tells its own.

    Raises `ValueError` if it is not three numbers, or not above the present one.
    """
    before = current(package)
    if not _VERSION.fullmatch(version):
        raise ValueError(f"a version is three numbers, as 0.2.0: {version}")
    if _numbers(version) <= _numbers(before):
        raise ValueError(f"{version} is not above {before}")
    places = [(package.folder / "pyproject.toml", _IN_PROJECT)]
    places += [(path, _IN_SOURCE) for path in sorted(package.source.rglob("*.py"))]
    for path, pattern in places:
        text = path.read_text(encoding="utf-8")
        changed = pattern.sub(rf"\g<1>{version}\g<3>", text)
        if changed != text:
            path.write_text(changed, encoding="utf-8")
    if current(package) != version:
        raise ValueError(f'{package.name}/pyproject.toml has no line `version = "{before}"`')


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
