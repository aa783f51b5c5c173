"""Old style: the spellings of how a certificate is checked.

Arguments: https ca fingerprint
"""

import asyncio
import ssl
import sys
from typing import Any

import aiohttp


async def main(base: str, ca: str, digest: str) -> None:
    url = f"{base}/hello"
    context = ssl.create_default_context(cafile=ca)
    fingerprint = bytes.fromhex(digest)
    async with aiohttp.ClientSession() as session:
        try:
            await session.get(url)
        except aiohttp.ClientConnectorCertificateError as exc:
            print(
                "not trusted:", type(exc).__name__, exc.host, isinstance(exc, ssl.CertificateError)
            )
        spellings: dict[str, Any] = {
            "verify_ssl": {"verify_ssl": False},
            "ssl": {"ssl": False},
            "ssl_context": {"ssl_context": context},
            "ssl as a context": {"ssl": context},
            "fingerprint": {"fingerprint": fingerprint},
            "Fingerprint": {"ssl": aiohttp.Fingerprint(fingerprint)},
        }
        for name, options in spellings.items():
            async with session.get(url, **options) as resp:
                print(name, resp.status)
        try:
            await session.get(url, ssl=aiohttp.Fingerprint(bytes(32)))
        except aiohttp.ServerFingerprintMismatch as exc:
            print("another one:", exc.expected.hex()[:6], exc.got == fingerprint)
        try:
            await session.get(url, verify_ssl=False, ssl_context=context)
        except ValueError:
            print("contradiction: ValueError")
    for connector in (
        aiohttp.TCPConnector(verify_ssl=False),
        aiohttp.TCPConnector(ssl_context=context),
        aiohttp.TCPConnector(fingerprint=fingerprint),
    ):
        async with aiohttp.ClientSession(connector=connector) as session:
            resp = await session.get(url)
            print(resp.status, (await resp.read()).decode().strip())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
