"""The connector for everyday use does all duties of a connector, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import uvloop

from martlet import ClientError, TCPConnector
from martlet_interfaces.testing import ConnectorUnderTest, check_connector, serve_origin


@asynccontextmanager
async def subject() -> AsyncIterator[ConnectorUnderTest]:
    async with serve_origin() as url, TCPConnector() as connector:
        yield ConnectorUnderTest(connector, url)


@asynccontextmanager
async def without_reuse() -> AsyncIterator[ConnectorUnderTest]:
    async with serve_origin() as url, TCPConnector(force_close=True) as connector:
        yield ConnectorUnderTest(connector, url)


@asynccontextmanager
async def with_few_connections() -> AsyncIterator[ConnectorUnderTest]:
    # Checks hold one exchange back and go on with others, so one connection is not enough.
    async with serve_origin() as url, TCPConnector(limit=3) as connector:
        yield ConnectorUnderTest(connector, url)


@pytest.mark.parametrize(
    "make_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
@pytest.mark.parametrize("factory", [subject, without_reuse, with_few_connections])
def test_the_tcp_connector_conforms(
    factory: Callable[[], AbstractAsyncContextManager[ConnectorUnderTest]],
    make_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(check_connector(factory, errors=ClientError, deadline=20))
