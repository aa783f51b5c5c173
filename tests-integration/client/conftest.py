"""The nginx that the tests of this folder talk to: one for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .nginx import Nginx, serve


@pytest.fixture(scope="session")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with serve(Path(tmp_path_factory.mktemp("nginx"))) as server:
        yield server
