"""Old style: a proxy that wants to know who asks.

Arguments: http https proxy ca
"""

import asyncio
import ssl
import sys

import aiohttp


async def main(base: str, secure: str, proxy: str, ca: str) -> None:
    context = ssl.create_default_context(cafile=ca)
    ann = aiohttp.BasicAuth("ann", "secret")
    print(ann.login, ann.encode(), aiohttp.BasicAuth.decode(ann.encode()) == ann)
    async with aiohttp.ClientSession(auth=aiohttp.BasicAuth("bob", "bob's")) as session:
        async with session.get(base + "/echo", proxy=proxy, proxy_auth=ann) as resp:
            headers = (await resp.json())["headers"]
            print("via" in headers, headers["authorization"], "proxy-authorization" in headers)
        async with session.get(
            secure + "/authorization", proxy=proxy, proxy_auth=ann, ssl=context
        ) as resp:
            print(resp.status, await resp.text())
        with_user = proxy.replace("://", "://ann:secret@")
        async with session.get(base + "/hello", proxy=with_user) as resp:
            print(resp.status)
        async with session.get(base + "/hello", proxy=proxy) as resp:
            print("refused", resp.status)
        try:
            await session.get(secure + "/hello", proxy=proxy, ssl=context)
        except aiohttp.ClientHttpProxyError as exc:
            print(type(exc).__name__, exc.status)
        try:
            await session.get(base + "/hello", proxy="http://127.0.0.1:1")
        except aiohttp.ClientProxyConnectionError as exc:
            print(type(exc).__name__, exc.host, exc.port)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
