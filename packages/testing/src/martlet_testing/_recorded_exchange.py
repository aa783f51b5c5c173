"""What a recording consists of."""

from attrs import frozen
from yarl import URL

__all__ = ["Fields", "RecordedExchange", "RecordedRequest", "RecordedResponse"]

Fields = tuple[tuple[str, str], ...]
"""Header fields, in their order; octets that are not UTF-8 are surrogates (``surrogateescape``)."""


@frozen
class RecordedRequest:
    """A request as it was sent."""

    method: str
    url: URL
    headers: Fields
    body: bytes


@frozen
class RecordedResponse:
    """What came back; `complete` is false if the reader went away before the end of the body."""

    status: int
    reason: str
    headers: Fields
    body: bytes
    trailers: Fields = ()
    complete: bool = True


@frozen
class RecordedExchange:
    """A request and what came back: when it began, in seconds since 1970, and how long it took."""

    request: RecordedRequest
    response: RecordedResponse
    began: float = 0.0
    seconds: float = 0.0
