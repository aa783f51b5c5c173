"""What the fixtures with an event loop do, whoever runs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from martlet import ClientSession

    from ._mock_server import MockServer

__all__ = ["opened_server", "opened_session"]


@asynccontextmanager
async def opened_session(request: pytest.FixtureRequest) -> "AsyncIterator[ClientSession]":
    """Give a session over the mock, if there is one, and close it."""
    from martlet import ClientSession

    mocked = "martlet_mock" in request.fixturenames
    connector = request.getfixturevalue("martlet_mock") if mocked else None
    async with ClientSession(connector=connector) as session:
        yield session


@asynccontextmanager
async def opened_server() -> "AsyncIterator[MockServer]":
    """Give a server, close it, and raise what its handlers have raised."""
    from ._mock_server import MockServer

    async with MockServer() as server:
        yield server
    if server.failures:
        raise ExceptionGroup("What handlers of martlet_server have raised", server.failures)
