"""What a response consists of that nobody has sent."""

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import HttpVersion11, RequestHead, RequestInfo, ResponseHead

from ._stream_reader import StreamReader
from ._url import parsed_url

if TYPE_CHECKING:
    from ._response import ClientResponse
    from ._typedefs import LooseHeaders, StrOrURL

    R = TypeVar("R", bound=ClientResponse)

__all__ = ["empty_body", "empty_head", "filled", "request_of", "request_to"]


class _NoFlow:
    """The flow of what is all there."""

    def pause(self) -> None:
        """Hold nothing back."""

    def resume(self) -> None:
        """Hold nothing back."""


def request_of(method: str, url: URL, info: RequestInfo | None) -> RequestHead:
    """Give the request that it answers; *info* tells its header fields."""
    fields = CIMultiDict[str]() if info is None else CIMultiDict(info.headers)
    return RequestHead(method, URL(url), CIMultiDictProxy(fields))


def request_to(method: str, url: "StrOrURL", headers: "LooseHeaders | None") -> RequestHead:
    """Give the request that it answers, from what a program would ask with."""
    return RequestHead(method, parsed_url(url), CIMultiDictProxy(_fields(headers)))


def filled(
    response: "R", status: int, reason: str | None, headers: "LooseHeaders | None", body: bytes
) -> "R":
    """Give *response* its head and its body, as a connector would."""
    if not isinstance(body, bytes):
        raise TypeError(f"body must be bytes, not {type(body).__name__}")
    if reason is None:
        known = {int(each): each.phrase for each in HTTPStatus}
        reason = known.get(status, "")
    sink = response.on_head(
        ResponseHead(HttpVersion11, status, reason, _fields(headers)), _NoFlow()
    )
    if body:
        sink.feed(body)
    sink.eof()
    return response


def empty_head() -> ResponseHead:
    """Give a head without fields; its status, 0, is to be set."""
    return ResponseHead(HttpVersion11, 0, "", CIMultiDict())


def empty_body() -> StreamReader:
    """Give a body that has ended."""
    body = StreamReader(None, 2**16)
    body.eof()
    return body


def _fields(headers: "LooseHeaders | None") -> CIMultiDict[str]:
    return CIMultiDict[str]() if headers is None else CIMultiDict(headers)
