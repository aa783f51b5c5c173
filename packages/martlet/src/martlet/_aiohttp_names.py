"""`import aiohttp`, answered with martlet."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

import martlet

from ._homes import MODULES

__all__ = ["install_as_aiohttp"]

_NAME: Final = "aiohttp"
_PREFIX: Final = "aiohttp."
# The version whose client names and signatures are offered; libraries compare it.
_API_VERSION: Final = "3.14.0"
_SERVER_MODULES: Final = frozenset({"pytest_plugin", "test_utils", "web", "worker"})


def install_as_aiohttp() -> None:
    """Let ``import aiohttp``, and of its modules, give martlet, in this whole process.

    Call it before anything imports aiohttp; to call it again does nothing. It does not matter
    whether aiohttp is installed. ``aiohttp.__version__`` is then the version of aiohttp's API that
    is offered, not of martlet. There is no server: ``aiohttp.web`` and what belongs to it
    raise `AttributeError`, or `ModuleNotFoundError` when they are imported, and say so.

    Raises `RuntimeError` if aiohttp itself has been imported before: its classes would go on
    living beside martlet's.
    """
    present = sys.modules.get(_NAME)
    if present is not None and not isinstance(present, _Face):
        where = getattr(present, "__file__", None) or "a module without a file"
        raise RuntimeError(
            f"aiohttp itself has already been imported, from {where}: call install_as_aiohttp()"
            " before the first import of anything that uses aiohttp"
        )
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        # In front of the others, which may know the real one.
        sys.meta_path.insert(0, _Finder())


class _Face(ModuleType):
    """The module ``aiohttp``: what martlet offers, with another version."""

    def __getattr__(self, name: str) -> object:
        # The loader, copy and others ask for what a module of its own has, or has not.
        if not name.startswith("__"):
            if _is_of_server(name):
                raise AttributeError(_no_server(_PREFIX + name))
            if name in MODULES or name in martlet.__all__:
                return getattr(martlet, name)
        raise AttributeError(f"module {_NAME!r}, which is martlet, has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return sorted({*vars(self), *martlet.__all__, *MODULES})


class _Finder(MetaPathFinder):
    """Finds ``aiohttp`` and those of its modules that martlet has."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        if fullname == _NAME:
            return ModuleSpec(fullname, _FaceLoader(), is_package=True)
        if not fullname.startswith(_PREFIX):
            return None
        name = fullname.removeprefix(_PREFIX)
        if _is_of_server(name):
            # With `name=`, `from aiohttp import web` would replace the text by its own.
            raise ModuleNotFoundError(_no_server(fullname))
        return ModuleSpec(fullname, _ModuleLoader(name)) if name in MODULES else None


class _FaceLoader(Loader):
    """Makes the module ``aiohttp``."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Face(spec.name, martlet.__doc__)

    def exec_module(self, module: ModuleType) -> None:
        # Without it, `from aiohttp import *` would bring nothing.
        names = [*martlet.__all__, "hdrs"]
        names.remove("install_as_aiohttp")
        vars(module).update(__all__=sorted(names), __version__=_API_VERSION)


class _ModuleLoader(Loader):
    """Puts a module of martlet in the place of one of aiohttp."""

    def __init__(self, name: str) -> None:
        self._name = name

    def exec_module(self, module: ModuleType) -> None:
        # The import goes on with what stands there, and the module keeps its own spec.
        sys.modules[module.__name__] = import_module(f"martlet.{self._name}")


def _is_of_server(name: str) -> bool:
    first, _, _ = name.partition(".")
    return first in _SERVER_MODULES or first.startswith("web_")


def _no_server(name: str) -> str:
    return (
        f"{name} is not there: martlet, which is installed as aiohttp, is a client and has no"
        " server; a program that needs aiohttp's server has to use aiohttp itself"
    )
