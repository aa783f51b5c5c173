"""One exchange on its way through a recorder."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from attrs import evolve

from ._recorded_exchange import Fields, RecordedExchange, RecordedRequest, RecordedResponse

if TYPE_CHECKING:
    from martlet_interfaces import (
        BodySink,
        BodyWriter,
        Exchange,
        Flow,
        Receiver,
        RequestBody,
        RequestHead,
        ResponseHead,
    )

__all__ = ["CopiedBody", "Take"]


class Take:
    """Stands between a session and the inner connector, for one exchange, and copies.

    It is the receiver and the sink for the connector. `exchange` is what `send` has returned, if
    it has: the trailers are there.
    """

    exchange: "Exchange | None" = None
    _sink: "BodySink"

    def __init__(self, request: "RequestHead", receiver: "Receiver") -> None:
        self.sent = bytearray()
        self._request = request
        self._receiver = receiver
        self._head: RecordedResponse | None = None
        self._body = bytearray()
        self._complete = False
        self._began = time.time()
        self._start = time.monotonic()
        self._seconds = 0.0

    def recorded(self) -> RecordedExchange | None:
        """Give what there is; None if there is no response that could be given again."""
        if self._head is None or self._head.status < 200:
            return None
        head = self._request
        url = head.url.with_fragment(None)
        request = RecordedRequest(head.method, url, _pairs(head.headers.items()), bytes(self.sent))
        exchange = self.exchange if self._complete else None
        trailers = None if exchange is None else exchange.info("trailers")
        response = evolve(
            self._head,
            body=bytes(self._body),
            trailers=_pairs(cast("Iterable[tuple[str, str]]", trailers or ())),
            complete=self._complete,
        )
        return RecordedExchange(request, response, self._began, self._seconds)

    # Receiver and BodySink

    def on_head(self, head: "ResponseHead", flow: "Flow", /) -> "BodySink":
        """Note the head, before its receiver changes it."""
        fields = _pairs(head.headers.items())
        self._head = RecordedResponse(head.status, head.reason, fields, b"")
        self._sink = self._receiver.on_head(head, flow)
        self._measure()
        return self

    def feed(self, data: bytes, /) -> None:
        """Copy *data*."""
        self._body += data
        self._sink.feed(data)

    def eof(self) -> None:
        """Note that the body is complete."""
        self._complete = True
        self._measure()
        self._sink.eof()

    def fail(self, exc: BaseException, /) -> None:
        """Hand it on."""
        self._sink.fail(exc)

    def _measure(self) -> None:
        self._seconds = round(time.monotonic() - self._start, 6)


class CopiedBody:
    """A request's body, of which *copy* gets what is written; of a second attempt, that."""

    def __init__(self, body: "RequestBody", copy: bytearray) -> None:
        self._body = body
        self._copy = copy

    @property
    def length(self) -> int | None:
        """Its size in bytes, if that is known."""
        return self._body.length

    @property
    def replayable(self) -> bool:
        """Whether it can be written once more."""
        return self._body.replayable

    async def write_to(self, out: "BodyWriter", /) -> None:
        """Write the whole body to *out*."""
        self._copy.clear()
        await self._body.write_to(_CopyingWriter(out, self._copy))


class _CopyingWriter:
    def __init__(self, out: "BodyWriter", copy: bytearray) -> None:
        self._out = out
        self._copy = copy

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self._copy += data
        await self._out.write(data)


def _pairs(fields: Iterable[tuple[str, str]]) -> Fields:
    return tuple((str(name), str(value)) for name, value in fields)
