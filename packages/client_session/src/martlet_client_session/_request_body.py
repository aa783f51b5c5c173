"""A request's body on its way to the connector."""

import asyncio
from typing import TYPE_CHECKING, Final

from martlet_interfaces import BodyWriter

from ._payload import Payload
from ._stream_writer import BodyStreamWriter

if TYPE_CHECKING:
    from martlet_http_parser import ContentEncoder

    from ._upload_tracker import UploadTracker

__all__ = ["PayloadBody"]

# Compressing this much takes about a millisecond.
_STEP: Final = 64 * 1024


class PayloadBody:
    """Writes a payload (`martlet_interfaces.RequestBody`).

    *coding*: the content coding to apply. *chunked*: leave the length open even if it is
    known. *tracker*: is told how far it has got.
    """

    __slots__ = (
        "_at_rest",
        "_closing",
        "_coding",
        "_complete",
        "_payload",
        "_tracker",
        "_writing",
        "begun",
        "length",
        "sent",
    )

    length: int | None
    """How many bytes `write_to` writes; ``None`` if only writing it will tell."""
    sent: int
    """How many bytes have been written in the last attempt."""
    begun: bool
    """Whether it has been written, or a part of it."""

    def __init__(
        self,
        payload: Payload,
        *,
        coding: str | None = None,
        chunked: bool = False,
        tracker: "UploadTracker | None" = None,
    ) -> None:
        self._payload = payload
        self._coding = coding
        self._tracker = tracker
        self._writing = False
        self._complete = False
        self._closing = False
        self._at_rest: asyncio.Future[None] | None = None
        self.begun = False
        self.length = None if chunked or coding is not None else payload.size
        self.sent = 0

    @property
    def replayable(self) -> bool:
        """Whether it can be written once more."""
        return self._payload.replayable

    @property
    def payload(self) -> Payload:
        """What it writes."""
        return self._payload

    async def rest(self) -> None:
        """Wait until it is not being written any more."""
        while self._writing:
            if self._at_rest is None:
                self._at_rest = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._at_rest)

    async def write_to(self, out: BodyWriter, /) -> None:
        """Write the whole body to *out*."""
        self.sent = 0
        self.begun = True
        if self._tracker is not None:
            self._tracker.begin()
        self._writing = True
        try:
            await self._write(out)
        except BaseException as exc:
            if self._closing:
                self._abort(exc)
            raise
        finally:
            self._writing = False
            if self._at_rest is not None:
                self._at_rest.set_result(None)
                self._at_rest = None
            if self._closing:
                await self._payload.close()
        self._complete = True
        if self._tracker is not None:
            self._tracker.complete()

    async def _write(self, out: BodyWriter) -> None:
        if self._coding is None:
            if not await self._send_file(out):
                await self._payload.write(BodyStreamWriter(_Counter(self, out)))
            return
        from martlet_http_parser import content_encoder

        coder = _Coder(_Counter(self, out), content_encoder(self._coding))
        await self._payload.write(BodyStreamWriter(coder))
        await coder.finish()

    async def _send_file(self, out: BodyWriter) -> bool:
        """Have the file that the payload is sent without reading it, where that is possible."""
        send_file = getattr(out, "send_file", None)
        if send_file is None or self.length is None:
            return False
        file_span = getattr(self._payload, "file_span", None)
        span = None if file_span is None else file_span()
        if span is None:
            return False
        file, offset, count = span
        while count:
            # In parts, so that it can be told how far it has got.
            size = count if self._tracker is None else min(count, 16 * _STEP)
            await send_file(file, offset, size)
            self.wrote(size)
            offset += size
            count -= size
        return True

    def wrote(self, size: int) -> None:
        """Learn that *size* more bytes were taken."""
        self.sent += size
        if self._tracker is not None:
            self._tracker.wrote(size)

    def tracked(self) -> "UploadTracker":
        """Give what follows it: what was given for that, or one that begins now."""
        if self._tracker is None:
            from ._upload_tracker import UploadTracker

            self._tracker = UploadTracker()
            self._tracker.take(self.length)
            if self._complete:
                self._tracker.complete()
            elif self._closing and not self._writing:
                self._tracker.abort(None)
        return self._tracker

    async def close(self, cause: BaseException | None = None) -> None:
        """Learn that there is no other attempt, because of *cause* if the request failed.

        The payload is closed as soon as it is not being written any more.
        """
        self._closing = True
        if not self._writing:
            self._abort(cause)
            await self._payload.close()

    def _abort(self, cause: BaseException | None) -> None:
        if self._tracker is not None:
            self._tracker.abort(cause)


class _Counter:
    """A `BodyWriter` that counts."""

    __slots__ = ("_body", "_out")

    def __init__(self, body: PayloadBody, out: BodyWriter) -> None:
        self._body = body
        self._out = out

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        await self._out.write(data)
        self._body.wrote(data.nbytes if isinstance(data, memoryview) else len(data))


class _Coder:
    """A `BodyWriter` that applies a content coding."""

    __slots__ = ("_encoder", "_out")

    def __init__(self, out: BodyWriter, encoder: "ContentEncoder") -> None:
        self._out = out
        self._encoder = encoder

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        view = memoryview(data).cast("B")
        for start in range(0, len(view), _STEP):
            if start:
                await asyncio.sleep(0)
            coded = self._encoder.encode(view[start : start + _STEP])
            if coded:
                await self._out.write(coded)

    async def finish(self) -> None:
        coded = self._encoder.finish()
        if coded:
            await self._out.write(coded)
