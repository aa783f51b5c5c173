"""The servers that the tests of this folder talk to: one of each for all of them."""

from collections.abc import Iterator

import pytest

from .asgi_server import AsgiServer, serve_asgi
from .nginx import Nginx, serve


@pytest.fixture(scope="session")
def nginx() -> Iterator[Nginx]:
    with serve() as server:
        yield server


@pytest.fixture(scope="session")
def asgi() -> Iterator[AsgiServer]:
    with serve_asgi() as server:
        yield server
