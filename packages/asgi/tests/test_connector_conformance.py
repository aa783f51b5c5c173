from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from martlet_asgi import ASGIConnector
from martlet_exceptions import ClientError
from martlet_interfaces.testing import ConnectorUnderTest, check_connector

from .conformance_app import conformance_app


@asynccontextmanager
async def subject() -> AsyncIterator[ConnectorUnderTest]:
    async with ASGIConnector(conformance_app) as connector:
        yield ConnectorUnderTest(connector, "http://origin.test")


async def test_it_does_all_duties_of_a_connector() -> None:
    await check_connector(subject, errors=ClientError)
