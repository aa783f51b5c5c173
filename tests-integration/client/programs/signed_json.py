"""Today: JSON as bytes, and a middleware that signs and changes bodies."""

import asyncio
import hashlib
import hmac
import json
import sys
from typing import Any

import aiohttp

KEY = b"key"


def dump(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


async def sign(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    body = await request.body.as_bytes() if request.body else b""
    request.headers["X-Signature"] = hmac.new(KEY, body, hashlib.sha256).hexdigest()[:16]
    return await handler(request)


async def envelope(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    if request.method == "POST" and request.body:
        inner = json.loads(await request.body.as_bytes())
        await request.update_body(dump({"version": 1, "content": inner}))
    return await handler(request)


async def show(response: aiohttp.ClientResponse) -> None:
    seen = await response.json()
    body = seen["body"].encode()
    expected = hmac.new(KEY, body, hashlib.sha256).hexdigest()[:16]
    print(seen["method"], seen["body"] or "nothing", seen["headers"].get("content-length"))
    print(" ", seen["headers"]["x-signature"] == expected, seen["headers"].get("content-type"))


async def main(url: str) -> None:
    async with aiohttp.ClientSession(
        url, json_serialize_bytes=dump, middlewares=[envelope, sign]
    ) as session:
        async with session.post("/echo", json={"b": 1, "a": [True, None]}) as response:
            await show(response)
        async with session.put("/echo", json="Grüße") as response:
            await show(response)
        async with session.get("/echo") as response:
            await show(response)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
