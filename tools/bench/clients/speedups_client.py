"""martlet, in a program that makes use of what is compiled: numpy and zlib-ng."""

import importlib

from .aiohttp_shaped import AiohttpShaped
from .shape import Client


def create() -> Client:
    """Import both, tell martlet of one, and build the client."""
    # It masks what WebSockets send if it is there.
    importlib.import_module("numpy")
    library = importlib.import_module("zlib_ng.zlib_ng")
    importlib.import_module("martlet").set_zlib_backend(library)
    return AiohttpShaped("martlet")
