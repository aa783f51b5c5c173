"""The body of a request, as the events that an application receives."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from martlet_exceptions import ClientPayloadError
from martlet_interfaces import ChunkSent, RequestBody

from ._upload import Upload

if TYPE_CHECKING:
    from martlet_interfaces import Observer

    from ._application import Message
    from ._tasks import Tasks

__all__ = ["RequestEvents"]

# As much as servers read at once: an application that takes the first event for the whole body
# is found out here too.
_PIECE: Final = 64 * 1024


class RequestEvents:
    """Gives *body* piece by piece, each when the application asks for it.

    A `RequestBody` begins to be written when it is first asked for, which is what
    ``Expect: 100-continue`` wants, too. *fail* is told what goes wrong; *observer* of each piece.
    """

    __slots__ = (
        "_changed",
        "_data",
        "_fail",
        "_observer",
        "_stopped",
        "_task",
        "_tasks",
        "_upload",
        "ended",
    )

    ended: bool
    """Whether the whole body has been given."""

    def __init__(
        self,
        body: bytes | RequestBody | None,
        tasks: "Tasks",
        fail: Callable[[BaseException], None],
        observer: "Observer | None" = None,
    ) -> None:
        self.ended = False
        self._changed = asyncio.Event()
        self._data = memoryview(body if isinstance(body, bytes) else b"")
        self._upload: Upload | None = None
        if body is not None and not isinstance(body, bytes):
            self._upload = Upload(body, self._changed)
        self._task: asyncio.Task[None] | None = None
        self._tasks = tasks
        self._fail = fail
        self._observer = observer
        self._stopped = False

    async def next(self) -> "Message | None":
        """Give the next event; after the last one, and when it is stopped, ``None`` in the end."""
        while not self._stopped:
            found = None if self.ended else self._take()
            if found is not None:
                data, more = found
                self.ended = not more
                if data and self._observer is not None and not await self._tell(data):
                    break
                return {"type": "http.request", "body": data, "more_body": more}
            self._changed.clear()
            await self._changed.wait()
        return None

    def stop(self) -> None:
        """Give no more, and end the writing of the body."""
        self._stopped = True
        self._changed.set()
        if self._task is not None:
            self._task.cancel()

    def _take(self) -> tuple[bytes, bool] | None:
        if self._upload is None:
            data, self._data = bytes(self._data[:_PIECE]), self._data[_PIECE:]
            return data, bool(self._data)
        if self._task is None:
            self._task = self._tasks.start(self._upload.run())
            self._task.add_done_callback(self._uploaded)
        return self._upload.take()

    def _uploaded(self, task: "asyncio.Task[None]") -> None:
        if self._stopped:
            if not task.cancelled():
                task.exception()  # nobody waits for it any more
        elif task.cancelled():
            self._fail(ClientPayloadError("The writing of the request's body was cancelled"))
        elif (exc := task.exception()) is not None:
            self._fail(exc)

    async def _tell(self, data: bytes) -> bool:
        assert self._observer is not None
        try:
            await self._observer.observe(ChunkSent(data))
        except Exception as exc:  # noqa: BLE001  # it is the observer's, and fails the request
            self._fail(exc)
            return False
        return True
