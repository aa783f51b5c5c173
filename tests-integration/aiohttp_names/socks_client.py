"""A program of a user of aiohttp-socks, which knows nothing of martlet but its first call."""

import sys

import martlet

martlet.install_as_aiohttp()

import asyncio  # noqa: E402
import ssl  # noqa: E402

# Found by the test alone, so type checkers do not know them.
import aiohttp  # noqa: E402
from aiohttp_socks import (  # type: ignore[import-not-found]  # noqa: E402
    ChainProxyConnector,
    ProxyConnectionError,
    ProxyConnector,
    ProxyError,
)


async def main(proxy: str, plain: str, secure: str, trusted: str) -> None:
    """Fetch both URLs by *proxy*, in all the ways that the library has; print what comes."""
    context = ssl.create_default_context(cafile=trusted)
    connector = ProxyConnector.from_url(proxy)
    async with aiohttp.ClientSession(connector=connector) as session:
        for _ in range(2):
            async with session.get(plain) as response:
                print(response.status, await response.text())
        async with session.get(secure, ssl=context) as response:
            print(response.status, await response.text())
        try:
            await session.get(secure)
        except aiohttp.ClientConnectorCertificateError:
            print("not trusted")
        try:
            await session.get("http://forbidden.test/")
        except ProxyError as error:
            print("refused", error.error_code)

    chain = ChainProxyConnector.from_urls([proxy, proxy], ssl=context)
    async with aiohttp.ClientSession(connector=chain) as session:
        async with session.get(secure) as response:
            print(response.status, await response.text())

    async with ProxyConnector.from_url("socks5://127.0.0.1:1", limit=1) as connector:
        async with aiohttp.ClientSession(connector=connector) as session:
            for _ in range(2):
                try:
                    await session.get(plain)
                except ProxyConnectionError:
                    print("no proxy")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
