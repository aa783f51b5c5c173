"""A program whose tests use aioresponses, which knows nothing of martlet but its first call."""

import sys

import martlet

martlet.install_as_aiohttp()

import asyncio  # noqa: E402
import re  # noqa: E402

# Found by the test alone, so type checkers do not know them.
import aiohttp  # noqa: E402
from aioresponses import (  # type: ignore[import-not-found]  # noqa: E402
    CallbackResult,
    aioresponses,
)

API = "http://api.test"


def answer(_url: object, **options: object) -> object:
    """Tell what was sent."""
    return CallbackResult(status=201, payload={"got": options["json"]})


async def main(real: str) -> None:
    """Ask what is mocked, and *real*, which is not; print what comes."""
    async with aiohttp.ClientSession(f"{API}/v1/", headers={"X-Key": "k"}) as session:
        with aioresponses(passthrough=[real]) as mocked:
            mocked.get(
                f"{API}/v1/items?page=2", payload={"items": [1, 2]}, headers={"X-Total": "2"}
            )
            mocked.post(f"{API}/v1/items", callback=answer)
            mocked.get(re.compile(r".*/missing$"), status=404, body="nobody", repeat=True)
            mocked.get(f"{API}/v1/slow", timeout=True)
            mocked.get(f"{API}/v1/lines", body=b"a\nb\n", headers={"Set-Cookie": "c=1"})
            mocked.get(f"{API}/v1/old", status=302, headers={"Location": "/v1/new"})
            mocked.get(f"{API}/v1/new", body="moved")

            async with session.get("items", params={"page": 2}) as response:
                print(response.status, await response.json(), response.headers["x-total"])
            async with session.post("items", json={"name": "n"}) as response:
                print(response.status, await response.json())
            for _ in range(2):
                async with session.get("missing") as response:
                    try:
                        response.raise_for_status()
                    except aiohttp.ClientResponseError as error:
                        print(error.status, error.message, await response.text())
            try:
                await session.get("slow")
            except TimeoutError as error:
                print(error)
            async with session.get("lines") as response:
                print([line async for line in response.content], response.cookies["c"].value)
            async with session.get("old") as response:
                print(await response.text(), response.url, response.history[0].status)
            try:
                await session.get("unknown")
            except aiohttp.ClientConnectionError as error:
                print(error)
            async with session.get(f"{real}/there") as response:
                print(response.status, await response.text())

            mocked.assert_any_call(f"{API}/v1/items", method="POST")
            ((call,),) = [
                calls for (method, _), calls in mocked.requests.items() if method == "POST"
            ]
            print(call.kwargs["json"], call.kwargs["headers"]["X-Key"])

        async with session.get(f"{real}/after") as response:
            print(response.status, await response.text())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
