"""The nginx that the tests of this folder talk to: one for all of them."""

from collections.abc import Iterator

import pytest

from .nginx import Nginx, serve


@pytest.fixture(scope="session")
def nginx() -> Iterator[Nginx]:
    with serve() as server:
        yield server
