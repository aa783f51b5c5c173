"""A program of a strict user: a connector of one's own, and one that stands before another."""

import asyncio
import socket
from typing import assert_type

from multidict import CIMultiDict

import martlet
from martlet.abc import ResolveResult
from martlet_interfaces import (
    BodySink,
    Connector,
    Duplex,
    Exchange,
    Flow,
    HttpVersion11,
    Observer,
    Receiver,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
)


class Done:
    """An exchange that is over, and the flow of a body that came at once."""

    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def release(self) -> None: ...
    def abort(self) -> None: ...

    def upgrade(self) -> Duplex:
        raise RuntimeError("HTTP only")

    def info(self, name: str, /) -> object | None:
        return None


class Echo:
    """Answers every request with its path."""

    schemes = frozenset({"http", "https"})

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> Exchange:
        assert_type(request.url.path, str)
        assert_type(timeouts.sock_read, float | None)
        done = Done()
        flow: Flow = done
        head = ResponseHead(HttpVersion11, 200, "OK", CIMultiDict({"Content-Type": "text/plain"}))
        sink = receiver.on_head(head, flow)
        assert_type(sink, BodySink)
        sink.feed(request.url.path.encode())
        sink.eof()
        return done

    async def close(self) -> None:
        await asyncio.sleep(0)


class Counting:
    """Counts the requests that go through it."""

    def __init__(self, inner: Connector) -> None:
        self._inner = inner
        self.schemes = inner.schemes
        self.count = 0

    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> Exchange:
        self.count += 1
        return await self._inner.send(request, body, receiver, timeouts=timeouts, observer=observer)

    async def close(self) -> None:
        await self._inner.close()


class Local(martlet.TCPConnector):
    """Leads every name to this machine."""

    async def _resolve_host(
        self, host: str, port: int, traces: Observer | None = None
    ) -> list[ResolveResult]:
        found = await super()._resolve_host("localhost", port, traces)
        assert_type(found[0]["port"], int)
        return found


class Fixed(martlet.AbstractResolver):
    """Knows one address."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = ResolveResult(
            hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0
        )
        return [address]

    async def close(self) -> None:
        await asyncio.sleep(0)


class Logging(martlet.TCPConnector):
    async def send(
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: Observer | None = None,
    ) -> Exchange:
        exchange = await super().send(request, body, receiver, timeouts=timeouts, observer=observer)
        print(request.method, request.url, assert_type(exchange, Exchange).info("reused"))
        return exchange


def make_socket(address: martlet.AddrInfoType) -> socket.socket:
    assert_type(address[3], str)
    return socket.socket(family=address[0], type=address[1], proto=address[2])


async def main(url: str) -> None:
    tcp = martlet.TCPConnector(resolver=Fixed(), socket_factory=make_socket)
    connectors: list[Connector] = [Echo(), Counting(Local(limit=3)), Logging(), tcp]
    for connector in connectors:
        async with martlet.ClientSession(connector=connector) as session:
            assert_type(session.connector, Connector | None)
            async with session.get(url) as response:
                assert_type(await response.text(), str)


if __name__ == "__main__":
    asyncio.run(main("http://example.org/"))
