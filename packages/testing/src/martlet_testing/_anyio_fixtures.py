"""The fixtures that anyio's plugin runs."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from ._loop_fixtures import opened_server, opened_session

if TYPE_CHECKING:
    from martlet import ClientSession

    from ._mock_server import MockServer

__all__: list[str] = []


@pytest.fixture
async def _martlet_session_of_anyio(
    request: pytest.FixtureRequest,
) -> "AsyncIterator[ClientSession]":
    async with opened_session(request) as session:
        yield session


@pytest.fixture
async def _martlet_server_of_anyio() -> "AsyncIterator[MockServer]":
    async with opened_server() as server:
        yield server
