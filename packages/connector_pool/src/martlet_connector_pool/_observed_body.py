"""Telling an observer of the pieces of a response's body."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from martlet_interfaces import BodySink, ChunkReceived, Flow, Receiver, ResponseHead

if TYPE_CHECKING:
    from martlet_interfaces import Observer

__all__ = ["ObservedBody"]


class ObservedBody:
    """Stands before a receiver and the sink that it gives, and tells *observer*.

    Bytes are pushed and cannot wait, so the observer hears of them a little later, in order.
    If it raises, the rest of the body fails with that.
    """

    __slots__ = (
        "_abort",
        "_begun",
        "_feed_apart",
        "_loop",
        "_observer",
        "_over",
        "_pieces",
        "_receiver",
        "_sink",
        "_task",
    )

    _sink: BodySink

    def __init__(
        self,
        receiver: Receiver,
        observer: "Observer",
        loop: asyncio.AbstractEventLoop,
        abort: Callable[[], object],
    ) -> None:
        self._receiver = receiver
        self._observer = observer
        self._loop = loop
        self._abort = abort
        self._pieces: deque[bytes] = deque()
        self._task: asyncio.Task[None] | None = None
        self._over = False
        self._begun = False
        self._feed_apart: Callable[[list[bytes], bool], None] | None = None

    def begin(self) -> None:
        """Tell what has come, and what comes: the observer has heard of all that was before."""
        self._begun = True
        self._go_on()

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        """Hand the head on."""
        self._sink = self._receiver.on_head(head, flow)
        self._feed_apart = getattr(self._sink, "feed_chunks", None)
        return self

    def feed(self, data: bytes, /) -> None:
        """Hand *data* on, and have it told."""
        self._sink.feed(data)
        self._pieces.append(data)
        self._go_on()

    def feed_chunks(self, pieces: list[bytes], open_end: bool, /) -> None:
        """Hand *pieces* on, apart if that is wanted, and have them told as one."""
        data = b"".join(pieces)
        if self._feed_apart is None:
            self._sink.feed(data)
        else:
            self._feed_apart(pieces, open_end)
        self._pieces.append(data)
        self._go_on()

    def eof(self) -> None:
        """Hand it on."""
        if not self._over:
            self._over = True
            self._sink.eof()

    def fail(self, exc: BaseException, /) -> None:
        """Hand it on."""
        if not self._over:
            self._over = True
            self._sink.fail(exc)

    def stop(self) -> None:
        """Tell no more."""
        self._over = True
        if self._task is not None:
            self._task.cancel()

    def _go_on(self) -> None:
        if self._begun and self._pieces and self._task is None:
            self._task = self._loop.create_task(self._tell())

    async def _tell(self) -> None:
        try:
            while self._pieces:
                await self._observer.observe(ChunkReceived(self._pieces.popleft()))
        except Exception as exc:  # noqa: BLE001  # it is the observer's, and goes to the reader
            over, self._over = self._over, True
            self._abort()
            if not over:
                self._sink.fail(exc)
        finally:
            self._task = None
