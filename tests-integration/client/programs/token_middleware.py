"""Today: bearer tokens that run out, Digest, and Basic without `BasicAuth`."""

import asyncio
import sys
from uuid import uuid4

import aiohttp


class BearerAuth:
    """Fetches a token when it has none, or when the server wants another one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token: str | None = None
        self.fetched = 0
        self.lock = asyncio.Lock()

    async def refresh(self, session: aiohttp.ClientSession, old: str | None) -> str:
        async with self.lock:
            if self.token is None or self.token == old:
                async with session.post(self.url, middlewares=()) as response:
                    self.token = str((await response.json())["token"])
                self.fetched += 1
            return self.token

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        token = self.token or await self.refresh(request.session, None)
        request.headers["Authorization"] = f"Bearer {token}"
        response = await handler(request)
        if response.status == 401:
            response.release()
            request.headers["Authorization"] = (
                f"Bearer {await self.refresh(request.session, token)}"
            )
            response = await handler(request)
        return response


async def main(url: str) -> None:
    bearer = BearerAuth(f"{url}/token")
    async with aiohttp.ClientSession(middlewares=(bearer,)) as session:
        for _ in range(5):
            async with session.get(f"{url}/private") as response:
                print(response.status, await response.text(), bearer.fetched)
    digest = aiohttp.DigestAuthMiddleware(login="Mufasa", password="Circle of Life")
    protected = f"{url}/digest/{uuid4().hex}"
    async with aiohttp.ClientSession(middlewares=(digest,)) as session:
        for data in (None, b"a body"):
            async with session.post(protected, data=data) as response:
                print(response.status, await response.text())
    async with aiohttp.ClientSession() as session:
        async with session.get(protected) as response:
            print(response.status, response.headers["WWW-Authenticate"].split()[0])
        headers = {"Authorization": aiohttp.encode_basic_auth("ann", "pässword")}
        async with session.get(f"{url}/authorization", headers=headers) as response:
            print(await response.text())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
