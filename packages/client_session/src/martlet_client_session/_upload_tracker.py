"""Following the upload of one request."""

import asyncio
from typing import Literal

from martlet_exceptions import UploadAbortedError

__all__ = ["UploadTracker"]


class UploadTracker:
    """Tells how far the body of one request has got; give it as ``upload_tracker=``.

    A tracker follows one request: a second one raises `RuntimeError`. Where a request is
    sent more than once, for a retry, the count begins anew with each attempt.
    """

    __slots__ = ("_attempts", "_cause", "_future", "_state", "_taken", "_total", "_written")

    def __init__(self) -> None:
        self._attempts = 0
        self._written = 0
        self._total: int | None = None
        self._taken = False
        self._state: Literal["open", "complete", "aborted"] = "open"
        self._cause: BaseException | None = None
        self._future: asyncio.Future[None] | None = None

    def __repr__(self) -> str:
        total = "?" if self._total is None else self._total
        return f"<UploadTracker {self._written} of {total} bytes, attempt {self._attempts}>"

    @property
    def bytes_written(self) -> int:
        """How many bytes of the body the connection has taken in the present attempt.

        They are counted as they are sent: after compression, without the framing. Some of
        them may still wait in the buffers of this machine.
        """
        return self._written

    @property
    def total(self) -> int | None:
        """How many bytes there are; ``None`` if that is not known beforehand."""
        return self._total

    @property
    def attempts(self) -> int:
        """How many times the body has been begun."""
        return self._attempts

    @property
    def upload_complete(self) -> "asyncio.Future[None]":
        """Done when the whole body has been written; to be awaited in the event loop.

        It fails with `UploadAbortedError` if the request ends before.
        """
        if self._future is None:
            self._future = asyncio.get_running_loop().create_future()
            self._settle()
        return self._future

    # The session's side

    def take(self, total: int | None) -> None:
        """Be used for a request, with a body of *total* bytes."""
        if self._taken:
            raise RuntimeError("An UploadTracker follows one request: make another one")
        self._taken = True
        self._total = total

    def begin(self) -> None:
        """Learn that the body is written from its beginning."""
        self._attempts += 1
        self._written = 0

    def wrote(self, size: int) -> None:
        """Learn that *size* more bytes were taken."""
        self._written += size

    def complete(self) -> None:
        """Learn that it has all been written."""
        self._end("complete", None)

    def abort(self, cause: BaseException | None) -> None:
        """Learn that the rest will not be written, if it has not been."""
        self._end("aborted", cause)

    def _end(self, state: Literal["complete", "aborted"], cause: BaseException | None) -> None:
        if self._state == "open":
            self._state = state
            self._cause = cause
            self._settle()

    def _settle(self) -> None:
        future = self._future
        if future is None or future.done() or self._state == "open":
            return
        if self._state == "complete":
            future.set_result(None)
            return
        aborted = UploadAbortedError("The request's body was not sent to its end")
        aborted.__cause__ = self._cause
        future.set_exception(aborted)
        future.exception()  # who does not look is not to be told of it by the event loop
