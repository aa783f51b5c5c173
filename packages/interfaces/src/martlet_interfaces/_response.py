"""What a connector hands back: the head once, then the body, pushed."""

from typing import TYPE_CHECKING, Protocol

from ._version import HttpVersion

if TYPE_CHECKING:
    from multidict import CIMultiDict

__all__ = ["BodySink", "ChunkSink", "Flow", "Receiver", "ResponseHead"]


class ResponseHead:
    """The head of a final response (status 200 and above, or 101 where asked for).

    `headers` belong to the receiver from here on. Values are decoded as UTF-8 with
    ``surrogateescape``, so that no byte is lost.
    """

    __slots__ = ("headers", "reason", "status", "version")

    version: HttpVersion
    status: int
    reason: str
    headers: "CIMultiDict[str]"

    def __init__(
        self, version: HttpVersion, status: int, reason: str, headers: "CIMultiDict[str]"
    ) -> None:
        self.version = version
        self.status = status
        self.reason = reason
        self.headers = headers

    def __repr__(self) -> str:
        return f"<ResponseHead {self.status} {self.reason}>"


class Flow(Protocol):
    """Back-pressure, from the reader of a body to whoever pushes it.

    Both are idempotent, may be called at any time, and do nothing once the body has
    ended.
    """

    def pause(self) -> None:
        """Ask for no more data; a bounded rest, already under way, may still come."""

    def resume(self) -> None:
        """Ask for data again. May call the sink before it returns."""


class BodySink(Protocol):
    """Where the body of a response is pushed to.

    Any number of `feed`, then exactly one of `eof` and `fail`, then nothing; nothing
    at all after `Exchange.abort`. None of them blocks or raises.
    """

    def feed(self, data: bytes, /) -> None:
        """Take the next piece of the body, not empty, as it came: content codings are
        not removed.
        """

    def eof(self) -> None:
        """Learn that the body is complete."""

    def fail(self, exc: BaseException, /) -> None:
        """Learn that the rest will never come: *exc* is a `ClientError`, or what the
        request's own body raised.
        """


class ChunkSink(BodySink, Protocol):
    """A `BodySink` that also wants to know where the chunks of a chunked body end.

    To have `feed_chunks` is an optional capability: a connector may look for it, once a
    body, and then call it in place of each `feed` of a body that came in chunks (RFC 9112
    section 7.1). All else is pushed with `feed`, and a connector that does not know it uses
    `feed` for everything. Who hands a body on and changes it, as by removing a content
    coding, does not have it: the chunks are those of the body as it was sent.
    """

    def feed_chunks(self, pieces: list[bytes], open_end: bool, /) -> None:
        """Take the next pieces of the body: at least one, none of them empty.

        Each piece ends a chunk, but for the last one if *open_end* is true: then the first
        piece of the next call goes on with that chunk. So a chunk may come in any number
        of pieces, and each piece is of one chunk. The list is the sink's from here on.
        """


class Receiver(Protocol):
    """The session's side of one exchange."""

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        """Take the head; return where the body goes.

        Called exactly once for each `Connector.send` that does not raise, before any
        byte of the body, from the connector's own code: it must not block.
        """
