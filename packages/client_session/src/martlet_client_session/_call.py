"""One call of a verb, over all the requests that it takes."""

from typing import TYPE_CHECKING

from attrs import evolve
from multidict import CIMultiDict, CIMultiDictProxy

from martlet_exceptions import (
    ClientPayloadError,
    InvalidUrlRedirectClientError,
    TooManyRedirects,
)
from martlet_interfaces import RequestHead

from ._authorization import chosen_auth, with_authorization
from ._headers import version_of, with_section
from ._location import redirect_url
from ._origin import same_origin
from ._redirects import Redirect, moved_section, redirected
from ._status_check import StatusCheck, check_status
from ._transport import routed
from ._url import build_url, check_host
from ._verbs import given_method

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from typing import Any

    from yarl import URL

    from ._basic_auth import AuthLike, BasicAuth
    from ._policies import Policies
    from ._redirects import RedirectPolicy
    from ._request_body import PayloadBody
    from ._response import ClientResponse
    from ._sender import Sender
    from ._traces import Traces
    from ._typedefs import LooseHeaders, StrOrURL

__all__ = ["Call"]


class Call:
    """What a session goes on with where there is more to do than to send one request.

    *head* is that of the request as it is to be sent, but for its cookies. Each hop of a
    redirect puts another in its place. *sender* sends it.
    """

    __slots__ = (
        "_auth",
        "_body",
        "_head",
        "_max_redirects",
        "_next",
        "_policy",
        "_proxy",
        "sender",
        "_policies",
    )

    sender: "Sender"
    """What sends each request."""

    def __init__(
        self,
        policies: "Policies",
        head: RequestHead,
        body: "bytes | PayloadBody | None",
        sender: "Sender",
    ) -> None:
        self._policies = policies
        self._head = head
        self._body = body
        self.sender = sender
        self._auth: BasicAuth | None = None
        self._max_redirects: int | None = None
        self._policy: RedirectPolicy | None = None
        self._proxy: tuple[StrOrURL | None, AuthLike | None, LooseHeaders | None] | None = None

    # What it is to do

    def redirect_by(self, allowed: "bool | RedirectPolicy", limit: int) -> None:
        """Follow up to *limit* redirects, if *allowed*, or as that says."""
        if allowed:
            self._max_redirects = limit
            self._policy = allowed if callable(allowed) else self._policies.redirect_policy

    def authorize(
        self,
        auth: "AuthLike | None",
        headers: "LooseHeaders | None",
    ) -> None:
        """Choose the credentials; see `chosen_auth`."""
        head, policies = self._head, self._policies
        in_url = head.url.raw_user is not None or head.url.raw_password is not None
        if auth is policies.auth is None and not in_url:
            return
        default = policies.default_auth(head.url)
        self._auth = chosen_auth(head.url, auth, headers, head.headers, default)
        if self._auth is not None:
            head.headers = with_authorization(head.headers, self._auth)
        if in_url:
            head.url = head.url.with_user(None)

    def go_by(
        self,
        proxy: "StrOrURL | None",
        proxy_auth: "AuthLike | None",
        proxy_headers: "LooseHeaders | None",
    ) -> None:
        """Choose the proxy of each hop, from these and what the session has."""
        # Read once: it may be an iterator, and there may be several hops.
        fields = None if proxy_headers is None else CIMultiDict(proxy_headers)
        self._proxy = proxy, proxy_auth, fields
        self._route(self._head)

    # What it does

    def run(self, check: StatusCheck) -> "Coroutine[Any, Any, ClientResponse]":
        """Send the request, and what it leads to; *check* says which statuses are raised."""
        if self.sender.traces is not None:
            return self._traced(self.sender.traces, check)
        return self._whole(check)

    async def _traced(self, traces: "Traces", check: StatusCheck) -> "ClientResponse":
        response = None
        try:
            await self._tell(traces.request_start)
            response = await self._whole(check)
            await traces.request_end(*self._told(), response)
        except BaseException as exc:
            if response is not None:
                response.close()
            failure = self.sender.verdict(exc)
            await traces.request_exception(*self._told(), failure)
            if failure is exc:
                raise
            raise failure from exc
        return response

    async def _tell(
        self, signal: "Callable[..., Awaitable[None]]", response: "ClientResponse | None" = None
    ) -> None:
        """Tell receivers that may add fields of their own, as those of tracing contexts."""
        head = self._head
        fields = head.headers.copy()
        version = version_of(fields)
        facts = () if response is None else (response,)
        await signal(head.method, head.url, fields, *facts)
        if version_of(fields) != version:
            # Another head: the response to the one before tells what was sent.
            self._head = with_section(head, CIMultiDictProxy(fields))

    def _told(self) -> "tuple[str, URL, CIMultiDict[str]]":
        return self._head.method, self._head.url, self._head.headers.copy()

    async def _whole(self, check: StatusCheck) -> "ClientResponse":
        response = await self.sender.send(self._head, self._body, self._auth)
        if self._max_redirects is not None and response.is_redirect:
            response = await self.follow(response)
        if check:
            await check_status(response, check)
        return response

    async def follow(self, response: "ClientResponse") -> "ClientResponse":
        """Go where *response* leads, as far as that goes."""
        assert self._max_redirects is not None
        history: list[ClientResponse] = []
        try:
            while response.is_redirect:
                if not self._redirect(response):
                    break
                history.append(response)
                if len(history) > self._max_redirects:
                    raise TooManyRedirects(
                        history[0].request_info,
                        tuple(history),
                        status=response.status,
                        message=f"more than {self._max_redirects} redirects",
                        headers=response.headers,
                    )
                if self.sender.traces is not None:
                    await self._tell(self.sender.traces.request_redirect, response)
                self._move(*self._next)
                response.release()
                response = await self.sender.send(self._head, self._body, self._auth)
        except BaseException:
            response.close()
            raise
        response.come_by(tuple(history))
        return response

    def _redirect(self, response: "ClientResponse") -> bool:
        """Make the request that *response* leads to the present one; false: it stays with it."""
        policies = self._policies
        base = response.real_url
        url = redirect_url(response.headers, base, requote=policies.requote_redirect_url)
        if url is None:
            return False
        method, keeps_body = redirected(self._head.method, response.status)
        if self._policy is not None:
            decision = self._policy(Redirect(response, method, url, keeps_body))
            if not decision:
                return False
            if isinstance(decision, Redirect):
                method, keeps_body = given_method(decision.method), decision.keeps_body
                url = build_url(decision.url, self.sender.schemes)
                check_host(url)
            elif decision is not True:
                raise TypeError(
                    f"A redirect policy gives a bool or a Redirect, not {type(decision).__name__}"
                )
        self._next = method, url, keeps_body
        return True

    def _move(self, method: str, url: "URL", keeps_body: bool) -> None:
        before = self._head
        body = self._body if keeps_body else None
        if not (body is None or isinstance(body, bytes) or body.replayable or not body.begun):
            raise ClientPayloadError(
                f"The redirect to {url.with_user(None)} asks for the body again, and it can be read"
                " only once: give bytes or a file, or allow_redirects=False"
            )
        moved = not same_origin(url, before.url)
        section = moved_section(before.headers, url, moved=moved, keeps_body=keeps_body)
        if moved:
            self._auth = None
            self.sender.cross_origin()
        if url.raw_user is not None or url.raw_password is not None:
            section = self._authorized_by(url, section)
            url = url.with_user(None)
        options = before.options
        if options.server_hostname is not None and url.raw_host != before.url.raw_host:
            # It was said of another host.
            options = evolve(options, server_hostname=None)
        self._body = body
        self._head = RequestHead(method, url, section, before.version, options, before.limits)
        if self._proxy is not None:
            self._route(self._head)

    def _authorized_by(
        self, url: "URL", section: "CIMultiDictProxy[str]"
    ) -> "CIMultiDictProxy[str]":
        try:
            self._auth = chosen_auth(url, None, None, section, None)
            return with_authorization(section, self._auth) if self._auth else section
        except ValueError as exc:
            shown = url.with_user(None)
            raise InvalidUrlRedirectClientError(shown, f"its credentials: {exc}") from exc

    def _route(self, head: RequestHead) -> None:
        assert self._proxy is not None
        route = self._policies.proxies_or_none().route(head.url, *self._proxy)
        head.options = routed(head.options, route)
