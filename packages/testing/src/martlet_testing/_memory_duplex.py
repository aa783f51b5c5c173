"""A two-way stream of bytes in memory: what an upgraded exchange goes on with."""

import asyncio
from collections import deque

from martlet_exceptions import ClientConnectionError
from martlet_interfaces import BodySink

__all__ = ["MemoryDuplex"]


class _Lane:
    """One direction: what is put in is pushed to a sink, in later turns of the event loop."""

    def __init__(self) -> None:
        self.ended = False
        self._loop = asyncio.get_running_loop()
        self._sink: BodySink | None = None
        self._waiting: deque[bytes | BaseException | None] = deque()
        self._paused = False
        self._scheduled = False

    def put(self, data: bytes) -> None:
        if data and not self.ended:
            self._waiting.append(data)
            self._schedule()

    def end(self, exc: BaseException | None = None) -> None:
        if not self.ended:
            self.ended = True
            self._waiting.append(exc)
            self._schedule()

    def drop(self) -> None:
        """Push nothing any more."""
        self.ended = True
        self._waiting.clear()

    def read_by(self, sink: BodySink) -> None:
        self._sink = sink
        self._schedule()

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False
        self._schedule()

    def _schedule(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._push)

    def _push(self) -> None:
        self._scheduled = False
        while self._waiting and self._sink is not None and not self._paused:
            item = self._waiting.popleft()
            if item is None:
                self._sink.eof()
            elif isinstance(item, BaseException):
                self._sink.fail(item)
            else:
                self._sink.feed(item)


class MemoryDuplex:
    """The client's end, a `Duplex`; the server's is a sink, `send` and `hang_up`."""

    def __init__(self) -> None:
        self._to_client = _Lane()
        self._to_server = _Lane()

    # The client's end: Duplex

    def write(self, data: bytes, /) -> None:
        """Send *data* to the server; it is lost if that has ended."""
        self._to_server.put(bytes(data))

    async def drain(self) -> None:
        """Give the server its turn."""
        if self._to_server.ended:
            raise ClientConnectionError("The connection is closed")
        await asyncio.sleep(0)

    def set_reader(self, reader: BodySink, /) -> None:
        """Push to *reader* what the server sends."""
        self._to_client.read_by(reader)

    def pause(self) -> None:
        """Keep back what the server sends."""
        self._to_client.pause()

    def resume(self) -> None:
        """Push it again."""
        self._to_client.resume()

    def close(self) -> None:
        """Close it: the server learns of that, and the client hears nothing more."""
        self._to_client.drop()
        self._to_server.end()

    # The server's end

    def serve(self, server: BodySink) -> None:
        """Push to *server* what the client sends."""
        self._to_server.read_by(server)

    def send(self, data: bytes) -> None:
        """Send *data* to the client."""
        self._to_client.put(data)

    def hang_up(self, exc: BaseException | None = None) -> None:
        """End it, after what was sent; with an error if *exc* is given."""
        self._to_client.end(exc)
        self._to_server.drop()
