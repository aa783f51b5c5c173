import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from attrs import evolve

from martlet_client_session import ClientSession
from martlet_exceptions import ClientError, ServerDisconnectedError
from martlet_interfaces.testing import (
    ConnectorUnderTest,
    FakeConnector,
    check_connector,
    conformance_origin,
)
from martlet_testing import (
    Fault,
    MockConnector,
    RecordConnector,
    RecordedExchange,
    WSReceive,
    WSSend,
)
from martlet_testing._recording_file import load_recording


def failure(text: str) -> ClientError:
    return ServerDisconnectedError(text)


async def test_it_does_all_duties_of_a_connector(tmp_path: Path) -> None:
    @asynccontextmanager
    async def subject() -> AsyncIterator[ConnectorUnderTest]:
        mock = MockConnector()
        # What is behind it does them itself.
        inner = FakeConnector(conformance_origin, error=failure, timeout_error=_TimeoutError)
        async with RecordConnector(inner, tmp_path / "a.json") as connector:
            yield ConnectorUnderTest(connector, "http://origin.test", early_responses=False)
        await mock.close()

    await check_connector(subject, errors=ClientError)


class _TimeoutError(ClientError, TimeoutError):
    pass


async def send_some(recorder: RecordConnector) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    async with ClientSession("http://a", connector=recorder) as session:
        async with session.get("/one?key=secret", headers={"Authorization": "secret"}) as response:
            assert response.headers["Set-Cookie"] == "sid=secret"
            assert await response.text() == "one"
        async with session.post("/two", data=pieces()) as response:
            assert await response.text() == "two"
        async with session.put("/two", data=b"bytes") as response:
            await response.read()
        with pytest.raises(ServerDisconnectedError):
            await session.get("/broken")


@pytest.fixture
def server(mock: MockConnector) -> MockConnector:
    mock.get("/one").respond(text="one", headers={"Set-Cookie": "sid=secret"})
    mock.route(None, "/two").respond(text="two")
    mock.get("/broken", Fault.DISCONNECT)
    return mock


@pytest.mark.parametrize("name", ["a.json", "a.har"])
async def test_all_exchanges_are_in_the_file_and_no_secrets(
    name: str, server: MockConnector, tmp_path: Path
) -> None:
    path = tmp_path / name
    recorder = RecordConnector(server, path, redact_params=["key"])
    assert recorder.schemes == server.schemes
    await send_some(recorder)
    assert server.closed
    assert "secret" not in path.read_text(encoding="utf-8")
    found = load_recording(path)
    assert [(one.request.method, str(one.request.url)) for one in found] == [
        ("GET", "http://a/one?key=REDACTED"),
        ("POST", "http://a/two"),
        ("PUT", "http://a/two"),
    ]
    assert [one.request.body for one in found] == [b"", b"ab", b"bytes"]
    assert [one.response.body for one in found] == [b"one", b"two", b"two"]
    assert repr(recorder) == f"<RecordConnector {path} 3 exchanges>"


async def test_what_is_redacted_can_be_chosen(server: MockConnector, tmp_path: Path) -> None:
    recorder = RecordConnector(server, tmp_path / "a.json", redact=["Host"])
    await send_some(recorder)
    first = recorder.exchanges[0]
    assert ("Host", "REDACTED") in first.request.headers
    assert ("Authorization", "secret") in first.request.headers


async def test_what_is_saved_can_be_changed(server: MockConnector, tmp_path: Path) -> None:
    def change(exchange: RecordedExchange) -> RecordedExchange | None:
        if exchange.request.method == "PUT":
            return None
        return evolve(exchange, response=evolve(exchange.response, body=b"changed"))

    path = tmp_path / "a.json"
    await send_some(RecordConnector(server, path, before_save=change))
    assert [one.response.body for one in load_recording(path)] == [b"changed", b"changed"]


async def test_a_body_that_is_not_read_to_its_end_is_recorded_so_far(
    mock: MockConnector, tmp_path: Path
) -> None:
    mock.get("/a").respond(stream=[b"begin", Fault.HANG])
    path = tmp_path / "a.json"
    async with ClientSession("http://a", connector=RecordConnector(mock, path)) as session:
        async with session.get("/a") as response:
            assert await response.content.read(5) == b"begin"
    (found,) = load_recording(path)
    assert (found.response.body, found.response.complete) == (b"begin", False)


async def test_a_web_socket_goes_through_unrecorded(mock: MockConnector, tmp_path: Path) -> None:
    mock.ws("/chat", [WSReceive("a"), WSSend("b")])
    recorder = RecordConnector(mock, tmp_path / "a.json")
    async with (
        ClientSession("http://a", connector=recorder) as session,
        session.ws_connect("/chat") as ws,
    ):
        await ws.send_str("a")
        assert await ws.receive_str() == "b"
    assert recorder.exchanges == []
    assert load_recording(tmp_path / "a.json") == []


async def test_the_file_can_be_written_before_the_end(
    server: MockConnector, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    async with RecordConnector(server, path) as recorder:
        recorder.save()
        assert load_recording(path) == []
        assert not server.closed
    assert server.closed


async def test_a_second_close_writes_nothing(server: MockConnector, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    recorder = RecordConnector(server, path)
    await recorder.close()
    path.unlink()
    await recorder.close()
    assert not path.exists()


async def test_a_file_that_cannot_be_written_is_an_error(
    server: MockConnector, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    recorder = RecordConnector(server, tmp_path / "file" / "a.json")
    with pytest.raises(OSError, match="file"):
        await recorder.close()
    assert server.closed
    await asyncio.sleep(0)
