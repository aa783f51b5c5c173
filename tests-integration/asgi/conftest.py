"""A session over an application, with an event loop that may not complain."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

import martlet
from martlet_asgi import ASGIConnector

from .shop_app import Shop


@pytest.fixture
async def complaints() -> AsyncIterator[list[dict[str, Any]]]:
    """What the loop's exception handler gets: nothing, unless a test takes it away."""
    heard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    yield heard
    assert heard == []


@pytest.fixture
async def shop(complaints: list[dict[str, Any]]) -> Shop:
    return Shop()


@pytest.fixture
async def session(shop: Shop) -> AsyncIterator[martlet.ClientSession]:
    connector = ASGIConnector(shop, lifespan="on")
    async with martlet.ClientSession("http://shop.test", connector=connector) as session:
        yield session
