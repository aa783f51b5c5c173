"""A program of a user of gql, which knows nothing of martlet but its first call."""

import sys

import martlet

martlet.install_as_aiohttp()

import asyncio  # noqa: E402
import io  # noqa: E402

# Found by the test alone, so type checkers do not know them.
import aiohttp  # noqa: E402
from gql import Client, FileVar, GraphQLRequest, gql  # type: ignore[import-not-found]  # noqa: E402
from gql.transport.aiohttp import AIOHTTPTransport  # type: ignore[import-not-found]  # noqa: E402
from gql.transport.aiohttp_websockets import (  # type: ignore[import-not-found]  # noqa: E402
    AIOHTTPWebsocketsTransport,
)
from gql.transport.exceptions import (  # type: ignore[import-not-found]  # noqa: E402
    TransportConnectionFailed,
    TransportQueryError,
    TransportServerError,
)

HELLO = "query ($name: String!) { hello(name: $name) }"
COUNT = "subscription ($to: Int!) { count(to: $to) }"
UPLOAD = "mutation ($file: Upload!) { upload(file: $file) }"


async def main(url: str, ws_url: str) -> None:
    """Ask the servers at both URLs; print what they say."""
    transport = AIOHTTPTransport(url, headers={"X-Key": "k"}, cookies={"visit": "1"})
    async with Client(transport=transport) as session:
        print(await session.execute(GraphQLRequest(HELLO, variable_values={"name": "Ann"})))
        print(transport.response_headers["x-server"])
        many = [GraphQLRequest(HELLO, variable_values={"name": name}) for name in "ab"]
        print(await session.execute_batch(many))
        file = FileVar(io.BytesIO(b"content"), filename="a.txt")
        request = GraphQLRequest(UPLOAD, variable_values={"file": file})
        print(await session.execute(request, upload_files=True))
        try:
            await session.execute(gql("{ nonsense }"))
        except TransportQueryError as error:
            print(error.errors)
    try:
        async with Client(transport=AIOHTTPTransport(f"{url}/closed")) as session:
            await session.execute(gql("{ hello }"))
    except TransportServerError as error:
        print(error.code)

    transport = AIOHTTPWebsocketsTransport(ws_url, init_payload={"key": "k"})
    async with Client(transport=transport) as session:
        print(await session.execute(GraphQLRequest(HELLO, variable_values={"name": "Bob"})))
        count = GraphQLRequest(COUNT, variable_values={"to": 3})
        print([result["count"] async for result in session.subscribe(count)])
        async for result in session.subscribe(GraphQLRequest(COUNT, variable_values={"to": 10**6})):
            print(result)
            break
        try:
            await session.execute(gql("{ nonsense }"))
        except TransportQueryError as error:
            print(error.errors)
    # Of a session of its own it lets go where it cannot connect.
    async with aiohttp.ClientSession() as own:
        try:
            async with Client(transport=AIOHTTPWebsocketsTransport(url, session=own)):
                pass
        except TransportConnectionFailed as error:
            print(type(error.__cause__).__name__)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
