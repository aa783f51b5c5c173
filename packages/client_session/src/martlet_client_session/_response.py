"""The response to a request."""

import json as json_module
import warnings
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias, TypeVar

from multidict import istr

from martlet_exceptions import (
    ClientConnectionError,
    ClientError,
    ClientResponseError,
    ContentTypeError,
)
from martlet_http_parser import content_decoder
from martlet_interfaces import (
    BodySink,
    Exchange,
    Flow,
    RequestHead,
    RequestInfo,
    ResponseHead,
)

from ._decoding import DecodingSink
from ._done import DONE, Done
from ._exchange_facts import ExchangeFacts
from ._reading import READING, Reading
from ._response_head import SET_COOKIE
from ._stream_reader import StreamReader
from ._text import JSON, decode_text, find_encoding, is_expected, known_codec
from ._total_timeout import TotalTimeout
from ._typedefs import JSONDecoder

if TYPE_CHECKING:
    from yarl import URL

    from ._request_body import PayloadBody
    from ._response_connection import ResponseConnection
    from ._server_events import ServerEvents
    from ._typedefs import LooseHeaders, StrOrURL

__all__ = ["CharsetResolver", "ClientResponse"]

E = TypeVar("E", bound=ClientResponseError)

CharsetResolver: TypeAlias = Callable[["ClientResponse", bytes], str]
"""Names the encoding of a body whose response does not."""

_CONTENT_ENCODING: Final = istr("Content-Encoding")
_CONTENT_LENGTH: Final = istr("Content-Length")
_TRANSFER_ENCODING: Final = istr("Transfer-Encoding")
_KEPT_FOR_ERRORS: Final = 64 * 1024


