"""A program of a strict user: WebSockets, message by message and opened again and again."""

import asyncio
from typing import assert_type

import martlet


async def once(session: martlet.ClientSession, url: str) -> None:
    limit = martlet.ClientWSTimeout(ws_receive=30, ws_close=5)
    async with session.ws_connect(
        url,
        protocols=("chat",),
        timeout=limit,
        heartbeat=20.5,
        compress=15,
        max_msg_size=0,
        headers={"Origin": "https://example.org"},
    ) as ws:
        assert_type(ws, martlet.ClientWebSocketResponse)
        assert_type(ws.protocol, str | None)
        await ws.send_str("hello")
        await ws.send_bytes(b"hello", compress=15)
        await ws.send_json({"hello": 1})
        assert_type(await ws.receive_bytes(timeout=1), bytes)
        message = await ws.receive()
        assert_type(message, martlet.WSMessage)
        assert_type(message.type, martlet.WSMsgType)
        async for one in ws:
            if one.type is martlet.WSMsgType.TEXT:
                assert_type(one, martlet.WSMessage)
            elif one.type is martlet.WSMsgType.ERROR:
                break
        assert_type(ws.close_code, int | None)
        assert_type(await ws.close(code=martlet.WSCloseCode.GOING_AWAY, message=b"bye"), bool)


async def again(session: martlet.ClientSession, url: str) -> None:
    backoff = martlet.ExponentialBackoff(0.5, 2, 60)
    async for ws in session.ws_reconnect(url, attempts=3, backoff=backoff, heartbeat=10):
        assert_type(ws, martlet.ClientWebSocketResponse)
        await ws.close()
        break


async def main(url: str) -> None:
    async with martlet.ClientSession() as session:
        try:
            await once(session, url)
        except martlet.WSServerHandshakeError as exc:
            assert_type(exc.status, int)
        await again(session, url)
    async with martlet.ws_connect(url) as ws:
        assert_type(ws.closed, bool)


if __name__ == "__main__":
    asyncio.run(main("ws://example.org/"))
