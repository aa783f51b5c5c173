"""What middlewares do to requests, and how they are chained."""

import gc
import io
from collections.abc import Callable
from typing import Any

import pytest
from yarl import URL

from martlet_client_session import ClientRequest, ClientResponse, ClientSession
from martlet_client_session._middlewares import ClientHandlerType, ClientMiddlewareType
from martlet_exceptions import ClientConnectionError, InvalidURL, NonHttpUrlClientError

from .redirecting import chain, redirect, sent
from .scripted import ScriptedConnector, ScriptedExchange, answer


def session_with(connector: ScriptedConnector, *middlewares: ClientMiddlewareType) -> ClientSession:
    return ClientSession(connector=connector, middlewares=middlewares)


def noting(name: str, notes: list[str]) -> ClientMiddlewareType:
    async def note(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        notes.append(f"{name}>")
        response = await handler(request)
        notes.append(f"<{name}")
        return response

    return note


async def test_the_first_sees_a_request_first(connector: ScriptedConnector) -> None:
    notes: list[str] = []
    async with session_with(connector, *[noting(name, notes) for name in "abc"]) as session:
        await session.get("http://h/")
    assert notes == ["a>", "b>", "c>", "<c", "<b", "<a"]


async def test_those_of_a_request_are_instead_of_the_sessions(
    connector: ScriptedConnector,
) -> None:
    notes: list[str] = []
    async with session_with(connector, noting("session", notes)) as session:
        await session.get("http://h/", middlewares=[noting("request", notes)])
        await session.get("http://h/", middlewares=())
        assert notes == ["request>", "<request"]
        with pytest.raises(TypeError, match="str cannot be called"):
            await session.get("http://h/", middlewares=["x"])  # type: ignore[list-item]  # is tested
    assert len(connector.exchanges) == 2


async def test_each_hop_is_a_request_of_its_own(connector: ScriptedConnector) -> None:
    seen: list[tuple[ClientRequest, str, str, bool]] = []

    async def see(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        seen.append((request, request.method, str(request.url), request.crossed_origin))
        return await handler(request)

    connector.script = chain(redirect("/b", 303), redirect("http://o/"), redirect("/x"), answer())
    async with session_with(connector, see) as session:
        await session.post("http://h/a", data=b"x")
    assert [facts[1:] for facts in seen] == [
        ("POST", "http://h/a", False),
        ("GET", "http://h/b", False),
        ("GET", "http://o/", True),
        ("GET", "http://o/x", True),
    ]
    assert len({id(facts[0]) for facts in seen}) == 4


async def test_it_may_answer_by_itself(connector: ScriptedConnector) -> None:
    made = ClientResponse("GET", URL("http://h/"))

    async def answering(_: ClientRequest, __: ClientHandlerType) -> ClientResponse:
        return made

    async with session_with(connector, answering) as session:
        assert await session.get("http://h/") is made
    assert connector.exchanges == []


async def test_it_may_be_any_callable_that_gives_an_awaitable(
    connector: ScriptedConnector,
) -> None:
    class Passing:
        def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> Any:
            return handler(request)

    async with session_with(connector, Passing()) as session:
        assert (await session.get("http://h/")).status == 200


async def test_it_may_change_all_that_is_sent(connector: ScriptedConnector) -> None:
    async def change(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.method = "PUT"
        request.url = request.url.with_host("o").with_path("/x")
        request.headers["X-A"] = "2"
        request.headers.popall("User-Agent")
        request.update_version("1.0")
        await request.update_body("text")
        return await handler(request)

    async with session_with(connector, change) as session:
        response = await session.post("http://h/a?b#c", data=b"x", headers={"X-A": "1"})
    request = connector.request
    assert (request.method, str(request.url), request.version) == ("PUT", "http://o/x", (1, 0))
    assert request.headers["Host"] == "o"
    assert request.headers["X-A"] == "2"
    assert "User-Agent" not in request.headers
    assert connector.exchange.body == b"text"
    assert str(response.url) == "http://o/x"
    assert response.method == "PUT"


async def test_what_it_changes_holds_for_its_hop_only(connector: ScriptedConnector) -> None:
    async def change(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.headers["X-Path"] = request.headers.get("X-Path", "") + request.url.path
        return await handler(request)

    connector.script = chain(redirect("/b"), answer())
    async with session_with(connector, change) as session:
        await session.get("http://h/a")
    assert sent(connector, "X-Path") == ["/a", "/b"]


async def test_redirects_of_a_changed_url_are_relative_to_it_and_secrets_stay(
    connector: ScriptedConnector,
) -> None:
    async def change(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if request.url.host == "h":
            request.url = request.url.with_host("o")
        return await handler(request)

    connector.script = chain(redirect("/b"), answer())
    async with session_with(connector, change) as session:
        await session.get("http://h/a", headers={"Authorization": "x"})
    assert [str(exchange.request.url) for exchange in connector.exchanges] == [
        "http://o/a",
        "http://o/b",
    ]
    assert sent(connector, "Authorization") == ["x", None]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda request: setattr(request, "url", "http://o/"), TypeError),
        (lambda request: setattr(request, "url", URL("/x")), InvalidURL),
        (lambda request: setattr(request, "url", URL("http://a%2fb/", encoded=True)), InvalidURL),
        (lambda request: setattr(request, "url", URL("ftp://o/")), NonHttpUrlClientError),
        (lambda request: request.update_version("one"), ValueError),
        (lambda request: request.update_auth("u:p"), TypeError),
        (lambda request: request.update_body_from_data(object()), TypeError),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    connector: ScriptedConnector,
    change: Callable[[ClientRequest], None],
    error: type[Exception],
) -> None:
    async def changing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        change(request)
        return await handler(request)

    async with session_with(connector, changing) as session:
        with pytest.raises(error):
            await session.get("http://h/")
        assert session._deadlines.idle
    assert connector.exchanges == []


@pytest.mark.parametrize("made", [None, "response", 5, b""])
async def test_what_is_no_response_is_a_type_error(
    connector: ScriptedConnector, made: object
) -> None:
    async def wrong(request: ClientRequest, handler: ClientHandlerType) -> Any:
        await handler(request)
        return made

    connector.script = answer(b"part", complete=False)
    async with session_with(connector, wrong) as session:
        with pytest.raises(TypeError, match=f"gave {type(made).__name__}, not a ClientResponse"):
            await session.get("http://h/")
    assert connector.exchange.calls == ["abort"]
    gc.collect()  # a response left open would warn


async def test_what_is_not_async_is_a_type_error(connector: ScriptedConnector) -> None:
    def wrong(request: ClientRequest, handler: ClientHandlerType) -> Any:
        return None

    async with session_with(connector, wrong) as session:
        with pytest.raises(TypeError):
            await session.get("http://h/")


async def test_one_that_fails_lets_go_of_all_that_it_was_given(
    connector: ScriptedConnector,
) -> None:
    async def failing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        await handler(request)
        await handler(request)
        raise LookupError("no")

    connector.script = answer(b"part", complete=False)
    async with session_with(connector, failing) as session:
        with pytest.raises(LookupError, match="no"):
            await session.get("http://h/")
        assert session._deadlines.idle
    assert [exchange.calls for exchange in connector.exchanges] == [["abort"], ["abort"]]
    gc.collect()


async def test_one_that_fails_on_a_later_hop_lets_go_of_that(connector: ScriptedConnector) -> None:
    async def failing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        response = await handler(request)
        if response.status == 200:
            raise LookupError("no")
        return response

    connector.script = chain(redirect("/x"), answer(b"part", complete=False))
    async with session_with(connector, failing) as session:
        with pytest.raises(LookupError):
            await session.get("http://h/")
    assert [exchange.calls for exchange in connector.exchanges] == [["release"], ["abort"]]


def retrying(times: int = 2) -> ClientMiddlewareType:
    async def retry(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        response = await handler(request)
        for _ in range(times - 1):
            response.release()
            response = await handler(request)
        return response

    return retry


async def test_it_may_send_a_request_again(connector: ScriptedConnector) -> None:
    async def numbering(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.headers["X-Number"] = str(int(request.headers.get("X-Number", "0")) + 1)
        return await handler(request)

    connector.script = chain(answer(status=503), answer(status=503), answer())
    async with session_with(connector, retrying(3), numbering) as session:
        async with session.post("http://h/", data=b"x") as response:
            assert response.status == 200
    assert sent(connector, "X-Number") == ["1", "2", "3"]
    assert [exchange.body for exchange in connector.exchanges] == [b"x"] * 3


async def test_cookies_that_the_first_response_sets_go_with_the_second_attempt(
    connector: ScriptedConnector,
) -> None:
    connector.script = chain(
        answer(fields=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]),
        answer(fields=[("Set-Cookie", "a=; Max-Age=0"), ("Set-Cookie", "b=3")]),
        answer(fields=[("Set-Cookie", "b=; Max-Age=0")]),
        answer(),
    )
    async with session_with(connector, retrying(4)) as session:
        await session.get("http://h.example/")
        assert sent(connector, "Cookie") == [None, "a=1; b=2", "b=3", None]


async def test_cookies_of_the_users_own_stay_with_them(connector: ScriptedConnector) -> None:
    connector.script = answer(fields=[("Set-Cookie", "a=1"), ("Set-Cookie", "own=9")])
    async with session_with(connector, retrying()) as session:
        await session.get("http://h.example/", cookies={"own": "0"}, headers={"Cookie": "f=5"})
    assert sent(connector, "Cookie") == ["own=0; f=5", "own=0; f=5; a=1"]


async def test_several_fields_of_cookies_stay_several_until_there_is_one_of_the_jar(
    connector: ScriptedConnector,
) -> None:
    connector.script = chain(answer(), answer(fields=[("Set-Cookie", "c=3")]), answer())
    async with session_with(connector, retrying(3)) as session:
        await session.get("http://h.example/", headers=[("cOOKIE", "a=1"), ("Cookie", "b=2")])
    assert sent(connector, "Cookie") == ["a=1, b=2", "a=1, b=2", "a=1; b=2; c=3"]


async def test_cookies_that_it_has_changed_are_left_alone(connector: ScriptedConnector) -> None:
    async def changing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.headers["Cookie"] = "mine=1"
        response = await handler(request)
        response.release()
        return await handler(request)

    connector.script = answer(fields=[("Set-Cookie", "a=1")])
    async with session_with(connector, changing) as session:
        await session.get("http://h.example/")
    assert sent(connector, "Cookie") == ["mine=1", "mine=1"]


async def test_an_error_of_the_connector_may_be_caught(connector: ScriptedConnector) -> None:
    async def refuse(_: ScriptedExchange) -> None:
        raise ClientConnectionError("refused")

    async def again(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        try:
            return await handler(request)
        except ClientConnectionError:
            return await handler(request)

    connector.script = chain(refuse, answer())
    async with session_with(connector, again) as session:
        assert (await session.post("http://h/", data=io.BytesIO(b"x"))).status == 200


async def test_another_request_may_be_sent_instead(connector: ScriptedConnector) -> None:
    async def replacing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        return await handler(ClientRequest("PUT", URL("http://u:p@o/"), data=b"y"))

    async with session_with(connector, replacing) as session:
        await session.get("http://h/")
    assert (connector.request.method, str(connector.request.url)) == ("PUT", "http://o/")
    assert connector.request.headers["Authorization"] == "Basic dTpw"
    assert connector.exchange.body == b"y"
