"""The bodies and the classes of requests, on their way by middlewares."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict

from martlet_client_session import BasicAuth, ClientRequest, ClientResponse, ClientSession
from martlet_client_session._middlewares import ClientHandlerType, ClientMiddlewareType
from martlet_client_session._request_body import PayloadBody
from martlet_exceptions import ClientPayloadError, NonHttpUrlClientError
from martlet_interfaces import TransportOptions

from .payload_writing import Pieces
from .redirecting import chain, redirect
from .scripted import Script, ScriptedConnector, ScriptedExchange, answer


def session_with(connector: ScriptedConnector, *middlewares: ClientMiddlewareType) -> ClientSession:
    return ClientSession(connector=connector, middlewares=middlewares)


async def read(exchange: ScriptedExchange) -> bytes | None:
    body = exchange.body
    if body is None or isinstance(body, bytes):
        return body
    out = Pieces()
    await body.write_to(out)
    return b"".join(out.pieces)


def reading(bodies: "list[bytes | None]", script: Script) -> Script:
    async def script_of_it(exchange: ScriptedExchange) -> None:
        bodies.append(await read(exchange))
        await script(exchange)

    return script_of_it


async def twice(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    response = await handler(request)
    response.release()
    return await handler(request)


async def once() -> AsyncIterator[bytes]:
    yield b"a"


async def test_a_file_is_sent_once_more(connector: ScriptedConnector) -> None:
    bodies: list[bytes | None] = []
    connector.script = reading(bodies, answer())
    async with session_with(connector, twice) as session:
        await session.post("http://h/", data=io.BytesIO(b"xy"))
    assert bodies == [b"xy", b"xy"]


async def test_what_can_be_read_once_is_sent_once(connector: ScriptedConnector) -> None:
    bodies: list[bytes | None] = []
    connector.script = reading(bodies, answer())
    async with session_with(connector, twice) as session:
        with pytest.raises(ClientPayloadError, match="read only once: give bytes or a file"):
            await session.post("http://h/", data=once())
    assert bodies == [b"a"]
    assert [exchange.calls for exchange in connector.exchanges] == [["release"]]


async def test_a_body_that_is_still_being_sent_is_waited_for(connector: ScriptedConnector) -> None:
    uploads: list[asyncio.Task[None]] = []
    go_on = asyncio.Event()

    class Slow(Pieces):
        async def write(self, data: bytes | bytearray | memoryview, /) -> None:
            await go_on.wait()
            await super().write(data)

    async def script(exchange: ScriptedExchange) -> None:
        body = exchange.body
        assert isinstance(body, PayloadBody)
        assert all(upload.done() for upload in uploads)
        uploads.append(asyncio.ensure_future(body.write_to(Slow())))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(go_on.set)
        await answer()(exchange)

    connector.script = script
    async with session_with(connector, twice) as session:
        await session.post("http://h/", data=io.BytesIO(b"xy"))
    await asyncio.gather(*uploads)
    assert len(uploads) == 2


def opened(tmp_path: Path, name: str) -> Any:
    path = tmp_path / name
    path.write_bytes(name.encode())
    return path.open("rb")


async def test_a_body_in_its_place_is_closed_and_that_of_the_call_stays_for_redirects(
    connector: ScriptedConnector, tmp_path: Path
) -> None:
    bodies: list[bytes | None] = []
    files: list[Any] = []
    given = opened(tmp_path, "given")

    async def replacing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        assert request.body
        was = await request.body.as_bytes()
        files.append(opened(tmp_path, f"first for {was.decode()}"))
        await request.update_body(files[-1])
        await handler(request)
        files.append(opened(tmp_path, f"second for {was.decode()}"))
        await request.update_body(files[-1])
        response = await handler(request)
        assert not given.closed
        return response

    connector.script = reading(bodies, chain(answer(), redirect("/x", 307), answer()))
    async with session_with(connector, replacing) as session:
        await session.post("http://h/", data=given)
    assert bodies == [b"first for given", b"second for given"] * 2
    assert all(file.closed for file in [given, *files])


async def test_a_body_that_was_never_sent_is_closed_too(
    connector: ScriptedConnector, tmp_path: Path
) -> None:
    given, other = opened(tmp_path, "given"), opened(tmp_path, "other")

    async def failing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        await request.update_body(other)
        raise LookupError

    async with session_with(connector, failing) as session:
        with pytest.raises(LookupError):
            await session.post("http://h/", data=given)
    assert given.closed
    assert other.closed


async def test_the_body_of_another_request_is_closed_too(
    connector: ScriptedConnector, tmp_path: Path
) -> None:
    other = opened(tmp_path, "other")

    async def replacing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        return await handler(ClientRequest("PUT", request.url, data=other))

    async with session_with(connector, replacing) as session:
        await session.get("http://h/")
    assert other.closed
    assert connector.request.headers["Content-Type"] == "application/octet-stream"


async def test_how_a_body_is_sent_holds_for_one_in_its_place(connector: ScriptedConnector) -> None:
    async def replacing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        await request.update_body(b"y" * 100)
        return await handler(request)

    async with session_with(connector, replacing) as session:
        await session.post("http://h/", data=b"x", compress="gzip", expect100=True)
        fields = connector.request.headers
        assert fields["Content-Encoding"] == "gzip"
        assert fields["Expect"] == "100-continue"
        compressed = connector.exchange.body
        assert isinstance(compressed, bytes)
        assert compressed.startswith(b"\x1f\x8b")
        await session.post("http://h/", data=b"x", chunked=True)
        chunked = connector.exchange.body
        assert isinstance(chunked, PayloadBody)
        assert chunked.length is None


async def test_the_connector_has_to_take_the_scheme(connector: ScriptedConnector) -> None:
    async def changing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        request.url = request.url.with_scheme("ws")
        return await handler(request)

    async with session_with(connector, changing) as session:
        with pytest.raises(NonHttpUrlClientError, match="does not take its scheme"):
            await session.get("http://h/")


Made = list[tuple[tuple[Any, ...], dict[str, Any]]]


class Own(ClientRequest):
    """A class as programs derive it from aiohttp's."""

    made: Made

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.made.append((args, kwargs))
        super().__init__(*args, **kwargs)
        self.headers["X-Own"] = "1"


