"""The response to a request."""

import json as json_module
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Self

from multidict import CIMultiDictProxy, istr

from martlet_exceptions import (
    ClientConnectionError,
    ClientError,
    ClientResponseError,
    ContentTypeError,
)
from martlet_http_parser import content_decoder, parse_media_type
from martlet_interfaces import (
    BodySink,
    Exchange,
    Flow,
    HttpVersion,
    RequestHead,
    RequestInfo,
    ResponseHead,
)

from ._decoding import DecodingSink
from ._done import DONE, Done
from ._stream_reader import StreamReader
from ._text import decode_text, find_encoding
from ._total_timeout import TotalTimeout
from ._typedefs import JSONDecoder, RawHeaders

if TYPE_CHECKING:
    from yarl import URL

__all__ = ["ClientResponse"]

_CONTENT_ENCODING: Final = istr("Content-Encoding")
_CONTENT_LENGTH: Final = istr("Content-Length")
_CONTENT_TYPE: Final = istr("Content-Type")
_JSON: Final = "application/json"
_DEFAULT_TYPE: Final = "application/octet-stream"
_KEPT_FOR_ERRORS: Final = 64 * 1024


class ClientResponse:
    """A response whose head has come; the body is read from it.

    Use it as a context manager, or `read` it to its end, or `release` it: until then it
    holds a connection. Nobody but the session makes one.
    """

    __slots__ = (
        "_auto_decompress",
        "_body",
        "_content",
        "_decoding",
        "_exchange",
        "_head",
        "_media_type",
        "_read_limit",
        "_released",
        "_request",
        "_total",
        "status",
    )

    status: int
    """The status code (RFC 9110 section 15)."""
    _content: StreamReader
    _head: ResponseHead

    def __init__(
        self,
        request: RequestHead,
        total: TotalTimeout | None,
        *,
        auto_decompress: bool = True,
        read_limit: int = 262144,
    ) -> None:
        self._request = request
        self._total = total
        self._auto_decompress = auto_decompress
        self._read_limit = read_limit
        self._body: bytes | None = None
        self._decoding: DecodingSink | None = None
        self._exchange: Exchange | None = None
        self._media_type: tuple[str, dict[str, str]] | None = None
        self._released = False

    def __repr__(self) -> str:
        return f"<ClientResponse({self.url}) [{self.status} {self.reason}]>"

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        if self._exchange is None or self.closed:
            return
        _warn(f"Unclosed response {self!r}", ResourceWarning, source=self, stacklevel=1)
        self.close()

    # The connector's side: Receiver

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        """Take the head and say where the body goes (`martlet_interfaces.Receiver`)."""
        self._head = head
        self.status = head.status
        if self._auto_decompress and _CONTENT_ENCODING in head.headers:
            field = ",".join(head.headers.getall(_CONTENT_ENCODING))
            try:
                decoder = content_decoder(field)
            except ClientError as exc:
                self._content = reader = StreamReader(flow, self._read_limit, self._total)
                reader.fail(exc)
                flow.pause()
                return reader
            if decoder is not None:
                self._decoding = sink = DecodingSink(decoder, flow)
                sink.sink = self._content = StreamReader(sink, self._read_limit, self._total)
                return sink
        length = head.headers.get(_CONTENT_LENGTH, "")
        # Only a large one matters, and one that is no number has been refused already.
        expected = int(length) if 6 < len(length) < 20 and length.isdecimal() else 0
        self._content = reader = StreamReader(
            flow, self._read_limit, self._total, expected=expected
        )
        return reader

    def start(self, exchange: Exchange) -> None:
        """Take hold of *exchange*, which has brought the head."""
        self._exchange = exchange
        if self._content.is_eof():
            return
        if self._content.exception() is not None:
            exchange.abort()  # to the connector a body that cannot be decoded is fine
            return
        if self._total is not None:
            self._total.guard_body(self._content, exchange)
        if self._decoding is not None:
            self._decoding.exchange = exchange

    # The head

    @property
    def version(self) -> HttpVersion:
        """The HTTP version of the response."""
        return self._head.version

    @property
    def reason(self) -> str:
        """The reason phrase, which may be empty."""
        return self._head.reason

    @property
    def ok(self) -> bool:
        """Whether `status` is below 400."""
        return self.status < 400

    @property
    def method(self) -> str:
        """The method of the request."""
        return self._request.method

    @property
    def url(self) -> "URL":
        """The URL that was asked for, without its fragment."""
        return self._request.url.with_fragment(None)

    @property
    def real_url(self) -> "URL":
        """The URL that was asked for, as it was given."""
        return self._request.url

    @property
    def host(self) -> str:
        """The host that was asked."""
        return self._request.url.host or ""

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The header fields; names in any case, repeated ones in order."""
        return CIMultiDictProxy(self._head.headers)

    @property
    def raw_headers(self) -> RawHeaders:
        """The header fields as (name, value) pairs of bytes, as they came."""
        return tuple(
            (name.encode("ascii"), value.encode("utf-8", "surrogateescape"))
            for name, value in self._head.headers.items()
        )

    @property
    def request_info(self) -> RequestInfo:
        """What was asked, headers included."""
        request = self._request
        return RequestInfo(self.url, request.method, request.headers, request.url)

    @property
    def history(self) -> "tuple[ClientResponse, ...]":
        """The responses that led here by redirects, earliest first."""
        return ()

    @property
    def content_type(self) -> str:
        """The media type, lower-case, without parameters; ``application/octet-stream`` if
        the response does not say (RFC 9110 section 8.3).
        """
        return self._parsed_media_type()[0] or _DEFAULT_TYPE

    @property
    def charset(self) -> str | None:
        """The ``charset`` parameter of the Content-Type, lower-case, if there is one."""
        charset = self._parsed_media_type()[1].get("charset")
        return charset.lower() if charset else None

    @property
    def content(self) -> StreamReader:
        """The body, to be read as it comes."""
        return self._content

    def _parsed_media_type(self) -> tuple[str, dict[str, str]]:
        if self._media_type is None:
            field = self._head.headers.get(_CONTENT_TYPE)
            self._media_type = (_DEFAULT_TYPE, {}) if not field else parse_media_type(field)
        return self._media_type

    # The body

    async def read(self) -> bytes:
        """Read the whole body, once; later calls give the same bytes.

        Raises `ClientPayloadError` if it does not come whole, `ServerTimeoutError` if it
        takes too long, `ClientConnectionError` if the response has been closed before.
        """
        if self._body is None:
            try:
                self._body = await self._content.read()
            except RuntimeError:
                raise  # of two readers the second one: the first goes on
            except BaseException:
                self.close()
                raise
        return self._body

    async def text(self, encoding: str | None = None, errors: str | None = None) -> str:
        """Read the whole body as text.

        Without *encoding* it is found as `get_encoding` says. Without *errors*, bytes
        that the encoding does not have are replaced; see `bytes.decode` for its values.
        """
        body = self._body if self._body is not None else await self.read()
        return decode_text(body, encoding or self.get_encoding(), errors)

    async def json(
        self,
        *,
        encoding: str | None = None,
        loads: JSONDecoder = json_module.loads,
        content_type: str | None = "application/json",
    ) -> Any:
        """Read the whole body as JSON; ``None`` if it is empty.

        Raises `ContentTypeError` unless the response's media type is *content_type* (or,
        by default, another one that ends in ``+json``); ``content_type=None`` does not
        look. What *loads* raises for a malformed document comes out as it is.
        """
        body = self._body if self._body is not None else await self.read()
        if content_type is not None and not _is_expected(self.content_type, content_type):
            raise ContentTypeError(
                self.request_info,
                self.history,
                status=self.status,
                message=f"Attempt to decode JSON with unexpected mimetype: {self.content_type}",
                headers=self.headers,
            )
        if not body.strip():
            return None
        return loads(body.decode(encoding or self.get_encoding()))

    def get_encoding(self) -> str:
        """Tell the encoding of the body, which has been read.

        It is the declared charset if Python knows it, or what a byte order mark says;
        otherwise UTF-8 if the body is that, a ``<meta charset>``, and at last cp1252.
        JSON is UTF-8 (RFC 8259 section 8.1). Raises `RuntimeError` before the body is read.
        """
        if self._body is None:
            raise RuntimeError("Cannot find the encoding of a body that has not been read")
        is_json = _is_expected(self.content_type, _JSON)
        return find_encoding(self._body, self.charset, is_json=is_json)

    # The end

    def raise_for_status(self) -> None:
        """Raise `ClientResponseError` if `status` is 400 or above.

        The body stays readable; what has come of it, up to 64 KiB, is in the error's
        ``body``.
        """
        if self.status < 400:
            return
        error = ClientResponseError(
            self.request_info,
            self.history,
            status=self.status,
            message=self.reason,
            headers=self.headers,
        )
        body = self._content.peek(_KEPT_FOR_ERRORS) if self._body is None else self._body
        error.body = body[:_KEPT_FOR_ERRORS]
        raise error

    @property
    def closed(self) -> bool:
        """Whether the response holds no connection any more."""
        content = self._content
        return self._released or content.is_eof() or content.exception() is not None

    def close(self) -> None:
        """Close the response, and its connection unless the body has all come."""
        if not self._released:
            self._end()
            if self._exchange is not None:
                self._exchange.abort()

    def release(self) -> Done:
        """Give up the response; its connection is kept if the body has all come.

        A body that has not been read cannot be read afterwards. What is returned may be
        awaited or ignored.
        """
        if not self._released:
            self._end()
            if self._exchange is not None:
                self._exchange.release()
        return DONE

    def _end(self) -> None:
        self._released = True
        if self._body is None and not self._content.at_eof():
            failure = self._content.exception() or ClientConnectionError("Response closed")
            self._content.set_exception(failure)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self.release()


def _is_expected(given: str, expected: str) -> bool:
    if given == expected.lower():
        return True
    return expected == _JSON and given.startswith("application/") and given.endswith("+json")
