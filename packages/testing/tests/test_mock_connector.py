import pytest

from martlet_client_session import ClientSession
from martlet_exceptions import ClientConnectionError
from martlet_testing import Answer, MockConnector, SeenRequest, UnmatchedRequestError


async def text_of(session: ClientSession, url: str) -> str:
    async with session.get(url) as response:
        return await response.text()


async def test_a_handler_gets_the_request_as_it_was_sent(
    mock: MockConnector, session: ClientSession
) -> None:
    @mock.post("/orders/{id}")
    async def handler(request: SeenRequest) -> Answer:
        assert request.method == "POST"
        assert str(request.url) == "https://api.example/orders/7?a=1"
        assert request.headers["X-Own"] == "1"
        assert request.path_params["id"] == "7"
        return Answer(201, json={"got": request.json()}, headers={"X-Other": "2"})

    fields = {"X-Own": "1"}
    async with session.post("/orders/7?a=1#b", json=[1], headers=fields) as response:
        assert response.status == 201
        assert response.headers["X-Other"] == "2"
        assert await response.json() == {"got": [1]}
    assert handler is not None
    mock.assert_all_called()


async def test_it_is_closed_with_the_session() -> None:
    mock = MockConnector()
    async with ClientSession(connector=mock):
        assert repr(mock) == "<MockConnector 0 routes, 0 calls>"
    assert mock.closed
    assert repr(mock) == "<MockConnector 0 routes, closed>"


async def test_it_is_closed_by_async_with() -> None:
    async with MockConnector() as mock:
        mock.get("/a")
        assert repr(mock) == "<MockConnector 1 routes, 0 calls>"
    assert mock.closed
    async with ClientSession(connector=mock) as session:
        with pytest.raises(ClientConnectionError, match="closed"):
            await session.get("http://a/a")


async def test_leaving_it_may_demand_that_routes_were_called() -> None:
    with pytest.raises(AssertionError, match="GET /a was never called"):
        async with MockConnector(assert_all_routes_called=True) as mock:
            mock.get("/a")
    assert mock.closed


async def test_an_exception_that_comes_out_of_it_is_enough() -> None:
    mock = MockConnector(assert_all_routes_called=True)
    mock.get("/a")
    with pytest.raises(LookupError):
        async with mock:
            raise LookupError
    assert mock.closed


@pytest.fixture
def real() -> MockConnector:
    real = MockConnector()
    real.get("/{any}").respond(text="real")
    return real


async def test_what_has_no_route_passes(real: MockConnector) -> None:
    mock = MockConnector(passthrough=real)
    mock.get("/mocked").respond(text="mocked")
    mock.get("/strict", params={"a": "1"})
    async with ClientSession("http://a", connector=mock) as session:
        assert await text_of(session, "/mocked") == "mocked"
        assert await text_of(session, "/real") == "real"
        # Its route is there, and says what is wrong.
        with pytest.raises(UnmatchedRequestError, match="parameter a is missing"):
            await session.get("/strict")
    assert [call.url.path for call in real.calls] == ["/real"]
    assert [call.url.path for call in mock.calls] == ["/mocked", "/strict"]


@pytest.mark.parametrize("host", ["real.example", "REAL.example", "a.internal.example"])
async def test_what_is_for_some_hosts_passes(host: str, real: MockConnector) -> None:
    hosts = ["Real.example", "*.internal.example"]
    mock = MockConnector(passthrough=real, passthrough_hosts=hosts)
    mock.get("/a").respond(text="mocked")
    async with ClientSession(connector=mock) as session:
        assert await text_of(session, f"http://{host}/a") == "real"
        assert await text_of(session, "http://internal.example/a") == "mocked"
        with pytest.raises(UnmatchedRequestError):
            await session.get("http://other.example/b")


async def test_the_other_connector_is_closed_with_it(real: MockConnector) -> None:
    mock = MockConnector(passthrough=real)
    await mock.close()
    assert real.closed


def test_hosts_need_another_connector() -> None:
    with pytest.raises(ValueError, match="passthrough_hosts needs passthrough"):
        MockConnector(passthrough_hosts=["a"])
