"""Makes the collections that each test on a scripted network ends with cheap."""

import gc

import pytest


@pytest.fixture(scope="session", autouse=True)
def _imports_are_no_garbage() -> None:
    gc.collect()
    gc.freeze()
