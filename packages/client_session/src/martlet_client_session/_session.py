"""The session: where a request's policies are put together."""

import asyncio
import json as json_module
import warnings
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import cache
from inspect import currentframe
from typing import TYPE_CHECKING, Self, TypeAlias

from martlet_interfaces import (
    DIRECT,
    UNSET,
    Connector,
    CookieStore,
    DeadlineQueue,
    Deadlines,
    HttpVersion,
    HttpVersion11,
    RequestHead,
    Timeouts,
    Unset,
)

from ._composer import RequestComposer
from ._cookies import check_store, given_to
from ._done import DONE
from ._exchanges import Exchanges
from ._head_limits import head_limits
from ._headers import HeaderSections
from ._loop_thread import call_in_its_thread
from ._made_at import made_at
from ._policies import Policies
from ._reading import Reading
from ._response import CharsetResolver, ClientResponse
from ._session_facts import SessionFacts
from ._status_check import check_status
from ._timeout import connector_timeouts, given_timeout, session_timeout
from ._total_timeout import TotalTimeout
from ._transport import transport_options
from ._typedefs import JSONBytesEncoder, JSONEncoder, LooseHeaders, StrOrURL
from ._url import KnownURLs, with_params
from ._verbs import Verbs
from ._ws_verbs import WebSocketVerbs

if TYPE_CHECKING:
    from ssl import SSLContext

    from yarl import URL

    from martlet_interfaces import Fingerprint

    from ._basic_auth import AuthLike
    from ._call import Call
    from ._client_request import ClientRequest
    from ._client_ws_response import ClientWebSocketResponse
    from ._defaults import LooseCookies
    from ._middlewares import ClientMiddlewareType
    from ._plan import Plan
    from ._redirects import RedirectPolicy
    from ._request_body import PayloadBody
    from ._sender import Sender
    from ._status_check import StatusCheck
    from ._timeout import ClientTimeout
    from ._trace_config import TraceConfig
    from ._typedefs import Data, Query
    from ._upload_tracker import UploadTracker

    _Special: TypeAlias = tuple[
        AuthLike | None, LooseCookies | None, StrOrURL | None, AuthLike | None,
        LooseHeaders | None, Sequence[ClientMiddlewareType] | None,
        SSLContext | bool | Fingerprint | None, str | None, bool | None, bytes | None,
        SSLContext | None, int | None, int | None, int | None, bool | None, int | None,
    ]  # fmt: skip

__all__ = ["ClientSession"]

_NOTHING_SPECIAL = (None,) * 16


