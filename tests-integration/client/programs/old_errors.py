"""Old style: each kind of trouble by its class."""

import asyncio
import sys
from typing import Any

import aiohttp


async def attempt(name: str, session: aiohttp.ClientSession, url: str, **options: Any) -> None:
    try:
        async with session.get(url, **options) as resp:
            await resp.json()
        print(name, "well")
    except aiohttp.ContentTypeError as exc:
        print(name, "ContentTypeError", exc.status, exc.request_info.url.path)
    except aiohttp.TooManyRedirects as exc:
        print(name, "TooManyRedirects", exc.status, len(exc.history))
    except aiohttp.ClientResponseError as exc:
        print(name, "ClientResponseError", exc.status, exc.message, exc.request_info.method)
    except aiohttp.ClientConnectorError as exc:
        print(name, "ClientConnectorError", exc.host, exc.port, isinstance(exc, OSError))
    except aiohttp.ServerTimeoutError:
        print(name, "ServerTimeoutError")
    except aiohttp.InvalidURL as exc:
        print(name, "InvalidURL", exc.url, isinstance(exc, ValueError))
    except aiohttp.ClientPayloadError as exc:
        print(name, "ClientPayloadError", isinstance(exc, aiohttp.ClientError))
    except TimeoutError:
        print(name, "TimeoutError")
    except (TypeError, ValueError) as exc:
        print(name, type(exc).__name__)


async def main(base: str) -> None:
    async with aiohttp.ClientSession(raise_for_status=True) as session:
        await attempt("item", session, base + "/item/1")
        await attempt("missing", session, base + "/item/99")
        await attempt("missing, allowed", session, base + "/item/99", raise_for_status=False)
        await attempt("text", session, base + "/hello")
        await attempt("redirects", session, base + "/redirect/9", max_redirects=3)
        await attempt("nobody there", session, "http://127.0.0.1:1/")
        await attempt("no host", session, "http:///path")
        await attempt("no URL", session, "hello")
        await attempt("cut off", session, base + "/abort")
        await attempt(
            "read", session, base + "/silence", timeout=aiohttp.ClientTimeout(sock_read=0.05)
        )
        await attempt("total", session, base + "/silence", timeout=0.05)
        await attempt("params", session, base + "/hello", params={"x": None})
        await attempt("both", session, base + "/hello", data=b"x", json={})
    try:
        await session.get(base)
    except RuntimeError as exc:
        print(exc)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
