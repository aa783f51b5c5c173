"""A request as middlewares see it, before it is sent."""

import asyncio
import json as json_module
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

from martlet_interfaces import (
    Fingerprint,
    HttpVersion,
    HttpVersion11,
    RequestHead,
)

from ._authorization import BOTH_AUTHORIZATIONS
from ._basic_auth import AuthLike, BasicAuth, given_auth
from ._body import make_body
from ._headers import automatic_fields
from ._outgoing import OF_FRAMING, outgoing
from ._request_facts import RequestFacts
from ._transport import routed, transport_options
from ._typedefs import LooseHeaders, StrOrURL
from ._url import check_host, with_params
from ._verbs import given_method

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import HeadLimits

    from ._defaults import LooseCookies
    from ._payload import Payload
    from ._request_body import PayloadBody
    from ._response import ClientResponse
    from ._session import ClientSession
    from ._typedefs import Data, Query

__all__ = ["ClientRequest"]

_AUTHORIZATION = istr("Authorization")
_CONTENT_TYPE = istr("Content-Type")
_COOKIE = istr("Cookie")
_HOST = istr("Host")


class ClientRequest(RequestFacts):
    """A request that is about to be sent: what a middleware gets, and may change.

    `method`, `url`, `headers` and `version` may be set or changed, the body with `update_body`;
    what is there when the middleware calls its handler is what is sent. Content-Length and
    Transfer-Encoding are not among the headers, unless the caller gave them: the connector adds
    them.

    A session makes them; the parameters are those of aiohttp's class, for those who derive from
    it (``ClientSession(request_class=…)``) or make one by hand. *timer* and *traces* have no
    meaning.
    """

    GET_METHODS: ClassVar[set[str]] = {"GET", "HEAD", "OPTIONS", "TRACE"}
    POST_METHODS: ClassVar[set[str]] = {"PATCH", "POST", "PUT"}
    ALL_METHODS: ClassVar[set[str]] = GET_METHODS | POST_METHODS | {"DELETE"}
    DEFAULT_HEADERS: ClassVar[dict[str, str]] = {
        name: value for name, value in automatic_fields() if name != "User-Agent"
    }

    proxy_auth: BasicAuth | None
    """The credentials for the proxy, if they were given apart from its URL."""
    version: HttpVersion
    """The HTTP version it is sent with."""
    auth: BasicAuth | None = None
    """The credentials that `headers` have an Authorization field of."""
    response: "ClientResponse | None" = None
    """The response to it, once it has been sent; the last one, if it was sent again."""
    crossed_origin: bool = False
    """Whether redirects have led here from another origin: what is secret stayed behind."""
    deadline: float | None = None
    """When the limit on the whole of the request is reached, by the event loop's clock."""
    limits: "HeadLimits | None" = None
    """Caps on the head of the response, if others than the connector's are wanted."""
    _is_adopted = False

    def __init__(
        self,
        method: str,
        url: URL,
        *,
        params: "Query | None" = None,
        headers: LooseHeaders | None = None,
        skip_auto_headers: Iterable[str] | None = None,
        data: "Data | None" = None,
        cookies: "LooseCookies | None" = None,
        auth: AuthLike | None = None,
        version: HttpVersion = HttpVersion11,
        compress: str | bool | None = None,
        chunked: bool | int | None = None,
        expect100: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
        response_class: "type[ClientResponse] | None" = None,
        proxy: StrOrURL | None = None,
        proxy_auth: AuthLike | None = None,
        timer: object = None,
        session: "ClientSession | None" = None,
        ssl: "SSLContext | bool | Fingerprint | None" = True,
        proxy_headers: LooseHeaders | None = None,
        traces: object = None,
        trust_env: bool = False,
        server_hostname: str | None = None,
    ) -> None:
        self.method: str = given_method(method)
        self._session = session
        self.loop = loop
        self.response_class = response_class
        self.compress: str | bool | None = compress
        self.chunked: bool | int | None = chunked
        self._skip = frozenset(name.lower() for name in skip_auto_headers or ())
        self._options = transport_options(ssl, server_hostname)
        self._body: bytes | PayloadBody | None = None
        self._shown: Payload | None = None
        self.headers: CIMultiDict[str] = CIMultiDict()
        self.update_host(url if params is None else with_params(url, params))
        self.update_version(version)
        self.update_headers(headers)
        self.update_auto_headers(skip_auto_headers)
        self.update_cookies(cookies)
        self.update_content_encoding(data)
        self.update_auth(self.auth if auth is None else given_auth(auth), trust_env)
        self.update_proxy(proxy, proxy_auth, proxy_headers)
        self.update_expect_continue(expect100)
        self.update_body_from_data(data)
        self.update_transfer_encoding()

    @classmethod
    def to(
        cls,
        head: RequestHead,
        body: "bytes | PayloadBody | None",
        session: "ClientSession",
        *,
        compress: str | bool | None = None,
        chunked: bool | int | None = None,
        expect100: bool = False,
    ) -> Self:
        """Make one of what a session has put together already.

        The other parameters are for a body that replaces *body*.
        """
        self = cls.__new__(cls)
        self.method, self._url, self.version = head.method, head.url, head.version
        self._session, self.loop, self.response_class = session, None, None
        self.compress, self.chunked, self._expect100 = compress, chunked, expect100
        self._skip = frozenset()
        self._options = head.options
        self.limits = head.limits
        self.proxy_auth = None
        self.headers = CIMultiDict(head.headers)
        self.adopt(body)
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.method} {self._url}>"

    # What is sent

    @property
    def head(self) -> RequestHead:
        """The head that the connector gets."""
        headers = self.headers
        if _HOST not in headers:
            section = CIMultiDict({_HOST: self._host_field()})
            section.extend(headers)
            headers = section
        # A copy: the connector may remember what it has made of it.
        section_sent = CIMultiDictProxy(CIMultiDict(headers))
        return RequestHead(
            self.method, self._url, section_sent, self.version, self._options, self.limits
        )

    @property
    def upload(self) -> "bytes | PayloadBody | None":
        """The body that the connector gets."""
        return self._body

    def adopt(self, upload: "bytes | PayloadBody | None") -> None:
        """Take a body that has been put together already, and is closed by who has done so."""
        self._body = upload
        self._shown = None
        self._is_adopted = True

    # What may be asked

    @property
    def url(self) -> URL:
        """Where it goes; without userinfo. Host follows it, unless another one was given."""
        return self._url

    @url.setter
    def url(self, url: URL) -> None:
        if not isinstance(url, URL):
            raise TypeError(f"The URL of a request is a yarl.URL, not {type(url).__name__}")
        url = url.with_user(None) if url.raw_user is not None else url
        check_host(url)
        before, self._url = self._url, url
        if self.headers.get(_HOST) == before.host_port_subcomponent:
            self.headers[_HOST] = url.host_port_subcomponent or ""

    @property
    def body(self) -> "Payload | Literal[b'']":
        """The body: a `Payload`, or ``b""`` if there is none."""
        body = self._body
        if body is None:
            return b""
        if not isinstance(body, bytes):
            return body.payload
        if self._shown is None:
            from ._bytes_payload import BytesPayload

            self._shown = BytesPayload(body)
        return self._shown

    @property
    def session(self) -> "ClientSession":
        """The session that it is a request of; `RuntimeError` for one that was made by hand."""
        if self._session is None:
            raise RuntimeError("The request was made without a session")
        return self._session

    @property
    def skip_auto_headers(self) -> frozenset[str]:
        """The names of fields, lower-case, that are not added by themselves."""
        return self._skip

    # What may be changed

    def update_host(self, url: URL) -> None:
        """Go to *url*; its userinfo becomes `auth`."""
        self.auth = BasicAuth.from_url(url, encoding="utf-8")
        self._url = url if self.auth is None else url.with_user(None)
        check_host(self._url)

    def update_version(self, version: HttpVersion | str) -> None:
        """Use another HTTP version, ``"1.0"`` or ``"1.1"`` if it is a text."""
        if isinstance(version, str):
            major, _, minor = version.partition(".")
            if not (version.isascii() and major.isdigit() and minor.isdigit()):
                raise ValueError(f"{version!r:.80} is no version of HTTP")
            version = HttpVersion(int(major), int(minor))
        self.version = version

    def update_headers(self, headers: LooseHeaders | None) -> None:
        """Begin the header section: Host and *headers*."""
        given = CIMultiDict[str](headers or ())
        hosts = given.popall(_HOST, [])
        self.headers = CIMultiDict({_HOST: (hosts and hosts[0]) or self._host_field()})
        self.headers.extend(given)

    def _host_field(self) -> str:
        return self._url.host_port_subcomponent or ""

    def update_auto_headers(self, skip_auto_headers: Iterable[str] | None) -> None:
        """Add the fields that every request has, but for those to be skipped."""
        self._skip = self._skip | {name.lower() for name in skip_auto_headers or ()}
        for name, value in automatic_fields():
            if name not in self.headers and name.lower() not in self._skip:
                self.headers[name] = value

    def update_cookies(self, cookies: "LooseCookies | None") -> None:
        """Add *cookies* to the Cookie field; they replace those of the same name."""
        if cookies:
            from ._cookies import with_given
            from ._defaults import request_cookies

            field = request_cookies(cookies).cookie_header(self._url)
            self.headers[_COOKIE] = with_given(self.headers.getall(_COOKIE, ()), field)

    def update_content_encoding(self, data: object) -> None:
        """Learn that the body is to be *data*; for those who derive."""

    def update_transfer_encoding(self) -> None:
        """Learn that the body is there; for those who derive."""

    def update_auth(self, auth: AuthLike | None, trust_env: bool = False) -> None:
        """Send *auth*; *trust_env*: if that is ``None``, what ``.netrc`` has for the host.

        It replaces `auth`. Raises `ValueError` if there is an Authorization field of another
        kind already.
        """
        given = given_auth(auth)
        if given is None and trust_env and _AUTHORIZATION not in self.headers:
            from ._netrc import netrc_auth

            given = netrc_auth(self._url.raw_host or "")
        before, self.auth = self.auth, given
        if given is not None:
            field = self.headers.get(_AUTHORIZATION)
            if field is not None and (before is None or field != before.encode()):
                raise ValueError(BOTH_AUTHORIZATIONS)
            self.headers[_AUTHORIZATION] = given.encode()

    def update_proxy(
        self,
        proxy: StrOrURL | None,
        proxy_auth: AuthLike | None,
        proxy_headers: LooseHeaders | None,
    ) -> None:
        """Go by *proxy*, or directly."""
        from ._proxies import NO_PROXIES

        self.proxy_auth = given_auth(proxy_auth)
        route = NO_PROXIES.route(self._url, proxy, proxy_auth, proxy_headers)
        self._options = routed(self._options, route)

    def update_expect_continue(self, expect: bool = False) -> None:
        """Have a body wait until the server asks for it."""
        self._expect100 = expect

    def update_body_from_data(self, body: "Data | None", _stacklevel: int = 3) -> None:
        """Send *body*, which may be whatever ``data=`` may be; ``None``: nothing.

        Fields that were about the body before are dropped, but for its Content-Type.
        """
        for name in OF_FRAMING if self._body is not None else ():
            self.headers.popall(name, None)
        if body is None or body == b"":
            self._put(None if body is None else b"")
            return
        made, content_type = make_body(body, None, json_module.dumps)
        fields = self.headers
        if _CONTENT_TYPE not in fields and _CONTENT_TYPE.lower() not in self._skip:
            fields[_CONTENT_TYPE] = content_type
        upload, section = outgoing(
            made,
            CIMultiDictProxy(fields),
            compress=self.compress,
            chunked=self.chunked,
            expect100=self._expect100,
            tracker=None,
            skip=self._skip,
        )
        self._put(upload)
        self.headers = CIMultiDict(section)

    def _put(self, upload: "bytes | PayloadBody | None") -> None:
        self.adopt(upload)
        self._is_adopted = False

    async def update_body(self, body: "Data | None") -> None:
        """Send *body* instead; see `update_body_from_data`.

        What was to be sent is closed; what the session was given only at the end, as a redirect
        may ask for it again.
        """
        before, adopted = self._body, self._is_adopted
        self.update_body_from_data(body)
        if not (before is None or isinstance(before, bytes) or adopted):
            await before.close()

    async def close(self) -> None:
        """Close the body, if it is a file or the like."""
        if self._body is not None and not isinstance(self._body, bytes):
            await self._body.close()