class ClientSession(SessionFacts, Verbs, WebSocketVerbs):
    """Makes requests, over connections that it keeps.

    Make one for a program, not for a request, and close it at the end, best as an
    ``async with``. It can be made anywhere, and is used from one event loop.

    * *base_url*: what URLs are relative to; its path ends in ``/``.
    * *connector*: what sends the requests (default: a `TCPConnector`). It is closed with
      the session unless *connector_owner* is false.
    * *cookie_jar*: keeps cookies, and gives those that go with a request (default: a
      `CookieJar` of its own); any `CookieStore` will do. *cookies*: cookies for every
      request, put into the jar, which then has to be an `AbstractCookieJar`.
    * *headers*: fields for every request. *skip_auto_headers*: names of fields not to add
      by itself (Accept, Accept-Encoding, User-Agent, Content-Type).
    * *auth*: credentials for every request, or, with a *base_url*, for those to its origin.
    * *timeout*: a `ClientTimeout`, or seconds in all (default: 300 in all, 30 to
      connect). *read_timeout*, *conn_timeout*: older spellings of its total and connect.
    * *proxy*, *proxy_auth*: the proxy of every request. *proxies*: which one by scheme of the URL
      (``{"https": "http://proxy:3128"}``). *trust_env*: else what HTTP_PROXY and its kin say, but
      for NO_PROXY; and credentials from ``.netrc``.
    * *json_serialize*: makes text of what is given as ``json=``. *json_serialize_bytes*:
      makes bytes of it, and is used instead if it is given.
    * *raise_for_status*: raise for every status of 400 and above; or an async callable that is
      given each response, and raises.
    * *middlewares*: see each request before it is sent, the first of them first. *trace_configs*:
      are told what happens.
    * *requote_redirect_url*: bring the percent-encoding of redirects into its normal form
      (default). *redirect_policy*: is asked about each redirect; see `RedirectPolicy`.
    * *auto_decompress*: remove content codings (default). *read_bufsize*: how many bytes
      of a body are kept while nobody reads (default 256 KiB). *max_line_size*, *max_field_size*
      (bytes), *max_headers*: cap the heads of responses (default: as the connector does).
    * *fallback_charset_resolver*: called with a response that names no charset and its
      body, it names one; else `ClientResponse.get_encoding` says how one is found.
    * *request_class*, *response_class*, *ws_response_class*: classes of your own, derived from
      `ClientRequest`, `ClientResponse` and `ClientWebSocketResponse`.
    * *loop*: the event loop that it will be used from; need not be said. *ssl_shutdown_timeout*
      is accepted for compatibility: closing waits for nobody.

    Raises `TypeError` and `ValueError` for what cannot be; nothing is opened before the first
    request.
    """

    def __init__(
        self, base_url: StrOrURL | None = None, *,
        connector: Connector | None = None, loop: asyncio.AbstractEventLoop | None = None,
        cookies: "LooseCookies | None" = None, headers: LooseHeaders | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxies: "Mapping[str, StrOrURL | None] | None" = None,
        skip_auto_headers: Iterable[str] | None = None, auth: "AuthLike | None" = None,
        json_serialize: JSONEncoder = json_module.dumps,
        json_serialize_bytes: JSONBytesEncoder | None = None,
        request_class: "type[ClientRequest] | None" = None,
        response_class: type[ClientResponse] = ClientResponse,
        ws_response_class: "type[ClientWebSocketResponse] | None" = None,
        version: HttpVersion = HttpVersion11, cookie_jar: CookieStore | None = None,
        connector_owner: bool = True, raise_for_status: "StatusCheck" = False,
        read_timeout: float | Unset | None = UNSET, conn_timeout: float | None = None,
        timeout: "ClientTimeout | float | Unset | None" = UNSET,
        auto_decompress: bool = True, trust_env: bool = False,
        requote_redirect_url: bool = True, redirect_policy: "RedirectPolicy | None" = None,
        trace_configs: "Sequence[TraceConfig] | None" = None,
        read_bufsize: int = 262144, max_line_size: int | None = None,
        max_field_size: int | None = None, max_headers: int | None = None,
        fallback_charset_resolver: CharsetResolver | None = None,
        middlewares: "Sequence[ClientMiddlewareType]" = (),
        ssl_shutdown_timeout: float | Unset | None = UNSET,
    ) -> None:  # fmt: skip
        self._origin = made_at(self, currentframe())
        self._connector_owner = connector_owner
        self._loop: asyncio.AbstractEventLoop | None = None
        self._given_loop = loop
        sections = HeaderSections(headers, skip_auto_headers)
        self._composer = RequestComposer(sections, json_serialize, json_serialize_bytes)
        self._reading = Reading(auto_decompress, read_bufsize, True, fallback_charset_resolver)
        self._limits = head_limits(None, max_line_size, max_field_size, max_headers)
        self._version = version
        self._raise_for_status = raise_for_status
        self._timeout = session_timeout(timeout, read_timeout, conn_timeout)
        self._connector_timeouts = connector_timeouts(self._timeout)
        self._policies = Policies(
            base_url=base_url, auth=auth, proxy=proxy, proxy_auth=proxy_auth, proxies=proxies,
            trust_env=trust_env, requote_redirect_url=requote_redirect_url,
            redirect_policy=redirect_policy, middlewares=middlewares,
            request_class=request_class, trace_configs=trace_configs, connector=connector,
        )  # fmt: skip
        if cookie_jar is not None:
            check_store(cookie_jar)
        # A jar of its own is made when there is a cookie.
        self._exchanges = Exchanges(response_class, cookie_jar)
        self._ws_response_class = ws_response_class
        if cookies is not None:
            given_to(self._exchanges.jar, cookies)
        if connector is None:
            from ._defaults import default_connector

            connector = default_connector()
        if isinstance(connector, type):
            raise TypeError(f"connector has to be an instance: give {connector.__name__}()")
        self._urls = KnownURLs(connector.schemes, self._policies.base_url)
        # The last of all: a session that could not be made does not close it.
        self._connector: Connector | None = connector

    def __del__(self, _warn: Callable[..., None] = warnings.warn_explicit) -> None:
        if getattr(self, "_connector", None) is None or not self._connector_owner:
            return
        message = f"Unclosed session {self!r}: use it in `async with`, or await its close()"
        _warn(message, ResourceWarning, *self._origin, source=self)
        self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else repr(self._connector)
        return f"<ClientSession {state}>"

    async def _request(
        self, method: str, str_or_url: StrOrURL, *,
        params: "Query | None" = None, headers: LooseHeaders | None = None,
        cookies: "LooseCookies | None" = None, skip_auto_headers: Iterable[str] | None = None,
        auth: "AuthLike | None" = None, timeout: "ClientTimeout | float | Unset | None" = UNSET,
        allow_redirects: "bool | RedirectPolicy" = True, max_redirects: int = 10,
        data: "Data | None" = None, json: object = None, compress: str | bool | None = None,
        chunked: bool | int | None = None, expect100: bool = False,
        upload_tracker: "UploadTracker | None" = None,
        raise_for_status: "StatusCheck | None" = None, read_until_eof: bool = True,
        read_bufsize: int | None = None, auto_decompress: bool | None = None,
        proxy: StrOrURL | None = None, proxy_auth: "AuthLike | None" = None,
        proxy_headers: LooseHeaders | None = None,
        ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
        fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
        server_hostname: str | None = None,
        max_line_size: int | None = None, max_field_size: int | None = None,
        max_headers: int | None = None, trace_request_ctx: object = None,
        middlewares: "Sequence[ClientMiddlewareType] | None" = None,
    ) -> ClientResponse:  # fmt: skip
        connector = self._connector
        if connector is None:
            raise RuntimeError("Session is closed")
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._bind(loop)
        policies = self._policies
        origin = url = self._urls.get(str_or_url)
        if params is not None:
            url = with_params(url, params)
        if data is None and json is None and not (chunked or upload_tracker):
            body, section = None, self._composer.section(origin, None, headers, skip_auto_headers)
        else:
            body, section = self._composer.with_body(
                origin, data, json, headers, skip_auto_headers,
                compress, chunked, expect100, upload_tracker,
            )  # fmt: skip
        head = RequestHead(method, url, section, self._version, DIRECT, self._limits)
        reading, plan = self._reading, None
        special = (
            auth, cookies, proxy, proxy_auth, proxy_headers, middlewares,
            ssl, server_hostname, verify_ssl, fingerprint, ssl_context,
            max_line_size, max_field_size, max_headers, auto_decompress, read_bufsize,
        )  # fmt: skip
        if special != _NOTHING_SPECIAL or not (
            read_until_eof
            and policies.plain
            and not policies.trace_configs
            and origin.raw_user is None
            and origin.raw_password is None
        ):
            shape = compress, chunked, expect100
            reading, plan = self._specialties(
                head, origin, special, read_until_eof, headers, shape, trace_request_ctx
            )
        del special  # thousands may be under way at once
        check = self._raise_for_status if raise_for_status is None else raise_for_status
        follow = allow_redirects, max_redirects
        return await self._perform(connector, head, body, reading, timeout, follow, check, plan)

    def _specialties(
        self,
        head: RequestHead,
        url: "URL",
        special: "_Special",
        read_until_eof: bool,
        headers: LooseHeaders | None,
        shape: "tuple[str | bool | None, bool | int | None, bool]",
        trace_request_ctx: object,
    ) -> "tuple[Reading, Plan | None]":
        """Take what most requests do not have: into *head*, a reading, and a plan."""
        wishes, how, caps, read = special[:6], special[6:11], special[11:14], special[14:]
        reading = self._reading
        if how != _NOTHING_SPECIAL[:5]:
            head.options = transport_options(*how)
        if caps != _NOTHING_SPECIAL[:3]:
            head.limits = head_limits(self._limits, *caps)
        if read != _NOTHING_SPECIAL[:2] or not read_until_eof:
            reading = reading.but(*read, read_until_eof)
        if wishes == _NOTHING_SPECIAL[:6] and self._policies.are_plain(url):
            return reading, None
        return reading, _plan_class()(*wishes, headers, *shape, trace_request_ctx)

    async def _perform(
        self,
        connector: Connector,
        head: RequestHead,
        body: "bytes | PayloadBody | None",
        reading: Reading,
        timeout: "ClientTimeout | float | Unset | None",
        redirects: "tuple[bool | RedirectPolicy, int]",
        check: "StatusCheck",
        plan: "Plan | None",
    ) -> ClientResponse:
        """Send what has been put together, within the time that it has."""
        queue, phases = self._total_queue, self._connector_timeouts
        if timeout is not UNSET:
            limits = given_timeout(timeout)
            queue, phases = self._queue_of(limits), connector_timeouts(limits)
        if not isinstance(redirects[1], int):
            raise TypeError(f"max_redirects must be an int, not {type(redirects[1]).__name__}")
        total = None if queue is None else TotalTimeout(queue, self._loop, head.url)
        exchanges = self._exchanges
        response = None
        try:
            if plan is None:
                sent = head if exchanges.store is None else exchanges.with_cookies(head)
                awaited = exchanges.response_class.to(sent, reading, body)
                awaited.begin(await connector.send(sent, body, awaited, timeouts=phases))
                if awaited.sets_cookies:
                    exchanges.keep_cookies(awaited, head.url)
                response = awaited
                if awaited.status >= 300 and redirects[0] and awaited.is_redirect:
                    call = self._call(connector, head, body, reading, phases, total)
                    call.redirect_by(*redirects)
                    response = await call.follow(response)
                if check and (response.status >= 400 or check is not True):
                    await check_status(response, check)
            else:
                call = self._call(connector, head, body, reading, phases, total)
                plan.apply(call, self, self._policies)
                call.redirect_by(*redirects)
                response = await call.run(check)
            if body is not None and not isinstance(body, bytes):
                await body.close()
            if total is not None and total.expired:
                raise asyncio.CancelledError  # once more: it was caught on its way
        except BaseException as exc:
            if response is not None:
                response.close()
            failure = exc if total is None else total.verdict(exc)
            if body is not None and not isinstance(body, bytes):
                await body.close(failure)
            if failure is exc:
                raise
            raise failure from exc
        if total is not None:
            response.keep_deadline(total)
        return response

    def _call(
        self,
        connector: Connector,
        head: RequestHead,
        body: "bytes | PayloadBody | None",
        reading: Reading,
        phases: Timeouts,
        total: TotalTimeout | None,
    ) -> "Call":
        call_class, sender_class = _call_classes()
        sender = sender_class(self, self._exchanges, connector, reading, phases, total)
        return call_class(self._policies, head, body, sender)

    def _bind(self, loop: asyncio.AbstractEventLoop) -> None:
        expected = self._loop or self._given_loop
        if expected is not None and expected is not loop:
            raise RuntimeError(
                f"The session belongs to {expected!r}, and cannot be used from {loop!r}"
            )
        self._loop = loop
        self._deadlines = Deadlines(loop)
        self._total_queue = self._queue_of(self._timeout, keep=True)

    def _queue_of(self, limits: "ClientTimeout", *, keep: bool = False) -> DeadlineQueue | None:
        return self._deadlines.queue(limits.total, keep=keep) if limits.total else None

    def close(self) -> Awaitable[None]:
        """Close the session, and its connector if it owns it, at once.

        What is returned may be awaited until all sockets are closed, or ignored.
        """
        connector, self._connector = self._connector, None
        if connector is None or not self._connector_owner:
            # Requests that are under way go on, and keep their deadlines.
            return DONE
        if self._loop is not None and not self._loop.is_closed():
            call_in_its_thread(self._loop, self._deadlines.close)
        return connector.close()

    def detach(self) -> None:
        """Close the session, but leave its connector open, for others."""
        self._connector = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.close()


# What a small GET does not need is imported when it is first asked for.


@cache
def _plan_class() -> "type[Plan]":
    from ._plan import Plan

    return Plan


@cache
def _call_classes() -> "tuple[type[Call], type[Sender]]":
    from ._call import Call
    from ._sender import Sender

    return Call, Sender
