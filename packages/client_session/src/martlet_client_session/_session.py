"""The session: where a request's policies are put together."""

import asyncio
import json as json_module
import warnings
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Self, Unpack, cast

from multidict import istr

from martlet_interfaces import (
    DIRECT,
    UNSET,
    Connector,
    CookieStore,
    Deadlines,
    HttpVersion,
    HttpVersion11,
    RequestHead,
    Timeouts,
    Unset,
)

from ._composer import RequestComposer
from ._cookies import check_store, given_to, with_cookies
from ._done import DONE
from ._headers import HeaderSections
from ._request_context import RequestContext
from ._response import CharsetResolver, ClientResponse
from ._timeout import DEFAULT_TIMEOUT, ClientTimeout, connector_timeouts, given_timeout
from ._total_timeout import TotalTimeout
from ._transport import transport_options
from ._typedefs import JSONBytesEncoder, JSONEncoder, LooseHeaders, RequestOptions, StrOrURL
from ._url import build_url, with_params

if TYPE_CHECKING:
    from ssl import SSLContext

    from multidict import CIMultiDict
    from yarl import URL

    from martlet_interfaces import Fingerprint

    from ._defaults import AbstractCookieJar, LooseCookies
    from ._request_body import PayloadBody
    from ._typedefs import Data, Query
    from ._upload_tracker import UploadTracker

__all__ = ["ClientSession"]

_SET_COOKIE = istr("Set-Cookie")


