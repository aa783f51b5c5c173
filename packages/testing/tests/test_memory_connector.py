import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from martlet_client_session import ClientSession
from martlet_exceptions import ClientConnectionError, ClientError
from martlet_interfaces.testing import (
    ConnectorUnderTest,
    Then,
    check_connector,
    conformance_origin,
)
from martlet_testing import Answer, Fault, MockConnector, Piece, SeenRequest


def origin(request: SeenRequest) -> Answer | Fault:
    """Answer as the conformance suite wants it."""
    fields = list(request.headers.items())
    answer = conformance_origin(request.method, request.url.raw_path_qs, fields, request.body)
    ends: dict[Then, list[Fault]] = {
        Then.END: [],
        Then.BREAK: [Fault.DISCONNECT],
        Then.HANG: [Fault.HANG],
    }
    if answer.silent:
        return ends[answer.then][0]
    stream: list[Piece] = [*answer.chunks, *ends[answer.then]]
    return Answer(answer.status, reason=answer.reason, headers=answer.headers, stream=stream)


@asynccontextmanager
async def subject() -> AsyncIterator[ConnectorUnderTest]:
    async with MockConnector() as mock:
        mock.route(None, "http://origin.test/{path:path}", origin)
        yield ConnectorUnderTest(mock, "http://origin.test", early_responses=False)


async def test_it_does_all_duties_of_a_connector() -> None:
    await check_connector(subject, errors=ClientError)


async def test_what_expects_100_needs_a_body(mock: MockConnector, session: ClientSession) -> None:
    mock.put("/a").respond(201)
    async with session.put("/a", data=b"1", expect100=True) as response:
        assert response.status == 201
    with pytest.raises(ValueError, match="needs a body"):
        await session.put("/a", headers={"Expect": "100-continue"})


async def test_closing_can_be_awaited_until_all_has_ended(
    mock: MockConnector, session: ClientSession
) -> None:
    began, ended = asyncio.Event(), []

    @mock.get("/a")
    async def handler(_request: SeenRequest) -> Answer:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)
        return Answer()

    mock.get("/b")
    async with session.get("/b"):
        pass
    request = asyncio.create_task(session.request("GET", "/a").__aenter__())
    await began.wait()
    await mock.close()
    assert ended == [True]
    with pytest.raises(ClientConnectionError, match="The connector was closed"):
        await request
    assert handler is not None
    await mock.close()
