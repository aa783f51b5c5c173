"""The libraries whose parsers are measured, one module each.

Every module is called `<library>_library`, never as the library: a module `h11` here could be
imported in place of the real one.
"""

import importlib

from bench_parser._cases import Kind

from .shape import Reader

# The distributions that pip has to install; martlet comes from the working tree.
REQUIREMENTS = ("aiohttp", "h11", "httptools")

_MODULES = {"aiohttp-kept": "aiohttp"}


def create(name: str, kind: Kind) -> Reader:
    """Import one library and make its reader for a kind of case."""
    module = importlib.import_module(f".{_MODULES.get(name, name)}_library", __name__)
    reader: Reader = module.create(name, kind)
    return reader
