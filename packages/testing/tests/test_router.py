import pytest

from martlet_client_session import ClientSession
from martlet_exceptions import ClientError
from martlet_testing import Answer, MockConnector, UnmatchedRequestError


async def status(session: ClientSession, path: str, method: str = "GET", **options: object) -> int:
    async with session.request(method, path, **options) as response:  # type: ignore[arg-type]  # whatever a test needs
        await response.read()
        return response.status


async def test_the_first_route_that_matches_takes_a_request(
    mock: MockConnector, session: ClientSession
) -> None:
    first = mock.get("/a", Answer(201), params={"b": "1"})
    second = mock.get("/a", Answer(202))
    third = mock.get("/{any}", Answer(203))
    assert await status(session, "/a?b=1") == 201
    assert await status(session, "/a") == 202
    assert await status(session, "/c") == 203
    assert [route.call_count for route in (first, second, third)] == [1, 1, 1]
    assert [str(call.url) for call in mock.calls] == [
        "https://api.example/a?b=1",
        "https://api.example/a",
        "https://api.example/c",
    ]


async def test_a_route_that_has_answered_often_enough_lets_the_next_one(
    mock: MockConnector, session: ClientSession
) -> None:
    mock.get("/a", Answer(201), times=2)
    mock.get("/a", Answer(202))
    assert [await status(session, "/a") for _ in range(4)] == [201, 201, 202, 202]


async def test_a_request_without_a_route_names_the_nearest(
    mock: MockConnector, session: ClientSession
) -> None:
    mock.get("https://api.example/users/{id}", headers={"Accept": "text/plain"})
    mock.put("/other")
    with pytest.raises(UnmatchedRequestError) as caught:
        await status(session, "/users/7")
    assert str(caught.value) == (
        "No route for GET https://api.example/users/7\n"
        "The nearest routes:\n"
        "  GET https://api.example/users/{id}: Accept is '*/*', not 'text/plain'\n"
        "  PUT /other: the method is GET, not PUT; the path is /users/7"
    )
    assert mock.unmatched == mock.calls
    assert len(mock.calls) == 1


async def test_without_any_route_it_says_so(session: ClientSession) -> None:
    with pytest.raises(UnmatchedRequestError, match="there are no routes at all"):
        await status(session, "/")


async def test_assertions_find_calls_by_what_they_have(
    mock: MockConnector, session: ClientSession
) -> None:
    mock.route(None, "/{any}")
    await status(session, "/a?b=1")
    await status(session, "/a", "POST", json={"c": 2})
    mock.assert_called()
    mock.assert_called(times=2)
    mock.assert_called("GET")
    mock.assert_called_once("GET", "/a", params={"b": "1"})
    mock.assert_called_once(url="/a", json={"c": 2})
    mock.assert_called("POST", "https://api.example/{x}", headers={"Host": "api.example"})
    mock.assert_not_called("PUT")
    mock.assert_not_called(url="/b")
    with pytest.raises(AssertionError) as caught:
        mock.assert_called_once(url="/a")
    assert str(caught.value) == (
        "any method /a was called 2 times, not once.\n"
        "All calls:\n"
        "  GET https://api.example/a?b=1\n"
        "  POST https://api.example/a"
    )
    with pytest.raises(AssertionError, match="PUT any URL was called never"):
        mock.assert_called("PUT")
    with pytest.raises(AssertionError, match="was called once, not never"):
        mock.assert_not_called("POST")


async def test_all_that_is_missing_is_told_at_once(
    mock: MockConnector, session: ClientSession
) -> None:
    mock.assert_all_called()
    mock.get("/a")
    mock.get("/b", times=2)
    mock.get("/c", required=False)
    await status(session, "/b")
    with pytest.raises(ClientError):
        await status(session, "/d")
    with pytest.raises(AssertionError) as caught:
        mock.assert_all_called()
    assert str(caught.value) == (
        "GET /a was never called\n"
        "GET /b was called once, not 2 times\n"
        "GET https://api.example/d had no route"
    )


async def test_reset_forgets_calls_and_keeps_routes(
    mock: MockConnector, session: ClientSession
) -> None:
    route = mock.get("/a", times=1)
    await status(session, "/a")
    with pytest.raises(UnmatchedRequestError):
        await status(session, "/a")
    mock.failures.append(LookupError())
    mock.reset()
    assert (mock.calls, mock.unmatched, mock.failures, route.calls) == ([], [], [], [])
    assert await status(session, "/a") == 200
    mock.assert_all_called()


def test_what_a_handler_has_raised_is_told(mock: MockConnector) -> None:
    error = LookupError("its own")
    mock.failures.append(error)
    with pytest.raises(
        AssertionError, match=r"A handler raised LookupError\('its own'\)"
    ) as caught:
        mock.assert_all_called()
    assert caught.value.__cause__ is error
