"""Removing content codings on the way to the reader.

A `BodySink` in front of the reader, so that every connector gets it. It decodes a
bounded step at a time and stops while the reader is full, so what a body inflates to
never piles up: memory is bounded by the reader's limit, not by the peer.
"""

from typing import Final

from martlet_exceptions import ClientError
from martlet_http_parser import ContentDecoder
from martlet_interfaces import BodySink, Exchange, Flow

__all__ = ["DecodingSink"]

_STEP: Final = 64 * 1024


class DecodingSink:
    """Takes a coded body, gives a decoded one to *sink*, which is set afterwards.

    To the reader behind it, it is the `Flow`. Where the chunks ended in which the body came
    it does not say: the decoded body has none.
    """

    __slots__ = (
        "_decoder",
        "_eof",
        "_flow",
        "_paused",
        "_running",
        "exchange",
        "sink",
        "total_compressed_bytes",
    )

    sink: BodySink
    exchange: Exchange | None
    """What to end when the body turns out to be no good, as soon as it is known."""
    total_compressed_bytes: int
    """How many bytes have come, as they came."""

    def __init__(self, decoder: ContentDecoder, flow: Flow) -> None:
        self._decoder: ContentDecoder | None = decoder
        self._flow = flow
        self.exchange = None
        self.total_compressed_bytes = 0
        self._eof = False
        self._paused = False
        self._running = False

    # BodySink

    def feed(self, data: bytes) -> None:
        """Decode *data*, as far as the reader takes it."""
        if self._decoder is not None:
            self.total_compressed_bytes += len(data)
            self._decoder.feed(data)
            self._run()

    def eof(self) -> None:
        """Learn that the coded body is complete."""
        self._eof = True
        self._run()

    def fail(self, exc: BaseException) -> None:
        """Pass a failure on."""
        self._decoder = None
        self.sink.fail(exc)

    # Flow

    def pause(self) -> None:
        """Stop decoding, and let the peer wait."""
        self._paused = True
        self._flow.pause()

    def resume(self) -> None:
        """Go on with what is left from before, then with what comes."""
        self._paused = False
        self._run()
        if self._decoder is not None and not self._paused:
            self._flow.resume()

    def _run(self) -> None:
        if self._running:  # the reader paused and resumed within a feed
            return
        self._running = True
        try:
            while self._decoder is not None and not self._paused:
                data = self._decoder.read(_STEP)
                if data:
                    self.sink.feed(data)
                    continue
                if self._eof:
                    self._finish(self._decoder)
                return
        except ClientError as exc:
            # To the connector the body is fine: it has to be told that nobody wants the rest,
            # or a connection that nobody reads from would stay taken.
            self.fail(exc)
            self._flow.pause()
            if self.exchange is not None:
                self.exchange.abort()
        finally:
            self._running = False

    def _finish(self, decoder: ContentDecoder) -> None:
        self._decoder = None
        decoder.finish()
        self.sink.eof()
