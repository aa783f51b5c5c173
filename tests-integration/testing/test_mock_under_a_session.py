"""What a session does by itself, over a mock: nothing is different there."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

import martlet
from martlet_testing import Answer, Fault, MockConnector, SeenRequest


@pytest.fixture
def mock() -> MockConnector:
    return MockConnector()


@pytest.fixture
async def session(mock: MockConnector) -> AsyncIterator[martlet.ClientSession]:
    async with martlet.ClientSession("https://api.example", connector=mock) as session:
        yield session


async def test_it_follows_redirects_with_the_cookies_of_each(
    mock: MockConnector, session: martlet.ClientSession
) -> None:
    mock.post("/login", data={"name": "ada"}).respond(
        303, headers=[("Location", "/home"), ("Set-Cookie", "sid=1; Path=/")]
    )
    mock.get("/home", headers={"Cookie": "sid=1"}).respond(text="welcome")
    async with session.post("/login", data={"name": "ada"}) as response:
        assert await response.text() == "welcome"
        assert [hop.status for hop in response.history] == [303]
    mock.assert_all_called()


async def test_it_removes_content_codings(
    mock: MockConnector, session: martlet.ClientSession
) -> None:
    coded = gzip.compress(b"hello " * 1000)
    pieces = [coded[start : start + 7] for start in range(0, len(coded), 7)]
    mock.get("/a").respond(stream=pieces, headers={"Content-Encoding": "gzip"})
    async with session.get("/a") as response:
        assert await response.read() == b"hello " * 1000


async def test_it_sends_forms_and_files(
    mock: MockConnector, session: martlet.ClientSession
) -> None:
    def upload(request: SeenRequest) -> Answer:
        kind = request.headers["Content-Type"]
        assert kind.startswith("multipart/form-data; boundary=")
        boundary = kind.partition("=")[2].encode()
        assert request.body.count(b"--" + boundary) == 3
        return Answer(json=b"x" * 100_000 in request.body)

    mock.post("/upload", upload)
    form = martlet.FormData()
    form.add_field("name", "value")
    form.add_field("file", b"x" * 100_000, filename="a.bin")
    async with session.post("/upload", data=form) as response:
        assert await response.json() is True


async def test_it_reads_lines_events_and_large_bodies(
    mock: MockConnector, session: martlet.ClientSession
) -> None:
    mock.get("/lines").respond(stream=[b"one\ntw", b"o\n", b"three"])
    mock.get("/large").respond(body=b"x" * 5_000_000)
    async with session.get("/lines") as response:
        assert [line async for line in response.content] == [b"one\n", b"two\n", b"three"]
    async with session.get("/large") as response:
        sizes = [len(chunk) async for chunk in response.content.iter_chunked(100_000)]
        assert sum(sizes) == 5_000_000


async def test_it_raises_for_a_status(mock: MockConnector, session: martlet.ClientSession) -> None:
    mock.get("/a").respond(404, json={"error": "none"})
    async with session.get("/a") as response:
        with pytest.raises(martlet.ClientResponseError, match="404"):
            response.raise_for_status()


async def test_requests_beside_one_another_do_not_mix(
    mock: MockConnector, session: martlet.ClientSession
) -> None:
    @mock.get("/{number}")
    async def echo(request: SeenRequest) -> Answer:
        for _ in range(int(request.path_params["number"]) % 5):
            await asyncio.sleep(0)
        return Answer(text=request.path_params["number"])

    async def fetch(number: int) -> str:
        async with session.get(f"/{number}") as response:
            return await response.text()

    found = await asyncio.gather(*map(fetch, range(100)))
    assert found == [str(number) for number in range(100)]
    assert len(mock.calls) == 100
    assert echo is not None


async def test_a_middleware_may_send_again(mock: MockConnector) -> None:
    async def again(
        request: martlet.ClientRequest, handler: martlet.ClientHandlerType
    ) -> martlet.ClientResponse:
        try:
            return await handler(request)
        except martlet.ClientConnectorError:
            return await handler(request)

    route = mock.get("/a", Fault.REFUSED).respond(text="at last")
    async with martlet.ClientSession(
        "https://api.example", connector=mock, middlewares=[again]
    ) as session:
        async with session.get("/a") as response:
            assert await response.text() == "at last"
    route.assert_called(2)


async def test_what_has_no_route_goes_over_the_network() -> None:
    from martlet_testing import MockServer

    async with MockServer() as server:
        server.get("/real").respond(text="real")
        mock = MockConnector(passthrough=martlet.TCPConnector(), passthrough_hosts=["127.0.0.1"])
        mock.get("https://api.example/").respond(text="mocked")
        async with martlet.ClientSession(connector=mock) as session:
            async with session.get(server.url / "real") as response:
                assert await response.text() == "real"
            async with session.get("https://api.example/") as response:
                assert await response.text() == "mocked"
