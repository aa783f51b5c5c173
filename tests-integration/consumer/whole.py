"""A program of a strict user: whole bodies, errors, a connector and limits of its own."""

import asyncio
from typing import reveal_type

import martlet


async def main(url: str) -> None:
    timeout = martlet.ClientTimeout(total=10, sock_read=1.5)
    reveal_type(timeout.total)
    connector = martlet.TCPConnector(limit=5, limit_per_host=2)
    reveal_type(connector)
    reveal_type(connector.limit)
    async with martlet.ClientSession(connector=connector, timeout=timeout) as session:
        reveal_type(session)
        reveal_type(session.closed)
        reveal_type(session.headers)
        reveal_type(session.timeout)
        try:
            async with session.get(url, params={"page": 1}) as response:
                reveal_type(response)
                reveal_type(response.status)
                reveal_type(response.headers)
                reveal_type(response.headers["Content-Type"])
                reveal_type(response.url)
                reveal_type(response.reason)
                reveal_type(response.method)
                reveal_type(response.history)
                reveal_type(response.raw_headers)
                reveal_type(response.content_type)
                reveal_type(response.charset)
                reveal_type(response.version)
                reveal_type(response.ok)
                reveal_type(response.request_info)
                reveal_type(response.request_info.headers)
                reveal_type(await response.text())
                reveal_type(await response.read())
        except martlet.ClientResponseError as exc:
            reveal_type(exc.status)
            reveal_type(exc.message)
            reveal_type(exc.request_info)
        except martlet.ServerTimeoutError as exc:
            reveal_type(exc.phase)
            reveal_type(exc.limit)
        except martlet.ClientConnectorError as exc:
            reveal_type(exc.host)
            reveal_type(exc.port)
            reveal_type(exc.os_error)
        awaited = await session.post(url, json={"name": "martlet"}, timeout=3)
        reveal_type(awaited)
        awaited.release()


if __name__ == "__main__":
    asyncio.run(main("http://example.org/"))
