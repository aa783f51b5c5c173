"""Recordings of what goes over sockets, replayed under a session and the conformance suite."""

import gzip
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

import martlet
from martlet_interfaces import Connector
from martlet_interfaces.testing import (
    ConformanceError,
    ConnectorUnderTest,
    Then,
    check_connector,
    conformance_origin,
    serve_origin,
)
from martlet_testing import (
    Answer,
    Fault,
    MockConnector,
    MockServer,
    Piece,
    RecordConnector,
    ReplayConnector,
    SeenRequest,
)

# A recording has no exchange for a failure, and none of a request that was given up.
IN_NO_RECORDING: Final = {
    "send may be cancelled while it waits for the head",
    "sock_read limits the wait for the body",
    "sock_read limits the wait for the head",
}


async def converse(connector: Connector, server: str) -> list[object]:
    """Do a few things, and give what came of them."""
    found: list[object] = []
    async with martlet.ClientSession(server, connector=connector) as session:
        async with session.post("/login", data={"name": "ada"}) as response:
            found.append((response.status, str(response.url.path), await response.text()))
        async with session.get("/coded") as response:
            found.append(await response.read())
        async with session.get("/chunks") as response:
            found.append([chunk async for chunk in response.content])
        async with session.get("/missing") as response:
            found.append((response.status, response.reason))
        async with session.put("/binary", data=bytes(range(256))) as response:
            found.append(await response.read())
    return found


@pytest.fixture
async def server() -> AsyncIterator[MockServer]:
    async with MockServer() as server:
        fields = [("Location", "/home"), ("Set-Cookie", "sid=1; Path=/")]
        server.post("/login").respond(303, headers=fields)
        server.get("/home").respond(text="welcome")
        coded = gzip.compress(b"hello " * 1000)
        server.get("/coded").respond(body=coded, headers={"Content-Encoding": "gzip"})
        server.get("/chunks").respond(stream=[b"one\n", b"two\n"])
        server.get("/missing").respond(404, reason="Not Here")
        server.put("/binary").respond(body=bytes(range(255, -1, -1)))
        yield server


@pytest.mark.parametrize("name", ["a.json", "a.har"])
async def test_a_session_cannot_tell_them_apart(
    name: str, server: MockServer, tmp_path: Path
) -> None:
    path = tmp_path / name
    real = await converse(RecordConnector(martlet.TCPConnector(), path), str(server.url))
    replay = ReplayConnector(path, match_body=True)
    assert await converse(replay, str(server.url)) == real
    replay.assert_all_played()
    assert server.failures == []


async def test_a_recorder_does_all_duties_of_what_is_behind_it(tmp_path: Path) -> None:
    @asynccontextmanager
    async def subject() -> AsyncIterator[ConnectorUnderTest]:
        async with serve_origin() as url:
            recorder = RecordConnector(martlet.TCPConnector(), tmp_path / "a.json")
            async with recorder:
                yield ConnectorUnderTest(recorder, url)

    await check_connector(subject, errors=martlet.ClientError)


async def test_a_replayed_recording_does_all_duties_but_those_it_has_nothing_for(
    tmp_path: Path,
) -> None:
    def folder_of(make: Callable[[Path], Connector]) -> Callable[[], _Subject]:
        numbers = itertools.count()

        @asynccontextmanager
        async def subject() -> AsyncIterator[ConnectorUnderTest]:
            connector = make(tmp_path / f"{next(numbers)}.json")
            yield ConnectorUnderTest(connector, "http://origin.test", early_responses=False)
            await connector.close()

        return subject

    def recorded(path: Path) -> Connector:
        mock = MockConnector()
        mock.route(None, "/{path:path}", origin)
        return RecordConnector(mock, path, redact=[])

    def replayed(path: Path) -> Connector:
        return ReplayConnector(path, match_body=True, repeat=True)

    await check_connector(folder_of(recorded), errors=martlet.ClientError)
    with pytest.raises(ConformanceError) as caught:
        await check_connector(folder_of(replayed), errors=martlet.ClientError)
    assert set(caught.value.failures) == IN_NO_RECORDING


_Subject = AbstractAsyncContextManager[ConnectorUnderTest]


def origin(request: SeenRequest) -> Answer | Fault:
    """Answer as the conformance suite wants it."""
    fields = list(request.headers.items())
    answer = conformance_origin(request.method, request.url.raw_path_qs, fields, request.body)
    end = {Then.END: None, Then.BREAK: Fault.DISCONNECT, Then.HANG: Fault.HANG}[answer.then]
    if answer.silent and end is not None:
        return end
    stream: list[Piece] = [*answer.chunks] if end is None else [*answer.chunks, end]
    return Answer(answer.status, reason=answer.reason, headers=answer.headers, stream=stream)


async def test_a_server_under_a_real_connector_does_all_duties() -> None:
    @asynccontextmanager
    async def subject() -> AsyncIterator[ConnectorUnderTest]:
        async with MockServer() as server, martlet.TCPConnector() as connector:
            server.route(None, "/{path:path}", origin)
            yield ConnectorUnderTest(connector, server.url, early_responses=False)

    await check_connector(subject, errors=martlet.ClientError)
