"""A connector that writes down what goes through another one."""

import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ._recorded_exchange import RecordedExchange
from ._recording_file import save_recording
from ._redaction import SECRET_HEADERS, Redaction
from ._take import CopiedBody, Take

if TYPE_CHECKING:
    from martlet_interfaces import (
        Connector,
        Exchange,
        Observer,
        Receiver,
        RequestBody,
        RequestHead,
        Timeouts,
    )

__all__ = ["RecordConnector"]


class RecordConnector:
    """Hands requests on to *inner*, and writes all exchanges to a file when it is closed.

    The file's name says the format: HAR 1.2 for ``.har``, else martlet's own JSON. It is written
    whole or not at all. What failed before the head came is not recorded, and a body of which the
    reader did not want the end as far as it had come; what is spoken after an upgrade, as over a
    WebSocket, is not.

    Args:
        inner: The connector that reaches the servers; it is closed with this one.
        path: The file; one that is there is replaced.
        redact: The header fields whose values are not written down, of requests and of responses.
        redact_params: The same for parameters of URLs.
        before_save: Gets each exchange before it is written, and gives another one, or None to
            leave it out: for secrets in bodies.

    Used in ``async with``, it is closed at the end.
    """

    def __init__(
        self,
        inner: "Connector",
        path: str | os.PathLike[str],
        *,
        redact: Iterable[str] = SECRET_HEADERS,
        redact_params: Iterable[str] = (),
        before_save: Callable[[RecordedExchange], RecordedExchange | None] | None = None,
    ) -> None:
        self._inner = inner
        self._path = Path(path)
        self._redaction = Redaction(redact, redact_params)
        self._before_save = before_save
        self._takes: list[Take] = []
        self._closed = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path} {len(self.exchanges)} exchanges>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def schemes(self) -> frozenset[str]:
        """The URL schemes that the inner connector takes."""
        return self._inner.schemes

    @property
    def exchanges(self) -> list[RecordedExchange]:
        """What has been recorded so far, without secrets, in the order of the requests."""
        taken = (take.recorded() for take in self._takes)
        redacted = [self._redaction.redacted(one) for one in taken if one is not None]
        if self._before_save is None:
            return redacted
        return [one for one in map(self._before_save, redacted) if one is not None]

    async def send(
        self,
        request: "RequestHead",
        body: "bytes | RequestBody | None",
        receiver: "Receiver",
        *,
        timeouts: "Timeouts",
        observer: "Observer | None" = None,
    ) -> "Exchange":
        """Send *request*; see `martlet_interfaces.Connector`."""
        take = Take(request, receiver)
        self._takes.append(take)
        if body is None or isinstance(body, bytes):
            take.sent += body or b""
        else:
            body = CopiedBody(body, take.sent)
        exchange = await self._inner.send(request, body, take, timeouts=timeouts, observer=observer)
        take.exchange = exchange
        return exchange

    def save(self) -> None:
        """Write what has been recorded so far. Raises `OSError`."""
        save_recording(self._path, self.exchanges)

    def close(self) -> Awaitable[None]:
        """Close the inner connector and write the file. Raises `OSError` if that fails."""
        closing = self._inner.close()
        if not self._closed:
            self._closed = True
            self.save()
        return closing
