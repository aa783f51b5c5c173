"""WebSockets of a session to an application."""

import asyncio
from typing import Any

import pytest

import martlet
from martlet_asgi import ASGIConnector

from .shop_app import Shop


async def idle(session: martlet.ClientSession) -> None:
    connector = session.connector
    assert isinstance(connector, ASGIConnector)
    await connector.wait_idle()


@pytest.mark.parametrize("scheme", ["http", "https", "ws", "wss"])
async def test_any_scheme_opens_one(session: martlet.ClientSession, scheme: str) -> None:
    async with session.ws_connect(f"{scheme}://shop.test/echo") as ws:
        await ws.send_str("hello")
        assert await ws.receive_str() == "hello"


async def test_messages(session: martlet.ClientSession) -> None:
    async with session.ws_connect("/echo", protocols=["chat"], compress=15) as ws:
        assert (ws.protocol, ws.compress) == ("chat", 0)
        await ws.send_json({"name": "martlet"})
        assert await ws.receive_json() == {"name": "martlet"}
        await ws.send_bytes(b"\x00" * 1_000_000)
        assert await ws.receive_bytes() == b"\x00" * 1_000_000


async def test_the_client_closes(session: martlet.ClientSession, shop: Shop) -> None:
    async with session.ws_connect("/echo") as ws:
        await ws.close(code=4000, message=b"enough")
    assert ws.close_code == 4000
    await idle(session)
    assert shop.log[-1] == "4000 enough"


async def test_the_application_closes(session: martlet.ClientSession, shop: Shop) -> None:
    async with session.ws_connect("/echo") as ws:
        await ws.send_str("bye")
        message = await ws.receive()
    assert (message.type, message.data, message.extra) == (
        martlet.WSMsgType.CLOSE,
        4001,
        "as you wish",
    )
    assert (ws.close_code, ws.exception()) == (4001, None)
    await idle(session)
    assert shop.log[-1] == "4001 as you wish"


async def test_pings_are_answered(session: martlet.ClientSession) -> None:
    async with session.ws_connect("/echo", autoping=False) as ws:
        await ws.ping(b"there?")
        message = await ws.receive()
        assert (message.type, message.data) == (martlet.WSMsgType.PONG, b"there?")


async def test_a_denial(session: martlet.ClientSession) -> None:
    with pytest.raises(martlet.WSServerHandshakeError) as caught:
        await session.ws_connect("/private")
    error = caught.value
    assert (error.status, error.body) == (401, b"who are you?")
    assert error.headers is not None
    assert error.headers["WWW-Authenticate"] == "Basic"


async def test_an_exception_is_the_cause(session: martlet.ClientSession) -> None:
    async with session.ws_connect("/broken") as ws:
        await ws.receive()
    error = ws.exception()
    assert isinstance(error, martlet.ClientConnectionError)
    assert isinstance(error.__cause__, LookupError)
    assert ws.close_code == 1006


async def test_or_a_close_with_1011(shop: Shop, complaints: list[dict[str, Any]]) -> None:
    connector = ASGIConnector(shop, raise_app_exceptions=False)
    async with martlet.ClientSession("http://shop.test", connector=connector) as session:
        async with session.ws_connect("/broken") as ws:
            await ws.receive()
    assert ws.close_code == 1011
    assert isinstance(complaints.pop()["exception"], LookupError)


async def test_a_flood_waits_for_its_reader(session: martlet.ClientSession, shop: Shop) -> None:
    async with session.ws_connect("/flood") as ws:
        for _ in range(500):
            await asyncio.sleep(0)
        assert shop.log.count("sent") < 50
        sizes = [len(message.data) async for message in ws]
    assert sizes == [10_000] * 100
    assert ws.close_code == 1000


async def test_closing_the_session_breaks_them_off(shop: Shop) -> None:
    session = martlet.ClientSession("http://shop.test", connector=ASGIConnector(shop))
    ws = await session.ws_connect("/echo")
    await session.close()
    message = await ws.receive()
    assert message.type in {martlet.WSMsgType.CLOSED, martlet.WSMsgType.ERROR}
    assert isinstance(ws.exception(), martlet.ClientConnectionError)


@pytest.mark.parametrize("path", ["/echo", "/private", "/flood"])
async def test_one_may_be_cancelled_anywhere(
    session: martlet.ClientSession, shop: Shop, path: str
) -> None:
    async def use() -> None:
        async with session.ws_connect(path) as ws:
            await ws.send_str("hello")
            await ws.receive()

    await (await session.get("/")).read()
    for turns in range(40):
        using = asyncio.ensure_future(use())
        for _ in range(turns):
            await asyncio.sleep(0)
        using.cancel()
        await asyncio.wait([using])
        await idle(session)