class ClientSession:
    """Makes requests, over connections that it keeps.

    Make one for a program, not for a request, and close it at the end, best as an
    ``async with``. It can be made anywhere, and is used from one event loop.

    * *connector*: what sends the requests (default: a `TCPConnector`). It is closed with
      the session unless *connector_owner* is false.
    * *cookie_jar*: keeps cookies, and gives those that go with a request (default: a
      `CookieJar` of its own); any `CookieStore` will do. *cookies*: cookies for every
      request, put into the jar, which then has to be an `AbstractCookieJar`.
    * *headers*: fields for every request. *skip_auto_headers*: names of fields not to add
      by itself (Accept, Accept-Encoding, User-Agent, Content-Type).
    * *timeout*: a `ClientTimeout`, or seconds in all (default: 300 in all, 30 to
      connect).
    * *json_serialize*: makes text of what is given as ``json=``. *json_serialize_bytes*:
      makes bytes of it, and is used instead if it is given.
    * *raise_for_status*: raise for every status of 400 and above.
    * *auto_decompress*: remove content codings (default). *read_bufsize*: how many bytes
      of a body are kept while nobody reads (default 256 KiB).
    * *fallback_charset_resolver*: called with a response that names no charset and its
      body, it names one; else `ClientResponse.get_encoding` says how one is found.
    * *loop*: the event loop that it will be used from; need not be said.
    """

    def __init__(
        self,
        *,
        connector: Connector | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        cookies: "LooseCookies | None" = None,
        headers: LooseHeaders | None = None,
        skip_auto_headers: Iterable[str] | None = None,
        json_serialize: JSONEncoder = json_module.dumps,
        json_serialize_bytes: JSONBytesEncoder | None = None,
        version: HttpVersion = HttpVersion11,
        cookie_jar: CookieStore | None = None,
        connector_owner: bool = True,
        raise_for_status: bool = False,
        timeout: ClientTimeout | float | None = DEFAULT_TIMEOUT,
        auto_decompress: bool = True,
        read_bufsize: int = 262144,
        fallback_charset_resolver: CharsetResolver | None = None,
    ) -> None:
        if read_bufsize < 0:
            raise ValueError(f"read_bufsize must not be negative: {read_bufsize}")
        self._connector_owner = connector_owner
        self._loop: asyncio.AbstractEventLoop | None = None
        self._given_loop = loop
        sections = HeaderSections(headers, skip_auto_headers)
        self._composer = RequestComposer(sections, json_serialize, json_serialize_bytes)
        self._resolver = fallback_charset_resolver
        self._version = version
        self._raise_for_status = raise_for_status
        self._auto_decompress = auto_decompress
        self._read_bufsize = read_bufsize
        self._timeout = given_timeout(timeout)
        self._connector_timeouts = connector_timeouts(self._timeout)
        if cookie_jar is not None:
            check_store(cookie_jar)
        # A jar of its own is made when there is a cookie.
        self._cookie_jar = cookie_jar
        if cookies is not None:
            given_to(self.cookie_jar, cookies)
        if connector is None:
            from ._defaults import default_connector

            connector = default_connector()
        # The last of all: a session that could not be made does not close it.
        self._connector: Connector | None = connector

    _deadlines: Deadlines

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        if getattr(self, "_connector", None) is None or not self._connector_owner:
            return
        if self._loop is not None:
            _warn(f"Unclosed session {self!r}", ResourceWarning, source=self, stacklevel=1)
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else repr(self._connector)
        return f"<ClientSession {state}>"

    def request(
        self, method: str, url: StrOrURL, **options: Unpack[RequestOptions]
    ) -> RequestContext:
        """Ask for *url* with *method*; await or enter the result.

        * *params*: to add to the query: a mapping, pairs, or a string, which is not encoded.
        * *data*: the body: bytes, a string, or a mapping or pairs, sent as a form. *json*:
          what to send as JSON instead.
          What may be given as *data* besides: an open file, `FormData`, a `MultipartWriter`
          or another `Payload`, an async iterable of bytes. Values of a mapping may be files.
        * *compress*: the content coding of the body: ``"deflate"`` (also ``True``),
          ``"gzip"``, ``"br"``, ``"zstd"``. *chunked*: send it in chunks though its length is
          known. *expect100*: send it only when the server asks for it, or is silent for a
          second. *upload_tracker*: an `UploadTracker`, which tells how far it has got.
        * *headers*: fields for this request; they replace the session's of the same name.
          *skip_auto_headers*: names of fields not to add.
        * *timeout*: instead of the session's; ``None``: no limits.
        * *ssl*: how to verify the server (``True``, ``False``, an `ssl.SSLContext`, a
          `Fingerprint`); *server_hostname*: the name to verify, instead of the URL's host.
        * *raise_for_status*, *read_bufsize*, *auto_decompress*: instead of the session's.
          *read_until_eof*: false: the body of a response that does not say where it ends is
          not read.

        Raises `ClientError` subclasses for what goes wrong outside, `TypeError` and
        `ValueError` (`InvalidURL` is one) for what cannot be asked; nothing is sent then.
        """
        return RequestContext(self._request(_given_method(method), url, **options))

    def get(self, url: StrOrURL, **options: Unpack[RequestOptions]) -> RequestContext:
        """Ask for *url* with GET; see `request`."""
        return RequestContext(self._request("GET", url, **options))

    def head(self, url: StrOrURL, **options: Unpack[RequestOptions]) -> RequestContext:
        """Ask for *url* with HEAD; see `request`."""
        return RequestContext(self._request("HEAD", url, **options))

    def options(self, url: StrOrURL, **options: Unpack[RequestOptions]) -> RequestContext:
        """Ask for *url* with OPTIONS; see `request`."""
        return RequestContext(self._request("OPTIONS", url, **options))

    def post(self, url: StrOrURL, **options: Unpack[RequestOptions]) -> RequestContext:
        """Ask for *url* with POST; see `request`."""
        return RequestContext(self._request("POST", url, **options))

    def put(self, url: StrOrURL, **options: Unpack[RequestOptions]) -> RequestContext:
        """Ask for *url* with PUT; see `request`."""
        return RequestContext(self._request("PUT", url, **options))

    def patch(self, url: StrOrURL, **options: Unpack[RequestOptions]) -> RequestContext:
        """Ask for *url* with PATCH; see `request`."""
        return RequestContext(self._request("PATCH", url, **options))

    def delete(self, url: StrOrURL, **options: Unpack[RequestOptions]) -> RequestContext:
        """Ask for *url* with DELETE; see `request`."""
        return RequestContext(self._request("DELETE", url, **options))

    async def _request(
        self,
        method: str,
        str_or_url: StrOrURL,
        *,
        params: "Query | None" = None,
        data: "Data | None" = None,
        json: object = None,
        headers: LooseHeaders | None = None,
        skip_auto_headers: Iterable[str] | None = None,
        compress: str | bool | None = None,
        chunked: bool | int | None = None,
        expect100: bool = False,
        raise_for_status: bool | None = None,
        read_until_eof: bool = True,
        timeout: ClientTimeout | float | Unset | None = UNSET,
        ssl: "SSLContext | bool | Fingerprint | None" = None,
        server_hostname: str | None = None,
        read_bufsize: int | None = None,
        auto_decompress: bool | None = None,
        upload_tracker: "UploadTracker | None" = None,
    ) -> ClientResponse:
        connector = self._connector
        if connector is None:
            raise RuntimeError("Session is closed")
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._bind(loop)
        url = build_url(str_or_url, connector.schemes)
        if params is not None:
            url = with_params(url, params)
        if data is None and json is None and not (chunked or upload_tracker):
            body, section = None, self._composer.section(url, None, headers, skip_auto_headers)
        else:
            body, section = self._composer.with_body(
                url, data, json, headers, skip_auto_headers,
                compress, chunked, expect100, upload_tracker,
            )  # fmt: skip
        cookie_jar = self._cookie_jar
        if cookie_jar is not None and (cookies := cookie_jar.cookie_header(url)):
            section = with_cookies(section, cookies)
        request = RequestHead(method, url, section, self._version, DIRECT)
        if (ssl is not None and ssl is not True) or server_hostname is not None:
            request.options = transport_options(ssl, server_hostname)
        response, phases = self._expect(
            request, body, loop, timeout, read_until_eof, read_bufsize, auto_decompress
        )
        try:
            exchange = await connector.send(request, body, response, timeouts=phases)
        except BaseException as exc:
            await response.give_up(exc)
            raise
        response.begin(exchange)
        if body is not None and not isinstance(body, bytes):
            await body.close()
        if _SET_COOKIE in response.headers:
            self._store_cookies(response, url)
        if response.status >= 400:
            self._check_status(response, raise_for_status)
        return response

    def _expect(
        self,
        request: RequestHead,
        body: "bytes | PayloadBody | None",
        loop: asyncio.AbstractEventLoop,
        timeout: ClientTimeout | float | Unset | None,
        until_eof: bool,
        read_bufsize: int | None,
        auto_decompress: bool | None,
    ) -> tuple[ClientResponse, Timeouts]:
        """Make what takes the response, and start the clock."""
        limit, phases = self._timeout.total, self._connector_timeouts
        if timeout is not UNSET:
            limits = given_timeout(timeout)
            limit, phases = limits.total, connector_timeouts(limits)
        response = ClientResponse.to(
            request,
            TotalTimeout(self._deadlines, limit, loop, request.url) if limit else None,
            self._auto_decompress if auto_decompress is None else auto_decompress,
            self._read_bufsize if read_bufsize is None else read_bufsize,
            until_eof,
            self._resolver,
            body,
        )
        return response, phases

    def _store_cookies(self, response: ClientResponse, url: "URL") -> None:
        set_cookies = response.headers.getall(_SET_COOKIE)
        try:
            self.cookie_jar.update_cookies_from_headers(set_cookies, url)
        except BaseException:
            # Nobody else has the response.
            response.close()
            raise

    def _check_status(self, response: ClientResponse, wanted: bool | None) -> None:
        if self._raise_for_status if wanted is None else wanted:
            try:
                response.raise_for_status()
            finally:
                response.release()

    def _bind(self, loop: asyncio.AbstractEventLoop) -> None:
        expected = self._loop or self._given_loop
        if expected is not None and expected is not loop:
            raise RuntimeError(
                f"The session belongs to {expected!r}, and cannot be used from {loop!r}"
            )
        self._loop = loop
        self._deadlines = Deadlines(loop)

    @property
    def closed(self) -> bool:
        """Whether `close` or `detach` has been called."""
        return self._connector is None

    @property
    def connector(self) -> Connector | None:
        """What sends the requests; ``None`` after `close`."""
        return self._connector

    @property
    def connector_owner(self) -> bool:
        """Whether the connector is closed with the session."""
        return self._connector_owner

    @property
    def headers(self) -> "CIMultiDict[str]":
        """The fields of every request."""
        return self._composer.sections.own

    @property
    def cookie_jar(self) -> "AbstractCookieJar":
        """What keeps the session's cookies: what was given as such, or a `CookieJar`."""
        if self._cookie_jar is None:
            from ._defaults import default_cookie_jar

            self._cookie_jar = default_cookie_jar()
        # A store that has no more than the two methods was given by who asks.
        return cast("AbstractCookieJar", self._cookie_jar)

    @property
    def timeout(self) -> ClientTimeout:
        """The limits on a request that brings none of its own."""
        return self._timeout

    @property
    def version(self) -> HttpVersion:
        """The HTTP version of the requests."""
        return self._version

    @property
    def raise_for_status(self) -> bool:
        """Whether a status of 400 and above is raised."""
        return self._raise_for_status

    @property
    def auto_decompress(self) -> bool:
        """Whether content codings are removed."""
        return self._auto_decompress

    def close(self) -> Awaitable[None]:
        """Close the session, and its connector if it owns it, at once.

        What is returned may be awaited until all sockets are closed, or ignored.
        """
        connector, self._connector = self._connector, None
        if connector is None or not self._connector_owner:
            # Requests that are under way go on, and keep their deadlines.
            return DONE
        if self._loop is not None and not self._loop.is_closed():
            self._deadlines.close()
        return connector.close()

    def detach(self) -> None:
        """Close the session, but leave its connector open, for others."""
        self._connector = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()


def _given_method(method: object) -> str:
    if not isinstance(method, str):
        raise TypeError(f"A method must be a str, not {type(method).__name__}")
    # Some letters become ASCII ones in upper case; the connector is to refuse them.
    return method.upper() if method.isascii() else method
