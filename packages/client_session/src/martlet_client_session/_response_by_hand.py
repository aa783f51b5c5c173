"""What a response consists of that nobody has sent."""

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import HttpVersion11, RequestHead, RequestInfo, ResponseHead

from ._stream_reader import StreamReader

__all__ = ["empty_body", "empty_head", "request_of"]


def request_of(method: str, url: URL, info: RequestInfo | None) -> RequestHead:
    """Give the request that it answers; *info* tells its header fields."""
    fields = CIMultiDict[str]() if info is None else CIMultiDict(info.headers)
    return RequestHead(method, URL(url), CIMultiDictProxy(fields))


def empty_head() -> ResponseHead:
    """Give a head without fields; its status, 0, is to be set."""
    return ResponseHead(HttpVersion11, 0, "", CIMultiDict())


def empty_body() -> StreamReader:
    """Give a body that has ended."""
    body = StreamReader(None, 2**16)
    body.eof()
    return body
