"""An event loop whose time jumps, and the conformance suite run on it."""

import asyncio
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from martlet_interfaces import Connector
from martlet_interfaces.testing import ConformanceError, ConnectorUnderTest, check_connector

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
        # Without the loop's own debug mode, which takes a traceback for each of many calls.
        with asyncio.Runner(debug=False, loop_factory=VirtualLoop) as runner:
            return runner.run(coroutine)

    return run


@pytest.fixture
def failed_duties(
    run_virtually: Callable[[Coroutine[Any, Any, None]], None],
) -> Callable[..., Mapping[str, str]]:
    """Check connectors, and give the duties they fail in."""

    def check(make: Callable[[], Connector], *, early: bool = False) -> Mapping[str, str]:
        @asynccontextmanager
        async def factory() -> AsyncIterator[ConnectorUnderTest]:
            yield ConnectorUnderTest(make(), "http://origin.test:8080", early_responses=early)

        try:
            run_virtually(check_connector(factory, errors=OSError))
        except ConformanceError as exc:
            return exc.failures
        return {}

    return check
