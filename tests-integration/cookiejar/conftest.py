"""The server of this folder's tests, a new one for each."""

from collections.abc import Iterator

import pytest

from .origin import Origin, serve


@pytest.fixture
def origin() -> Iterator[Origin]:
    with serve() as server:
        yield server
