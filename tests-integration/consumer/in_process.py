"""A program of a strict user: an application in the same process, and answers from routes."""

import asyncio
from collections.abc import Mapping
from typing import assert_type

import martlet
from martlet_asgi import ASGIConnector, Receive, Scope, Send
from martlet_testing import Answer, Fault, MockConnector, MockServer, Route, SeenRequest


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


async def of_application() -> None:
    connector = ASGIConnector(application, raise_app_exceptions=False)
    async with martlet.ClientSession("http://app.test", connector=connector) as session:
        async with session.get("/") as response:
            assert_type(response.status, int)


def answer(request: SeenRequest) -> Answer:
    assert_type(request.method, str)
    assert_type(request.body, bytes)
    return Answer(201, text=request.text())


async def of_routes() -> None:
    mock = MockConnector()
    route = mock.get("https://api.example/users/{id}", params={"full": "1"})
    assert_type(route, Route)
    route.respond(json={"name": "Ada"}).respond(503, latency=0.5)
    mock.post("/orders", answer, headers={"Content-Type": "text/plain"})
    mock.get("/gone", Fault.REFUSED)

    @mock.put("/later")
    async def later(request: SeenRequest) -> Answer:
        return Answer(202)

    assert_type(await later(route.calls[0]), Answer)
    async with martlet.ClientSession("https://api.example", connector=mock) as session:
        async with session.get("/users/7", params={"full": "1"}) as response:
            assert_type(response.content_type, str)
    assert_type(route.calls[0].path_params, Mapping[str, str])
    mock.assert_called_once("GET", "/users/7")


async def of_a_server() -> None:
    async with MockServer() as server:
        server.get("/a").respond(text="hello")
        async with martlet.ClientSession() as session, session.get(server.url / "a") as response:
            assert_type(await response.text(), str)


async def main() -> None:
    await of_application()
    await of_routes()
    await of_a_server()


if __name__ == "__main__":
    asyncio.run(main())
