"""Old style: logging in, and what the jar knows then."""

import asyncio
import sys
from pathlib import Path

import aiohttp
from yarl import URL


async def log_in(session: aiohttp.ClientSession, base: str) -> None:
    resp = await session.post(base + "/login", data={"user": "ann", "password": "secret"})
    print(resp.status, await resp.text(), resp.cookies["user"].value, resp.cookies["user"]["path"])
    resp = await session.get(base + "/me")
    print(resp.status, await resp.text())


async def main(base: str) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, cookies={"shared": "yes"}) as session:
        await log_in(session, base)
        for cookie in sorted(session.cookie_jar, key=lambda morsel: morsel.key):
            print(cookie.key, cookie.value, cookie["domain"], cookie["path"], cookie["max-age"])
        filtered = session.cookie_jar.filter_cookies(URL(base))
        print(len(jar), sorted(filtered), filtered["user"].value)
        jar.save(Path("cookies.txt"))
        resp = await session.get(base + "/echo", cookies={"once": "1"})
        print(sorted((await resp.json())["headers"]["cookie"].split("; ")))
        jar.clear()
        resp = await session.get(base + "/me")
        print(len(jar), resp.status)
        resp.release()
    again = aiohttp.CookieJar(unsafe=True)
    again.load("cookies.txt")
    again.update_cookies({"theme": "light"}, URL(base))
    async with aiohttp.ClientSession(cookie_jar=again) as session:
        resp = await session.get(base + "/me")
        print(resp.status, await resp.text(), again.filter_cookies(URL(base))["theme"].value)
    # By default there are no cookies from addresses, and here there are none at all.
    async with aiohttp.ClientSession() as session:
        await log_in(session, base)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        await log_in(session, base)
        print(len(session.cookie_jar))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
