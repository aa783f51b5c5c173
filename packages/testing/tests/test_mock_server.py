import asyncio
import ssl

import pytest
import trustme

from martlet_client_session import ClientSession
from martlet_exceptions import ClientConnectorError, ServerDisconnectedError
from martlet_testing import MockServer


async def test_it_is_there_from_start_to_close() -> None:
    server = MockServer()
    assert repr(server) == "<MockServer not started>"
    with pytest.raises(RuntimeError, match="has not been started"):
        _ = server.url
    await server.start()
    assert repr(server) == f"<MockServer {server.url}>"
    with pytest.raises(RuntimeError, match="started already"):
        await server.start()
    server.get("/a").respond(text="hello")
    async with ClientSession(server.url) as session:
        async with session.get("/a") as response:
            assert await response.text() == "hello"
        await server.close()
        await server.close()
        with pytest.raises((ClientConnectorError, ServerDisconnectedError)):
            await session.get("/a")
    server.assert_all_called()


async def test_closing_it_ends_what_is_under_way() -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def handler(_request: object) -> Exception:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return LookupError()

    async with ClientSession() as session:
        async with MockServer() as server:
            server.get("/a", handler)
            request = asyncio.create_task(session.request("GET", server.url / "a").__aenter__())
            await began.wait()
        assert ended.is_set()
        with pytest.raises(ServerDisconnectedError):
            await request


async def test_it_speaks_tls() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with MockServer(ssl=context) as server, ClientSession() as session:
        assert server.url.scheme == "https"
        server.get("/a").respond(text="hello")
        async with session.get(server.url / "a", ssl=trusting) as response:
            assert await response.text() == "hello"
            assert server.calls[0].url == server.url / "a"
