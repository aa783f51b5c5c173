"""Today: the proxy that the environment names, with credentials from ``.netrc``.

Arguments: http proxy
"""
# ruff: noqa: ASYNC240 (files are read where such programs read them)

import asyncio
import os
import sys
from pathlib import Path

import aiohttp


async def via(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(f"{url}/echo") as response:
        if response.status in {401, 407}:
            return "refused"
        return "by proxy" if "via" in (await response.json())["headers"] else "directly"


async def main(url: str, proxy: str) -> None:
    host = proxy.removeprefix("http://")
    os.environ["http_proxy"] = f"http://ann:secret@{host}"
    async with aiohttp.ClientSession() as session:
        print("not asked:", await via(session, url))
    async with aiohttp.ClientSession(trust_env=True) as session:
        print("asked:", await via(session, url), session.trust_env)
        os.environ["no_proxy"] = "127.0.0.1"
        print("but not for it:", await via(session, url))
        del os.environ["no_proxy"]
        os.environ["http_proxy"] = proxy
        print("without a password:", await via(session, url))
        netrc = Path("netrc")
        netrc.write_text("machine 127.0.0.1 login ann password secret\n")
        os.environ["NETRC"] = str(netrc.absolute())
        print("from .netrc:", await via(session, url))
        async with session.get(f"{url}/authorization", proxy=None) as response:
            print("and for the origin:", response.status, await response.text())
    del os.environ["http_proxy"]
    async with aiohttp.ClientSession(
        proxy=proxy, proxy_auth=aiohttp.BasicAuth("ann", "secret")
    ) as session:
        print("the session's:", await via(session, url))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
