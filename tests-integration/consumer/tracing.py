"""A program of a strict user: what happens to requests, measured by a trace config."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import assert_type

import martlet


@dataclass
class Log:
    lines: list[str] = field(default_factory=list[str])

    async def on_start(
        self,
        session: martlet.ClientSession,
        context: SimpleNamespace,
        params: martlet.TraceRequestStartParams,
    ) -> None:
        assert_type(params.headers.get("Host"), str | None)
        context.began = asyncio.get_running_loop().time()
        self.lines.append(f"{params.method} {params.url}")

    async def on_end(
        self,
        session: martlet.ClientSession,
        context: SimpleNamespace,
        params: martlet.TraceRequestEndParams,
    ) -> None:
        assert_type(params.response, martlet.ClientResponse)
        self.lines.append(f"{params.response.status}")

    async def on_exception(
        self,
        session: martlet.ClientSession,
        context: SimpleNamespace,
        params: martlet.TraceRequestExceptionParams,
    ) -> None:
        assert_type(params.exception, BaseException)
        self.lines.append(repr(params.exception))


async def on_chunk(
    session: martlet.ClientSession,
    context: SimpleNamespace,
    params: martlet.TraceResponseChunkReceivedParams,
) -> None:
    assert_type(params.chunk, bytes)


async def on_dns(
    session: martlet.ClientSession,
    context: SimpleNamespace,
    params: martlet.TraceDnsResolveHostEndParams,
) -> None:
    assert_type(params.host, str)


def config_for(log: Log) -> martlet.TraceConfig:
    config = martlet.TraceConfig()
    config.on_request_start.append(log.on_start)
    config.on_request_end.append(log.on_end)
    config.on_request_exception.append(log.on_exception)
    config.on_response_chunk_received.append(on_chunk)
    config.on_dns_resolvehost_end.append(on_dns)
    return config


async def main(url: str) -> None:
    log = Log()
    async with martlet.ClientSession(trace_configs=[config_for(log)]) as session:
        async with session.get(url, trace_request_ctx={"id": 7}) as response:
            assert_type(response.timings, martlet.Timings)
            await response.read()


if __name__ == "__main__":
    asyncio.run(main("http://example.org/"))
