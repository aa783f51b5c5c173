"""One request of a call, by way of cookies and middlewares to the connector."""

from typing import TYPE_CHECKING, Any, Final

from multidict import CIMultiDict, CIMultiDictProxy, istr

from martlet_exceptions import ClientPayloadError, NonHttpUrlClientError
from martlet_interfaces import CookieStore, RequestHead, Timeouts

from ._authorization import NetrcHosts, with_authorization
from ._cookies import with_given
from ._headers import AUTOMATIC_NAMES, with_section
from ._middlewares import chained
from ._reading import Reading

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from martlet_interfaces import Connector

    from ._basic_auth import BasicAuth
    from ._client_request import ClientRequest
    from ._defaults import LooseCookies
    from ._exchanges import Exchanges
    from ._middlewares import ClientHandlerType, ClientMiddlewareType
    from ._request_body import PayloadBody
    from ._response import ClientResponse
    from ._session import ClientSession
    from ._total_timeout import TotalTimeout
    from ._traces import Traces

__all__ = ["Sender"]

_AUTHORIZATION: Final = istr("Authorization")
_COOKIE: Final = istr("Cookie")


class Sender:
    """Sends the requests of one call, one after the other."""

    __slots__ = (
        "_auth",
        "_body",
        "_bodies",
        "_connector",
        "_cookie_lines",
        "_cookies",
        "_exchanges",
        "_handler",
        "_head",
        "_netrc",
        "_phases",
        "_reading",
        "_request",
        "_request_class",
        "_responses",
        "_session",
        "_shape",
        "crossed_origin",
        "total",
        "traces",
    )

    crossed_origin: bool
    """Whether redirects have led to another origin."""
    total: "TotalTimeout | None"
    """The limit on the whole of the call."""
    traces: "Traces | None"
    """Who is told what happens."""

    def __init__(
        self,
        session: "ClientSession",
        exchanges: "Exchanges",
        connector: "Connector",
        reading: Reading,
        phases: Timeouts,
        total: "TotalTimeout | None",
    ) -> None:
        self._session = session
        self._exchanges = exchanges
        self._connector = connector
        self._reading = reading
        self._phases = phases
        self.crossed_origin = False
        self.total = total
        self.traces = None
        self._cookies: CookieStore | None = None
        self._netrc: NetrcHosts | None = None
        self._handler: ClientHandlerType | None = None
        self._request: ClientRequest | None = None
        self._responses: list[ClientResponse] = []
        self._shape: tuple[str | bool | None, bool | int | None, bool] = (None, None, False)

    def use_netrc(self) -> None:
        """Look for credentials in ``.netrc`` where there are no others."""
        self._netrc = NetrcHosts()

    def add_cookies(self, cookies: "LooseCookies") -> None:
        """Send *cookies* besides those of the jar."""
        from ._defaults import request_cookies

        quote = getattr(self._exchanges.store, "quote_cookie", True)
        self._cookies = request_cookies(cookies, quote=quote)

    def cross_origin(self) -> None:
        """Go on to another origin: send no cookies but those of the jar from here on."""
        self.crossed_origin = True
        self._cookies = None

    def pass_by(
        self,
        middlewares: "Sequence[ClientMiddlewareType]",
        request_class: "type[ClientRequest] | None",
        compress: str | bool | None,
        chunked: bool | int | None,
        expect100: bool,
    ) -> None:
        """Have *middlewares* see each request, made by *request_class*.

        The others are for a body that they put in its place.
        """
        self._request_class = request_class
        self._shape = compress, chunked, expect100
        self._handler = chained(self._send_request, middlewares)

    @property
    def schemes(self) -> frozenset[str]:
        """The schemes of URLs that the connector takes."""
        return self._connector.schemes

    def verdict(self, exc: BaseException) -> BaseException:
        """Give what a call fails with that *exc* ends; see `TotalTimeout.verdict`."""
        return exc if self.total is None else self.total.verdict(exc)

    def send(
        self, head: RequestHead, body: "bytes | PayloadBody | None", auth: "BasicAuth | None"
    ) -> "Coroutine[Any, Any, ClientResponse]":
        """Send one request; *head* has all but cookies, *auth* is what it is authorized by.

        What is to be awaited does nothing more than has to wait.
        """
        section = head.headers
        if self._netrc is not None:
            found = self._netrc.visit(head.url)
            if found is not None and _AUTHORIZATION not in section:
                auth = found
                section = with_authorization(section, found)
        if self._cookies is not None:
            section = _with_own(section, self._cookies.cookie_header(head.url))
        if section is not head.headers:
            head = with_section(head, section)
        exchanges = self._exchanges
        sent = head if exchanges.store is None else exchanges.with_cookies(head)
        if self._handler is not None:
            return self._send_by(self._handler, head, sent, body, auth)
        return self._begin(sent, body) if body is None else self._send(sent, body)

    async def _send_by(
        self,
        handler: "ClientHandlerType",
        head: RequestHead,
        sent: RequestHead,
        body: "bytes | PayloadBody | None",
        auth: "BasicAuth | None",
    ) -> "ClientResponse":
        """Have middlewares send *sent*, which is *head* with the jar's cookies."""
        self._head, self._body, self._auth = head, body, auth
        self._bodies: list[PayloadBody] = []
        self._responses = []
        self._cookie_lines = sent.headers.getall(_COOKIE, [])
        self._request = request = self._client_request(sent)
        try:
            return _checked(await handler(request))
        except BaseException:
            # A middleware that fails lets go of what it was given.
            for response in self._responses:
                response.close()
            raise
        finally:
            if request.upload is not body:
                await request.close()  # it may not have been sent at all
            for other in self._bodies:
                await other.close()

    def _client_request(self, head: RequestHead) -> "ClientRequest":
        from ._client_request import ClientRequest

        compress, chunked, expect100 = self._shape
        kind = self._request_class
        if kind is None or kind is ClientRequest:
            request = ClientRequest.to(
                head, self._body, self._session,
                compress=compress, chunked=chunked, expect100=expect100,
            )  # fmt: skip
        else:
            request = self._made_by(kind, head)
        request.auth = self._auth
        request.crossed_origin = self.crossed_origin
        request.deadline = None if self.total is None else self.total.until
        return request

    def _made_by(self, kind: "type[ClientRequest]", head: RequestHead) -> "ClientRequest":
        """Make one of a class of the user's, with each parameter that aiohttp gives it."""
        compress, chunked, expect100 = self._shape
        body, options = self._body, head.options
        fields = CIMultiDict(head.headers)
        if self._auth is not None:
            fields.popall(_AUTHORIZATION, None)
        request = kind(
            head.method, head.url, params=None, headers=fields, cookies=None,
            skip_auto_headers=AUTOMATIC_NAMES,
            data=body if body is None or isinstance(body, bytes) else body.payload,
            auth=self._auth, version=head.version, compress=None, chunked=chunked,
            expect100=False, loop=self._session.loop,
            response_class=self._exchanges.response_class, timer=None, session=self._session,
            ssl=options.ssl, proxy=options.proxy, proxy_auth=None,
            proxy_headers=CIMultiDict(options.proxy_headers), traces=[], trust_env=False,
            server_hostname=options.server_hostname,
        )  # fmt: skip
        request.compress = compress
        request.update_expect_continue(expect100)
        request.limits = head.limits
        if body is not None and not isinstance(body, bytes) and request.body is body.payload:
            request.adopt(body)
        return request

    async def _send_request(self, request: "ClientRequest") -> "ClientResponse":
        """Send what the middlewares have left; the innermost handler."""
        if request.response is not None and request is self._request:
            self._refresh_cookies(request)
        head, body = request.head, request.upload
        if head.url.scheme not in self._connector.schemes:
            raise NonHttpUrlClientError(head.url, "the connector does not take its scheme")
        if body is not self._body and body is not None and not isinstance(body, bytes):
            self._bodies.append(body)
        request.response = response = await self._send(head, body)
        self._responses.append(response)
        return response

    def _refresh_cookies(self, request: "ClientRequest") -> None:
        # The response that made it be sent once more may have set some.
        before = self._cookie_lines
        if request.headers.getall(_COOKIE, []) == before:
            lines = self._exchanges.with_cookies(self._head).headers.getall(_COOKIE, [])
            if lines != before:
                self._cookie_lines = lines
                request.headers.popall(_COOKIE, None)
                request.headers.extend((_COOKIE, line) for line in lines)

    def _send(
        self, head: RequestHead, body: "bytes | PayloadBody | None"
    ) -> "Coroutine[Any, Any, ClientResponse]":
        if body is not None and not isinstance(body, bytes) and body.begun:
            return self._send_again(head, body)
        return self._begin(head, body)

    async def _send_again(self, head: RequestHead, body: "PayloadBody") -> "ClientResponse":
        await body.rest()
        if not body.replayable:
            raise ClientPayloadError(
                "The body has been sent, and can be read only once: give bytes or a file"
            )
        return await self._begin(head, body)

    def _begin(
        self, head: RequestHead, body: "bytes | PayloadBody | None"
    ) -> "Coroutine[Any, Any, ClientResponse]":
        observer = None
        if self.traces is not None:
            observer = self.traces.observer(head.method, head.url, head.headers)
        return self._exchanges.send(
            self._connector, head, body, self._reading, self._phases, observer
        )


def _with_own(section: CIMultiDictProxy[str], cookies: str) -> CIMultiDictProxy[str]:
    if not cookies:
        return section
    fields = CIMultiDict(section)
    fields[_COOKIE] = with_given(fields.popall(_COOKIE, ()), cookies)
    return CIMultiDictProxy(fields)


def _checked(response: object) -> "ClientResponse":
    from ._response import ClientResponse

    if not isinstance(response, ClientResponse):
        raise TypeError(
            f"A middleware gave {type(response).__name__}, not a ClientResponse:"
            " does it return what `await handler(request)` gives?"
        )
    return response
