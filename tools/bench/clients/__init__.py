"""The clients that are measured, one module each.

Every module is called `<client>_client`, never as the library: a module `aiohttp` here could be
imported in place of the real one.
"""

import importlib

from .shape import Client, SocketClient

NAMES = ("martlet", "aiohttp", "httpx", "pyreqwest", "niquests", "floor", "picows", "speedups")

# What pip has to install for each; martlet comes from the working tree.
REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "martlet": (),
    "aiohttp": ("aiohttp",),
    "httpx": ("httpx",),
    "pyreqwest": ("pyreqwest>=0.15,<0.16",),
    "niquests": ("niquests",),
    "floor": (),
    "picows": ("picows>=2.3,<2.4",),
    "speedups": ("numpy>=2.0", "zlib-ng>=0.5.1"),
}


def create(name: str) -> Client | SocketClient:
    """Import one client, and nothing of the others, and build it."""
    client: Client | SocketClient = importlib.import_module(f".{name}_client", __name__).create()
    return client
