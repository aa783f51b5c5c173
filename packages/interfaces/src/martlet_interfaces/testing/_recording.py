"""A receiver that writes down all that it is told."""

import asyncio

from martlet_interfaces import Flow, ResponseHead

__all__ = ["Recording"]


class Recording:
    """The session's side of one exchange, for checks: a `Receiver` and its `BodySink`.

    It pauses the body when it gets the head, if *pause_at_head*, and when it gets the
    first data, if *pause_at_data*. Somebody else sets `in_time`: whether the head came
    before `send` returned.
    """

    def __init__(self, *, pause_at_head: bool = False, pause_at_data: bool = False) -> None:
        self.heads: list[ResponseHead] = []
        self.flows: list[Flow] = []
        self.pieces: list[bytes] = []
        self.ends: list[BaseException | None] = []
        self.calls: list[str] = []
        self.in_time = False
        self._begun = asyncio.Event()
        self._ended = asyncio.Event()
        self._pause_at_head = pause_at_head
        self._pause_at_data = pause_at_data

    @property
    def head(self) -> ResponseHead:
        """The head that came first."""
        return self.heads[0]

    @property
    def flow(self) -> Flow:
        """What came with it."""
        return self.flows[0]

    @property
    def body(self) -> bytes:
        """What has come of the body."""
        return b"".join(self.pieces)

    @property
    def size(self) -> int:
        """How much has come of the body."""
        return sum(map(len, self.pieces))

    async def begin(self) -> None:
        """Wait for the first piece of the body, or its end."""
        await self._begun.wait()

    async def end(self) -> BaseException | None:
        """Wait for the body's end, and give what it failed with, if it did."""
        await self._ended.wait()
        return self.ends[0]

    def on_head(self, head: ResponseHead, flow: Flow, /) -> "Recording":
        """Take the head."""
        self.calls.append("on_head")
        self.heads.append(head)
        self.flows.append(flow)
        if self._pause_at_head:
            flow.pause()
        return self

    def feed(self, data: bytes, /) -> None:
        """Take a piece of the body."""
        self.calls.append("feed")
        self.pieces.append(data)
        if self._pause_at_data:
            self._pause_at_data = False
            self.flow.pause()
        self._begun.set()

    def eof(self) -> None:
        """Take the end."""
        self.calls.append("eof")
        self._end(None)

    def fail(self, exc: BaseException, /) -> None:
        """Take the failure."""
        self.calls.append("fail")
        self._end(exc)

    def _end(self, how: BaseException | None) -> None:
        self.ends.append(how)
        self._begun.set()
        self._ended.set()