class ClientResponse(ExchangeFacts):
    """A response whose head has come; the body is read from it.

    Use it as a context manager, or `read` it to its end, or `release` it: until then it
    holds a connection.

    A session makes them, and for tests `build` does. So does the class itself, as aiohttp's: for a
    request of *method* to *url* an answer without fields and body, of which `status`, `reason`,
    `version`, `content` and `cookies` may be set. *request_info* tells the request's header fields;
    the other parameters have no meaning.
    """

    __slots__ = (
        "_body",
        "_content",
        "_decoding",
        "_history",
        "_reading",
        "_released",
        "kept",
    )

    kept: object
    """What has to live as long as the response, if anything was put here."""
    _content: StreamReader

    def __init__(
        self, method: str, url: "URL", *,
        writer: object = None, continue100: object = None, timer: object = None,
        request_info: RequestInfo | None = None, traces: object = None, loop: object = None,
        session: object = None, stream_writer: object = None,
    ) -> None:  # fmt: skip
        from ._response_by_hand import empty_body, empty_head, request_of

        self._expect(request_of(method, url, request_info), READING, None)
        self._head = empty_head()
        self.status: int = self._head.status
        self._content = empty_body()

    @classmethod
    def build(
        cls, method: str = "GET", url: "StrOrURL" = "http://localhost/", *,
        status: int = 200, reason: str | None = None, headers: "LooseHeaders | None" = None,
        body: bytes = b"", request_headers: "LooseHeaders | None" = None,
        history: "Sequence[ClientResponse]" = (),
    ) -> Self:  # fmt: skip
        """Make a response for a test: one that has come as a whole, to a request of *method*.

        *reason*: by default the usual phrase of *status*. *headers* say what the *body* is, its
        content codings too, which are removed. *history*: the redirects that led to it.
        Raises `InvalidURL` and `TypeError` for what cannot be.
        """
        from ._response_by_hand import filled, request_to

        response = cls.to(request_to(method, url, request_headers))
        response.come_by(tuple(history))
        return filled(response, status, reason, headers, body)

    @classmethod
    def to(
        cls,
        request: RequestHead,
        reading: Reading = READING,
        upload: "bytes | PayloadBody | None" = None,
    ) -> Self:
        """Make the response to *request*, before anything of it has come."""
        if cls is ClientResponse or cls.__init__ is ClientResponse.__init__:
            self = cls.__new__(cls)
        else:
            # A subclass that takes what aiohttp's class takes.
            self = cls(
                request.method, request.url, writer=None, continue100=None, timer=None,
                request_info=None, traces=(), loop=None, session=None,
            )  # fmt: skip
        self._expect(request, reading, upload)
        return self

    def _expect(
        self, request: RequestHead, reading: Reading, upload: "bytes | PayloadBody | None"
    ) -> None:
        self._request = request
        self._media_type = None
        self._reading = reading
        self._upload = upload
        self._body: bytes | None = None
        self._decoding: DecodingSink | None = None
        self._exchange = None
        self._history: tuple[ClientResponse, ...] = ()
        self._released = False

    def __repr__(self) -> str:
        return f"<ClientResponse({self.url}) [{self.status} {self.reason}]>"

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        if self._released or self._exchange is None or self.closed:
            return
        _warn(f"Unclosed response {self!r}", ResourceWarning, source=self, stacklevel=1)
        self.close()

    # The connector's side: Receiver

    def on_head(self, head: ResponseHead, flow: Flow, /) -> BodySink:
        """Take the head and say where the body goes (`martlet_interfaces.Receiver`)."""
        self._head = head
        self.status = head.status
        headers = head.headers
        self.sets_cookies: bool = SET_COOKIE in headers
        reading = self._reading
        if not reading.until_eof and self._is_unframed():
            return self._without_body()
        if reading.auto_decompress and _CONTENT_ENCODING in headers:
            field = ",".join(headers.getall(_CONTENT_ENCODING))
            try:
                decoder = content_decoder(field)
            except ClientError as exc:
                self._content = reader = StreamReader(flow, reading.read_limit)
                reader.fail(exc)
                flow.pause()
                return reader
            if decoder is not None:
                self._decoding = sink = DecodingSink(decoder, flow)
                sink.sink = self._content = StreamReader(sink, reading.read_limit)
                return sink
        self._content = reader = StreamReader(flow, reading.read_limit)
        length = headers.get(_CONTENT_LENGTH, "")
        # Only a large one matters, and one that is no number has been refused already.
        if 6 < len(length) < 20 and length.isdecimal():
            reader.expected_size = int(length)
        return reader

    def _without_body(self) -> BodySink:
        from ._discarded_body import DiscardedBody
        from ._response_by_hand import empty_body

        self._content = empty_body()
        return DiscardedBody()

    def begin(self, exchange: Exchange) -> None:
        """Take hold of *exchange*, which has brought the head."""
        self._exchange = exchange
        if self._content.complete:
            if not self._reading.until_eof and self._is_unframed():
                exchange.abort()
            return
        if self._content.exception() is not None:
            exchange.abort()  # to the connector a body that cannot be decoded is fine
            return
        if self._decoding is not None:
            self._decoding.exchange = exchange

    def come_by(self, history: "tuple[ClientResponse, ...]") -> None:
        """Learn which redirects led here."""
        self._history = history

    def keep_deadline(self, total: TotalTimeout) -> None:
        """Hold the body, too, to the limit on the request as a whole."""
        content = self._content
        if content.complete or self._exchange is None or content.exception() is not None:
            total.cancel()
        else:
            content.total_timeout = total
            total.guard_body(content, self._exchange)

    # The facts of the exchange

    @property
    def history(self) -> "tuple[ClientResponse, ...]":
        """The responses that led here by redirects, earliest first."""
        return self._history

    @property
    def connection(self) -> "ResponseConnection | None":
        """The connection, until the body has come; after a 101, to be spoken on, until `close`."""
        from ._response_connection import connection_of

        return connection_of(self)

    # The body

    @property
    def content(self) -> StreamReader:
        """The body, to be read as it comes."""
        return self._content

    @content.setter
    def content(self, content: StreamReader) -> None:
        self._content = content

    async def read(self) -> bytes:
        """Read the whole body, once; later calls give the same bytes.

        Raises `ClientPayloadError` if it does not come whole, `ServerTimeoutError` if it
        takes too long, `ClientConnectionError` if the response has been closed before.
        """
        if self._body is None:
            # Mostly it has come with the head.
            self._body = self._content.whole()
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
        if content_type is not None and not is_expected(self.content_type, content_type):
            text = f"Attempt to decode JSON with unexpected mimetype: {self.content_type}"
            raise self._error(ContentTypeError, text)
        if not body or body.isspace():
            return None
        return loads(body.decode(encoding or self.get_encoding()))

    def get_encoding(self) -> str:
        """Tell the encoding of the body, which has been read.

        It is the declared charset if Python knows it; else what the session's
        ``fallback_charset_resolver`` names, if there is one, or a byte order mark says; else
        UTF-8 if the body is that, a ``<meta charset>``, what charset-normalizer or chardet
        finds, if one is installed, and at last cp1252.
        JSON is UTF-8 (RFC 8259 section 8.1). Raises `RuntimeError` where only the body could tell,
        and it has not been read.
        """
        is_json = is_expected(self.content_type, JSON)
        if self._body is None:
            declared = known_codec(self.charset) or ("utf-8" if is_json else None)
            if declared is None:
                raise RuntimeError("Cannot find the encoding of a body that has not been read")
            return declared
        resolver = self._reading.resolver and partial(self._reading.resolver, self)
        return find_encoding(self._body, self.charset, is_json=is_json, resolver=resolver)

    def events(
        self,
        *,
        max_line_size: int = 2**20,
        content_type: str | None = "text/event-stream",
    ) -> "ServerEvents":
        """Iterate over the events of an event stream (server-sent events, WHATWG HTML).

        *max_line_size*: in bytes. Iterating raises `ContentTypeError` unless the response's
        media type is *content_type* (``None`` does not look), and what reading the body
        raises.
        """
        from ._server_events import ServerEvents

        return ServerEvents(self, max_line_size=max_line_size, content_type=content_type)

    # The end

    def raise_for_status(self) -> None:
        """Raise `ClientResponseError` if `status` is 400 or above.

        The body stays readable; what has come of it, up to 64 KiB, is in the error's
        ``body``.
        """
        if self.status < 400:
            return
        error = self._error(ClientResponseError, self.reason)
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
            if self._body is None:
                self._end()
            else:  # and nothing that waits can be left
                self._released = True
            if self._exchange is not None:
                self._exchange.release()
        return DONE

    async def wait_for_close(self) -> None:
        """Release the response, and wait until its connection is free or closed."""
        await self.release()

    def _is_unframed(self) -> bool:
        # Those have no body (RFC 9112 section 6.3), whatever they say.
        if self.status in {101, 204, 304} or self._request.method == "HEAD":
            return False
        headers = self._head.headers
        return _CONTENT_LENGTH not in headers and _TRANSFER_ENCODING not in headers

    def _error(self, kind: type[E], message: str) -> E:
        info, headers = self.request_info, self.headers
        return kind(info, self.history, status=self.status, message=message, headers=headers)

    def _end(self) -> None:
        self._released = True
        if self._body is None and not self._content.at_eof():
            failure = self._content.exception() or ClientConnectionError("Response closed")
            self._content.set_exception(failure)

    async def __aenter__(self) -> Self:
        return self

    def __aexit__(self, *_exc: object) -> Coroutine[Any, Any, None]:
        return self.release()
