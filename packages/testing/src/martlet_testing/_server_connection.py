"""One connection of a server: requests are read, answered and written one after the other."""

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import aclosing

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_exceptions import ClientError
from martlet_http_parser import (
    BodyBuffer,
    BodyFramer,
    IncomingRequest,
    RequestParser,
    format_http_date,
    serialize_response_head,
)
from martlet_interfaces import HttpVersion11

from ._answer import Answer, octets_of
from ._fault import GARBAGE, Fault
from ._memory_exchange import Answering, is_bodiless
from ._reply import Outcome
from ._seen_request import SeenRequest
from ._switching import SwitchingAnswer
from ._unmatched import UnmatchedRequestError

__all__ = ["ServerConnection"]

_PIECE = 65536


class ServerConnection:
    """Serves one client.

    *answering* says what comes of a request; what else it raises is told to *failed* and answered
    with 500. *base* is the server's URL.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        base: URL,
        answering: Answering,
        failed: Callable[[Exception], object],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._base = base
        self._answering = answering
        self._failed = failed
        self._parser = RequestParser()
        self._head: IncomingRequest | None = None
        self._body = BodyBuffer()

    async def serve(self) -> None:
        """Serve until the client or an answer ends it."""
        try:
            while await self._serve_one():
                pass
        except OSError:
            pass  # the client has gone
        finally:
            self._writer.close()

    async def _serve_one(self) -> bool:
        """Answer a request; tell whether another may follow."""
        try:
            head = await self._read()
        except ClientError as exc:
            await self._write_last(Answer(400, text=f"{exc}\n"))
            return False
        if head is None:
            return False
        request = SeenRequest(
            head.method, self._url(head.target), CIMultiDictProxy(head.headers), self._body.data
        )
        outcome = await self._outcome(request)
        if isinstance(outcome, SwitchingAnswer):
            await self._converse(outcome)
            return False
        if isinstance(outcome, Answer):
            await asyncio.sleep(outcome.latency)
            return await self._write(outcome, head)
        await self._break(outcome)
        return False

    # Reading

    async def _read(self) -> IncomingRequest | None:
        """Read a request; give None if there is no other."""
        self._head = None
        self._body = BodyBuffer(sys.maxsize)
        parser = self._parser
        parser.expect(self._take_head)
        while not (parser.done or parser.closed):
            data = await self._reader.read(_PIECE)
            parser.feed(data) if data else parser.feed_eof()
        return self._head

    def _take_head(self, head: IncomingRequest) -> BodyBuffer:
        self._head = head
        if head.expects_continue:
            self._writer.write(serialize_response_head(100, {}))
        return self._body

    def _url(self, target: str) -> URL:
        if target.startswith("/"):
            return URL(f"{self._base.origin()}{target}")
        return URL(target) if "://" in target else self._base.with_path(f"/{target}")

    # Answering

    async def _outcome(self, request: SeenRequest) -> Outcome:
        try:
            return await self._answering(request)
        except UnmatchedRequestError as exc:
            return Answer(404, text=f"{exc}\n")
        except Exception as exc:  # noqa: BLE001  # it is the test's, and told to it
            return self._apology(exc)

    def _apology(self, exc: Exception) -> Answer:
        self._failed(exc)
        return Answer(500, text=f"{exc!r}\n")

    async def _break(self, fault: Fault) -> None:
        """Do what *fault* says, in place of the rest of a response."""
        if fault is Fault.MALFORMED:
            self._writer.write(GARBAGE)
            await self._writer.drain()
        elif fault is Fault.HANG:
            await self._reader.read()
        else:
            self._writer.transport.abort()

    async def _converse(self, answer: SwitchingAnswer) -> None:
        writer = self._writer
        writer.write(serialize_response_head(101, [*answer.headers.items()]))
        ws = answer.open(writer.write, writer.close)
        talk = asyncio.create_task(answer.converse(ws))
        try:
            data = self._parser.tail
            if data:
                ws.feed(data)
            while data := await self._reader.read(_PIECE):
                ws.feed(data)
            ws.eof()
            await talk
        finally:
            talk.cancel()

    # Writing

    async def _write_last(self, answer: Answer) -> None:
        fields = [*answer.headers.items(), ("Connection", "close")]
        body = b"".join([piece async for piece in answer.pieces() if isinstance(piece, bytes)])
        self._writer.write(serialize_response_head(answer.status, fields) + body)
        await self._writer.drain()

    async def _write(self, answer: Answer, head: IncomingRequest) -> bool:
        fields = CIMultiDict(answer.headers)
        fields.setdefault("Date", format_http_date(time.time()))
        framer = _framed(answer, head, fields)
        keep = self._parser.reusable and fields.get("Connection", "").lower() != "close"
        keep = keep and head.version >= HttpVersion11
        if not keep:
            fields["Connection"] = "close"
        try:
            wire = serialize_response_head(
                answer.status, [*fields.items()], answer.reason, to_method=head.method
            )
        except ValueError as exc:
            await self._write_last(self._apology(exc))
            return False
        self._writer.write(wire)
        if framer is not None and not await self._write_body(answer, framer):
            return False
        await self._writer.drain()
        return keep

    async def _write_body(self, answer: Answer, framer: BodyFramer) -> bool:
        """Write the body; tell whether it came to its end."""
        try:
            async with aclosing(answer.pieces()) as pieces:
                async for piece in pieces:
                    await asyncio.sleep(answer.pace)
                    if isinstance(piece, Fault):
                        await self._break(piece)
                        return False
                    self._writer.write(framer.frame(octets_of(piece)))
                    await self._writer.drain()
            self._writer.write(framer.finish(answer.trailers))
        except OSError:
            raise
        except Exception as exc:  # noqa: BLE001  # it is the test's, and told to it
            self._failed(exc)
            self._writer.transport.abort()
            return False
        return True


def _framed(answer: Answer, head: IncomingRequest, fields: CIMultiDict[str]) -> BodyFramer | None:
    """Say in *fields* how the body is framed, and give what does it; None if there is none."""
    if is_bodiless(head.method, answer.status):
        return None
    chunkable = head.version >= HttpVersion11
    if answer.trailers and chunkable:
        fields.popall("Content-Length", None)
    length = fields.get("Content-Length", "")
    if length.isascii() and length.isdigit():
        return BodyFramer(int(length))
    if not chunkable:
        return BodyFramer.until_close()
    fields.setdefault("Transfer-Encoding", "chunked")
    return BodyFramer(None)