# What aiohttp 3.14 gives.
PARAMETERS = {
    "params", "headers", "skip_auto_headers", "data", "cookies", "auth", "version", "compress",
    "chunked", "expect100", "loop", "response_class", "proxy", "proxy_auth", "timer", "session",
    "ssl", "server_hostname", "proxy_headers", "traces", "trust_env",
}  # fmt: skip


@pytest.fixture
def made() -> Made:
    Own.made = []
    return Own.made


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ({}, None),
        ({"data": b""}, b""),
        ({"data": b"x"}, b"x"),
        ({"data": "x", "compress": "gzip"}, None),
        ({"data": {"a": "b"}}, b"a=b"),
        ({"json": [1]}, b"[1]"),
        ({"data": io.BytesIO(b"xy")}, b"xy"),
        ({"data": b"x", "chunked": True}, b"x"),
        ({"data": io.BytesIO(b"xy"), "expect100": True}, b"xy"),
        ({"data": b"x", "headers": {"Content-Type": "a/b", "Cookie": "a=1"}}, b"x"),
        ({"data": b"x", "skip_auto_headers": ["User-Agent", "Content-Type"]}, b"x"),
        ({"cookies": {"a": "1"}}, None),
        ({"auth": ("u", "p")}, None),
        ({"headers": {"Authorization": "x"}}, None),
    ],
)
async def test_a_class_of_the_users_sends_the_same(
    made: Made,
    options: dict[str, Any],
    body: bytes | None,
) -> None:
    bodies: list[bytes | None] = []
    connector = ScriptedConnector(reading(bodies, answer()))
    async with ClientSession(connector=connector, request_class=Own) as session:
        await session.post("http://h/a?b", **options)
        if isinstance(options.get("data"), io.BytesIO):
            options["data"].seek(0)
        async with ClientSession(connector=connector, connector_owner=False) as other:
            await other.post("http://h/a?b", **options)
    own, plain = connector.exchanges
    fields = CIMultiDict(own.request.headers)
    assert fields.popall("X-Own") == ["1"]
    assert dict(fields) == dict(plain.request.headers)
    assert list(fields) == list(plain.request.headers)
    assert bodies[0] == bodies[1]
    assert type(own.body) is type(plain.body)
    if body is not None:
        assert bodies[0] == body
    ((args, kwargs),) = made
    assert [str(arg) for arg in args] == ["POST", "http://h/a?b"]
    assert set(kwargs) == PARAMETERS
    assert kwargs["session"] is session
    assert kwargs["loop"] is asyncio.get_running_loop()


async def test_a_class_of_the_users_goes_the_same_way(
    made: Made,
) -> None:
    connector = ScriptedConnector(chain(redirect("/x"), answer()))
    proxy = {
        "proxy": "http://proxy:3128",
        "proxy_auth": BasicAuth("u", "p"),
        "proxy_headers": [("X-A", "1"), ("X-A", "2")],
    }
    async with ClientSession(connector=connector, request_class=Own) as session:
        await session.get("https://h/", **proxy, ssl=False, server_hostname="name", max_headers=7)  # type: ignore[arg-type]  # options of several types
        async with ClientSession(connector=connector, connector_owner=False) as other:
            await other.get("https://h/", **proxy, ssl=False, server_hostname="name", max_headers=7)  # type: ignore[arg-type]  # options of several types
    first, second, plain = (exchange.request for exchange in connector.exchanges)
    assert first.options == second.options == plain.options
    assert isinstance(first.options, TransportOptions)
    assert first.limits == plain.limits
    assert len(made) == 2


async def test_the_base_class_itself_may_be_named(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector, request_class=ClientRequest) as session:
        await session.get("http://h/")
    assert connector.exchange.body is None


class OwnResponse(ClientResponse):
    """A response class with aiohttp's ``__init__``."""

    def __init__(self, method: str, url: Any, **kwargs: Any) -> None:
        self.given = method, str(url), sorted(kwargs)
        super().__init__(method, url, **kwargs)


async def test_responses_are_of_the_users_class(connector: ScriptedConnector) -> None:
    connector.script = chain(redirect("/x"), answer(b"text"))
    async with ClientSession(
        connector=connector, response_class=OwnResponse, request_class=ClientRequest
    ) as session:
        response = await session.get("http://h/")
    assert isinstance(response, OwnResponse)
    assert response.given[:2] == ("GET", "http://h/x")
    assert type(response.history[0]) is OwnResponse
    assert await response.text() == "text"


async def test_what_a_middleware_may_ask_of_its_request(connector: ScriptedConnector) -> None:
    seen: list[ClientRequest] = []

    async def asking(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        seen.append(request)
        before = request.response
        response = await handler(request)
        assert (before, request.response) == (None, response)
        return response

    async with session_with(connector, asking) as session:
        await session.get("http://u:p@h/", timeout=None)
        (request,) = seen
        assert request.session is session
        assert request.auth == BasicAuth("u", "p", "utf-8")
        assert request.deadline is None
        assert request.body == b""
        assert str(request.url) == "http://h/"
