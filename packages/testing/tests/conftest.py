"""An event loop whose time jumps, and a mock with a session over it."""

import asyncio
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import pytest

from martlet_client_session import ClientSession
from martlet_testing import MockConnector

T = TypeVar("T")


class JumpingSelector(selectors.DefaultSelector):
    """Never waits: the time that a wait would take has passed when it returns."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits for ever")
        self.now += max(timeout, 0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


@pytest.fixture
def run_virtually() -> Callable[[Coroutine[Any, Any, T]], T]:
    """Run a coroutine in time that costs none."""

    def run(coroutine: Coroutine[Any, Any, T]) -> T:
        with asyncio.Runner(debug=False, loop_factory=VirtualLoop) as runner:
            return runner.run(coroutine)

    return run


@pytest.fixture
def mock() -> MockConnector:
    return MockConnector()


@pytest.fixture
async def session(mock: MockConnector) -> AsyncIterator[ClientSession]:
    async with ClientSession("https://api.example", connector=mock) as session:
        yield session
