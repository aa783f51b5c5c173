"""atheris, as far as it is used here; it comes without types."""

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, cast

__all__ = ["Engine", "engine"]


class _Hooks(Protocol):
    def add(self, hook: str) -> None: ...


class Engine(Protocol):
    """The module."""

    @property
    def enabled_hooks(self) -> _Hooks:
        """What is watched besides branches."""

    def instrument_imports(self, include: list[str]) -> AbstractContextManager[object]:
        """Watch the branches of some packages, and of what is in them, imported meanwhile."""

    def Setup(self, arguments: list[str], run: Callable[[bytes], None]) -> object:  # noqa: N802 (atheris's name)
        """Take libFuzzer's arguments, after the program's name, and what tries an input."""

    def Fuzz(self) -> None:  # noqa: N802 (atheris's name)
        """Try inputs until something is found or time is over; ends the process."""


def engine() -> Engine:
    """Import it: only the fuzzer's own environment has it."""
    return cast(Engine, importlib.import_module("atheris"))
