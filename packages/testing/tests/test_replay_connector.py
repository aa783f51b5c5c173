import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from martlet_client_session import ClientSession
from martlet_exceptions import ClientPayloadError
from martlet_testing import (
    Fault,
    MockConnector,
    RecordConnector,
    RecordingFormatError,
    ReplayConnector,
    UnmatchedRequestError,
)


@pytest.fixture
async def path(mock: MockConnector, tmp_path: Path) -> Path:
    """A recording of a few requests."""
    mock.get("/a").respond(text="first", trailers={"X-Sum": "1"}).respond(404, text="second")
    mock.get("/q").respond(text="query")
    mock.post("/a").respond(text="posted")
    mock.get("/cut").respond(stream=[b"begin", Fault.DISCONNECT])
    file = tmp_path / "a.json"
    recorder = RecordConnector(mock, file, redact_params=["key"])
    async with ClientSession("http://a", connector=recorder) as session:
        for name in ("/a", "/a", "/q?key=secret&b=2", "/cut"):
            async with session.get(name) as response:
                if name != "/cut":
                    await response.read()
                else:
                    assert await response.content.read(5) == b"begin"
        for body in (b"one", b"two"):
            async with session.post("/a", data=body, headers={"X-Own": body.decode()}) as response:
                await response.read()
    return file


async def text_of(
    connector: ReplayConnector,
    url: str,
    method: str = "GET",
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> str:
    session = ClientSession("http://a", connector=connector, connector_owner=False)
    async with session, session.request(method, url, data=data, headers=headers) as response:
        return f"{response.status} {await response.text()}"


async def test_each_answer_is_given_once_in_its_order(path: Path) -> None:
    async with ReplayConnector(path) as replay:
        assert repr(replay) == f"<ReplayConnector {path} 6 of 6 left>"
        assert await text_of(replay, "/a") == "200 first"
        assert await text_of(replay, "/a") == "404 second"
        with pytest.raises(UnmatchedRequestError, match=r"given already \(repeat=True"):
            await text_of(replay, "/a")
        assert len(replay.unplayed) == 4
    assert replay.closed


async def test_answers_may_be_repeated(path: Path) -> None:
    replay = ReplayConnector(path, repeat=True)
    found = [await text_of(replay, "/a") for _ in range(4)]
    assert found == ["200 first", "404 second", "404 second", "404 second"]
    with pytest.raises(UnmatchedRequestError):
        await text_of(replay, "/other")


async def test_a_redacted_value_is_like_any_and_order_does_not_count(path: Path) -> None:
    replay = ReplayConnector(path, repeat=True)
    assert await text_of(replay, "/q?b=2&key=other") == "200 query"
    with pytest.raises(UnmatchedRequestError, match="the query is 'b=3&key=x'"):
        await text_of(replay, "/q?b=3&key=x")
    with pytest.raises(UnmatchedRequestError, match="the query is 'b=2'"):
        await text_of(replay, "/q?b=2")


async def test_bodies_may_have_to_be_the_same(path: Path) -> None:
    replay = ReplayConnector(path, match_body=True)
    for body in (b"two", b"one"):
        assert await text_of(replay, "/a", "POST", body) == "200 posted"
    with pytest.raises(UnmatchedRequestError, match="the body is another one"):
        await text_of(replay, "/a", "POST", b"three")


async def test_fields_may_have_to_be_the_same(path: Path) -> None:
    replay = ReplayConnector(path, match_headers=["x-own"])
    assert await text_of(replay, "/a", "POST", headers={"X-Own": "two"}) == "200 posted"
    with pytest.raises(UnmatchedRequestError, match=r"x-own is \[\], not \['one'\]"):
        await text_of(replay, "/a", "POST")
    with pytest.raises(TypeError, match="give"):
        ReplayConnector(path, match_headers="x-own")


async def test_a_redacted_field_is_like_any(mock: MockConnector, tmp_path: Path) -> None:
    mock.get("/a").respond(text="hello")
    file = tmp_path / "a.json"
    async with ClientSession("http://a", connector=RecordConnector(mock, file)) as session:
        async with session.get("/a", headers={"Authorization": "secret"}) as response:
            await response.read()
    replay = ReplayConnector(file, match_headers=["Authorization"])
    with pytest.raises(UnmatchedRequestError):
        await text_of(replay, "/a")
    assert await text_of(replay, "/a", headers={"Authorization": "other"}) == "200 hello"


async def test_a_body_that_was_cut_short_is_cut_short_again(path: Path) -> None:
    async with (
        ClientSession("http://a", connector=ReplayConnector(path)) as session,
        session.get("/cut") as response,
    ):
        assert await response.content.read(5) == b"begin"
        with pytest.raises(ClientPayloadError):
            await response.read()


async def test_trailers_come_again(path: Path) -> None:
    async with ClientSession("http://a", connector=ReplayConnector(path)) as session:
        async with session.get("/a") as response:
            await response.read()
            assert response._exchange is not None
            assert response._exchange.info("trailers") == (("X-Sum", "1"),)


async def test_an_unmatched_request_names_the_nearest(path: Path) -> None:
    replay = ReplayConnector(path)
    with pytest.raises(UnmatchedRequestError) as caught:
        await text_of(replay, "/cut", "POST")
    assert str(caught.value) == (
        f"{path} has no answer for POST http://a/cut\n"
        "The nearest recorded requests:\n"
        "  GET http://a/cut: the method is POST, not GET\n"
        "  POST http://a/a: the URL is http://a/cut\n"
        "  POST http://a/a: the URL is http://a/cut"
    )


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.json"
    path.write_text('{"format": "martlet-recording", "version": 1, "exchanges": []}')
    return path


async def test_an_empty_recording_says_so(empty: Path) -> None:
    replay = ReplayConnector(empty)
    replay.assert_all_played()
    with pytest.raises(UnmatchedRequestError, match="it is empty"):
        await text_of(replay, "/a")


async def test_what_was_not_asked_for_can_be_demanded(path: Path) -> None:
    replay = ReplayConnector(path)
    await text_of(replay, "/a")
    with pytest.raises(AssertionError) as caught:
        replay.assert_all_played()
    assert str(caught.value).splitlines() == [
        f"Of {path} these were not asked for:",
        "  GET http://a/a",
        "  GET http://a/q?key=REDACTED&b=2",
        "  GET http://a/cut",
        "  POST http://a/a",
        "  POST http://a/a",
    ]


def test_a_file_that_is_no_recording_is_refused(path: Path) -> None:
    document = json.loads(path.read_text())
    del document["exchanges"][1]["response"]["status"]
    path.write_text(json.dumps(document))
    with pytest.raises(RecordingFormatError, match=r"exchanges\[1\]\.response has no 'status'"):
        ReplayConnector(path)
