"""The smallest client: one request on a connector alone, and all of its response."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import (
    DIRECT,
    BodySink,
    BodyWriter,
    Connector,
    Exchange,
    Flow,
    RequestBody,
    RequestHead,
    ResponseHead,
    Timeouts,
    TransportOptions,
)

__all__ = ["Fetched", "Pieces", "fetch"]

# Far beyond what anything here takes: a peer that hangs fails the test, and does not stop it.
LIMITS = Timeouts(connect=20, sock_read=20)


class Fetched(NamedTuple):
    status: int
    headers: CIMultiDict[str]
    body: bytes
    exchange: Exchange

    @property
    def reused(self) -> object:
        return self.exchange.info("reused")

    @property
    def connection(self) -> str:
        """Which connection it was, as the origin counts them."""
        return self.headers["X-Connection"]


class Pieces:
    """A body whose length is not known beforehand."""

    length: int | None = None
    replayable = True

    def __init__(self, data: bytes, size: int = 100_000) -> None:
        self._pieces = [data[start : start + size] for start in range(0, len(data), size)]

    async def write_to(self, out: BodyWriter, /) -> None:
        for piece in self._pieces:
            await out.write(piece)


class _Receiver:
    """Takes the head, and is the sink of the body too."""

    head: ResponseHead

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.body: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def on_head(self, head: ResponseHead, _flow: Flow, /) -> BodySink:
        self.head = head
        return self

    def feed(self, data: bytes, /) -> None:
        self._pieces.append(data)

    def eof(self) -> None:
        self.body.set_result(b"".join(self._pieces))

    def fail(self, exc: BaseException, /) -> None:
        self.body.set_exception(exc)


async def fetch(
    connector: Connector,
    url: URL,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | RequestBody | None = None,
    options: TransportOptions = DIRECT,
    timeouts: Timeouts = LIMITS,
) -> Fetched:
    """Send one request; return when its response has all come."""
    fields = CIMultiDict({"Host": url.host_port_subcomponent or "", **(headers or {})})
    request = RequestHead(method, url, CIMultiDictProxy(fields), options=options)
    receiver = _Receiver()
    exchange = await connector.send(request, body, receiver, timeouts=timeouts)
    data = await receiver.body
    return Fetched(receiver.head.status, receiver.head.headers, data, exchange)
