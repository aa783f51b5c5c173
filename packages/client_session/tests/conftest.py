from collections.abc import AsyncIterator

import pytest

from martlet_client_session import ClientSession

from .scripted import ScriptedConnector


@pytest.fixture
def connector() -> ScriptedConnector:
    return ScriptedConnector()


@pytest.fixture
async def session(connector: ScriptedConnector) -> AsyncIterator[ClientSession]:
    async with ClientSession(connector=connector) as session:
        yield session
