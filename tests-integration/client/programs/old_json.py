"""Old style: JSON in one's own dialect."""

import asyncio
import json
import sys
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import aiohttp


def as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


dumps = partial(json.dumps, default=as_text, sort_keys=True, separators=(",", ":"))
loads: Any = partial(json.loads, parse_float=Decimal)


async def main(base: str) -> None:
    price, empty = (f"{base}/document/{uuid4().hex}" for _ in range(2))
    async with aiohttp.ClientSession(json_serialize=dumps) as session:
        day = {"day": date(2018, 9, 1), "a": 1.5}
        async with session.post(base + "/echo", json=day) as resp:
            seen = await resp.json()
            print(seen["headers"]["content-type"], seen["body"])
            print(resp.content_type, resp.charset, resp.get_encoding())
            print(json.loads(seen["body"], parse_float=Decimal))
        async with session.put(price, data=b'{"price": 0.1}') as resp:
            print(resp.status, resp.reason)
        async with session.get(price) as resp:
            try:
                await resp.json()
            except aiohttp.ContentTypeError as exc:
                print(exc.status, exc.headers is not None and exc.headers["Content-Type"])
            print(await resp.json(loads=loads, content_type=None))
            print(await resp.json(content_type="text/plain"), await resp.text("ascii"))
        async with session.get(base + "/item/99") as resp:
            print(resp.ok, await resp.json(content_type="application/problem+json"))
        async with session.put(empty, data=b" ") as resp:
            resp.raise_for_status()
        async with session.get(empty) as resp:
            print(await resp.json(content_type=None))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
