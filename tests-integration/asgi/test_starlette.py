"""An application of Starlette's, as its users write them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypedDict

import pytest
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException, WebSocketException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

import martlet
from martlet_asgi import ASGIConnector, LifespanError

log: list[str] = []


class State(TypedDict):
    pool: str


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[State]:
    log.append("opened")
    yield {"pool": "a pool"}
    log.append("closed")


class Stamp(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers["X-Stamp"] = "stamped"
        return response


async def user(request: Request) -> Response:
    name = request.path_params["name"]
    return JSONResponse({"name": name, "pool": request.state.pool, "root": request.url.path})


async def upload(request: Request) -> Response:
    sizes = [len(piece) async for piece in request.stream()]
    return JSONResponse({"size": sum(sizes), "pieces": len(sizes)})


async def note(_request: Request) -> Response:
    async def write() -> None:
        await asyncio.sleep(0)
        log.append("noted")

    return PlainTextResponse("soon", background=BackgroundTask(write))


async def endless(_request: Request) -> Response:
    async def numbers() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    return StreamingResponse(numbers())


async def broken(_request: Request) -> Response:
    raise LookupError("no such table")


async def refused(_request: Request) -> Response:
    raise HTTPException(418, "short and stout")


async def chat(websocket: WebSocket) -> None:
    if websocket.query_params.get("token") != "secret":
        raise WebSocketException(1008)
    await websocket.accept(subprotocol="chat")
    try:
        while True:
            await websocket.send_json({"you said": await websocket.receive_text()})
    except WebSocketDisconnect as exc:
        log.append(f"left with {exc.code}")


ROUTES = [
    Mount("/api", routes=[Route("/users/{name}", user)]),
    Route("/users/{name}", user),
    Route("/upload", upload, methods=["PUT"]),
    Route("/note", note),
    Route("/endless", endless),
    Route("/broken", broken),
    Route("/refused", refused),
    WebSocketRoute("/chat", chat),
]


@pytest.fixture
def app() -> Starlette:
    log.clear()
    middleware = [Middleware(GZipMiddleware, minimum_size=10), Middleware(Stamp)]
    return Starlette(routes=ROUTES, lifespan=lifespan, middleware=middleware)


@pytest.fixture
async def connector(app: Starlette) -> AsyncIterator[ASGIConnector]:
    async with ASGIConnector(app, lifespan="on") as connector:
        yield connector


@pytest.fixture
async def session(connector: ASGIConnector) -> AsyncIterator[martlet.ClientSession]:
    async with martlet.ClientSession(
        "http://starlette.test", connector=connector, connector_owner=False
    ) as session:
        yield session


@pytest.mark.parametrize("path", ["/users/caf%C3%A9", "/api/users/caf%C3%A9"])
async def test_a_route_with_middlewares_and_state(
    session: martlet.ClientSession, path: str
) -> None:
    async with session.get(path) as response:
        seen = await response.json()
    assert (seen["name"], seen["pool"]) == ("caf\xe9", "a pool")
    assert response.headers["X-Stamp"] == "stamped"
    assert response.headers["Content-Encoding"] == "gzip"


async def test_a_body_that_is_streamed(session: martlet.ClientSession) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 1000

    async with session.put("/upload", data=pieces()) as response:
        assert (await response.json())["size"] == 5000


async def test_background_tasks_can_be_waited_for(
    session: martlet.ClientSession, connector: ASGIConnector
) -> None:
    async with session.get("/note") as response:
        assert await response.text() == "soon"
    await connector.wait_idle()
    assert log == ["opened", "noted"]


async def test_a_stream_without_an_end_stops_when_its_reader_leaves(
    session: martlet.ClientSession, connector: ASGIConnector
) -> None:
    async with session.get("/endless") as response:
        assert await response.content.readexactly(5000) == b"x" * 5000
    await connector.wait_idle()


async def test_exceptions(session: martlet.ClientSession) -> None:
    with pytest.raises(LookupError, match="no such table"):
        await session.get("/broken")
    async with session.get("/refused") as response:
        assert (response.status, await response.text()) == (418, "short and stout")
    async with session.get("/nowhere") as response:
        assert response.status == 404


async def test_a_websocket(session: martlet.ClientSession, connector: ASGIConnector) -> None:
    async with session.ws_connect("/chat?token=secret", protocols=["chat"]) as ws:
        assert ws.protocol == "chat"
        await ws.send_str("hello")
        assert await ws.receive_json() == {"you said": "hello"}
    await connector.wait_idle()
    assert log == ["opened", "left with 1000"]
    with pytest.raises(martlet.WSServerHandshakeError) as caught:
        await session.ws_connect("/chat")
    assert caught.value.status == 403


async def test_a_lifespan_that_fails() -> None:
    @asynccontextmanager
    async def failing(_app: Starlette) -> AsyncIterator[None]:
        if _app.routes:
            raise LookupError("no database")
        yield

    connector = ASGIConnector(Starlette(routes=ROUTES, lifespan=failing))
    async with martlet.ClientSession(connector=connector) as session:
        with pytest.raises(LifespanError, match="LookupError: no database"):
            await session.get("http://starlette.test/users/me")


async def test_a_lifespan_ends_with_the_connector(app: Starlette) -> None:
    async with ASGIConnector(app):
        assert log == ["opened"]
    assert log == ["opened", "closed"]
