"""Old style: where redirects lead, and by which way."""

import asyncio
import sys

import aiohttp


async def main(base: str) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(base + "/redirect/3") as resp:
            print(resp.status, resp.url, (await resp.text()).strip())
            for step in resp.history:
                print(" by", step.status, step.url, step.headers["Location"])
        async with session.get(base + "/redirect/1", allow_redirects=False) as resp:
            print(resp.status, resp.headers["location"], len(resp.history))
        async with session.head(base + "/redirect/1") as resp:
            print("HEAD stays:", resp.status)
        async with session.head(base + "/redirect/1", allow_redirects=True) as resp:
            print("HEAD goes:", resp.status, resp.method)
        for status in (301, 302, 303, 307, 308):
            url = f"{base}/redirect/?to=/echo&status={status}"
            async with session.post(url, data=b"body") as resp:
                seen = await resp.json()
                print(status, seen["method"], repr(seen["body"]), "content-type" in seen["headers"])
        other = base.replace("127.0.0.1", "localhost")
        headers = {"Authorization": "Basic YTpi", "X-Other": "kept"}
        async with session.get(f"{base}/redirect/?to={other}/echo", headers=headers) as resp:
            seen = (await resp.json())["headers"]
            print("elsewhere:", seen.get("authorization"), seen["x-other"])
        async with session.get(f"{base}/redirect/?to=/echo", headers=headers) as resp:
            print("here:", (await resp.json())["headers"]["authorization"])
        async with session.get(base + "/hello?name=A%20B#part") as resp:
            print(resp.url, resp.real_url, resp.request_info.real_url.fragment)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
