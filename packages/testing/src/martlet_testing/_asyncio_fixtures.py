"""The fixtures that pytest-asyncio runs."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from ._loop_fixtures import opened_server, opened_session

if TYPE_CHECKING:
    from martlet import ClientSession

    from ._mock_server import MockServer

__all__: list[str] = []


@pytest_asyncio.fixture
async def _martlet_session_of_asyncio(
    request: pytest.FixtureRequest,
) -> "AsyncIterator[ClientSession]":
    async with opened_session(request) as session:
        yield session


@pytest_asyncio.fixture
async def _martlet_server_of_asyncio() -> "AsyncIterator[MockServer]":
    async with opened_server() as server:
        yield server
