"""Old style: what happens to a request, told by a TraceConfig."""

import asyncio
import sys
from types import SimpleNamespace

import aiohttp


async def on_request_start(
    session: aiohttp.ClientSession, ctx: SimpleNamespace, params: aiohttp.TraceRequestStartParams
) -> None:
    ctx.events = ["start"]
    print("->", params.method, params.url.path, ctx.trace_request_ctx)


async def on_redirect(
    session: aiohttp.ClientSession, ctx: SimpleNamespace, params: aiohttp.TraceRequestRedirectParams
) -> None:
    ctx.events.append(f"redirect {params.response.status}")


async def on_request_end(
    session: aiohttp.ClientSession, ctx: SimpleNamespace, params: aiohttp.TraceRequestEndParams
) -> None:
    print("<-", params.response.status, params.url.path, ctx.events)


async def on_request_exception(
    session: aiohttp.ClientSession,
    ctx: SimpleNamespace,
    params: aiohttp.TraceRequestExceptionParams,
) -> None:
    print("!!", type(params.exception).__name__, ctx.events)


def recording(event: str):  # type: ignore[no-untyped-def]  # as it was written
    async def record(session, ctx, params):  # type: ignore[no-untyped-def]  # as it was written
        ctx.events.append(event)

    return record


async def main(base: str) -> None:
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(on_request_start)
    trace.on_request_redirect.append(on_redirect)
    trace.on_request_end.append(on_request_end)
    trace.on_request_exception.append(on_request_exception)
    trace.on_connection_create_start.append(recording("dial"))
    trace.on_connection_create_end.append(recording("connected"))
    trace.on_connection_reuseconn.append(recording("reused"))
    trace.on_request_chunk_sent.append(recording("sent"))
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:
        async with session.get(base + "/hello", trace_request_ctx={"id": 1}) as resp:
            await resp.read()
        async with session.get(base + "/redirect/2") as resp:
            await resp.read()
        async with session.post(base + "/upload", data=b"body") as resp:
            await resp.read()
        try:
            await session.get("http://127.0.0.1:1/")
        except aiohttp.ClientConnectorError:
            print("no connection")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
