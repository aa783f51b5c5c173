"""picows, its core API: frames come to a callback. For WebSockets only."""

import asyncio
from collections.abc import Iterator
from itertools import islice
from typing import cast

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from .shape import BadAnswerError, Plan


class Echoes(WSListener):
    """Keeps messages under way until all that were given have come back."""

    def __init__(self) -> None:
        self._done: asyncio.Future[int] | None = None

    def begin(
        self, transport: WSTransport, messages: Iterator[bytes], flying: int
    ) -> "asyncio.Future[int]":
        """Send the first messages; the future is for the bytes of all that come back."""
        self._done = asyncio.get_running_loop().create_future()
        self._messages, self._size, self._flying = messages, 0, 0
        for message in islice(messages, flying):
            self._last = message
            self._flying += 1
            transport.send(WSMsgType.BINARY, message)
        return self._done

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take what came back and send the next message."""
        if frame.msg_type != WSMsgType.BINARY or self._done is None:
            transport.disconnect()
            return
        # The others hand out bytes too.
        got = frame.get_payload_as_bytes()
        self._size += len(got)
        if (message := next(self._messages, None)) is not None:
            self._last = message
            transport.send(WSMsgType.BINARY, message)
            return
        self._flying -= 1
        if self._flying:
            return
        if got == self._last:
            self._done.set_result(self._size)
        else:
            self._done.set_exception(BadAnswerError(got))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Nothing will come any more."""
        if self._done is not None and not self._done.done():
            self._done.set_exception(BadAnswerError("the connection was closed"))


class Picows:
    """picows as a client of the benchmark."""

    def __init__(self) -> None:
        self._opened: list[tuple[WSTransport, Echoes]] = []

    async def open(self, plan: Plan) -> None:
        """Nothing is to be made: it has no session."""

    async def close(self) -> None:
        """Close the sockets."""
        for transport, _ in self._opened:
            transport.disconnect()

    async def connect(self, url: str, *, compress: bool) -> None:
        """Open the socket of `echo`."""
        if compress:
            raise ValueError("picows' core API has no compression: leave the scenario out")
        transport, listener = await ws_connect(Echoes, url)
        self._opened.append((transport, cast(Echoes, listener)))

    async def echo(self, messages: Iterator[str | bytes], flying: int, *, text: bool) -> int:
        """Have messages sent back, with so many at once; the length of all."""
        if text:
            raise ValueError("picows is asked for binary messages only")
        transport, echoes = self._opened[0]
        return await echoes.begin(transport, cast(Iterator[bytes], messages), flying)

    async def rest(self, url: str, count: int, at_once: int) -> None:
        """Open sockets and keep them."""
        numbers = iter(range(count))

        async def some() -> None:
            for _ in numbers:
                await self.connect(url, compress=False)

        await asyncio.gather(*(some() for _ in range(at_once)))


def create() -> Picows:
    """Build the client."""
    return Picows()
