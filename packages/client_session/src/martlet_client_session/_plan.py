"""What one request wants of the session's policies."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ._call import Call
from ._policies import Policies, given_middlewares

if TYPE_CHECKING:
    from ._basic_auth import AuthLike
    from ._defaults import LooseCookies
    from ._middlewares import ClientMiddlewareType
    from ._session import ClientSession
    from ._traces import Traces
    from ._typedefs import LooseHeaders, StrOrURL

__all__ = ["Plan"]


@cache
def _traces_class() -> "type[Traces]":
    # It comes with all the classes of parameters.
    from ._traces import Traces

    return Traces


class Plan(NamedTuple):
    """The parameters of a request that are for policies; see `ClientSession.request`."""

    auth: "AuthLike | None"
    cookies: "LooseCookies | None"
    proxy: "StrOrURL | None"
    proxy_auth: "AuthLike | None"
    proxy_headers: "LooseHeaders | None"
    middlewares: "Sequence[ClientMiddlewareType] | None"
    headers: "LooseHeaders | None"
    compress: str | bool | None
    chunked: bool | int | None
    expect100: bool
    trace_request_ctx: object

    def apply(self, call: Call, session: "ClientSession", policies: Policies) -> None:
        """Tell *call* of it all, and of what the session's *policies* say besides.

        Raises `TypeError` and `ValueError` for what cannot be done.
        """
        sender = call.sender
        if policies.trace_configs:
            sender.traces = _traces_class()(session, policies.trace_configs, self.trace_request_ctx)
        call.authorize(self.auth, self.headers)
        if policies.trust_env:
            sender.use_netrc()
        if self.cookies:
            sender.add_cookies(self.cookies)
        if policies.proxies is not None or not (
            self.proxy is None and self.proxy_auth is None and self.proxy_headers is None
        ):
            call.go_by(self.proxy, self.proxy_auth, self.proxy_headers)
        middlewares = policies.middlewares
        if self.middlewares is not None:
            middlewares = given_middlewares(self.middlewares)
        if middlewares or policies.request_class is not None:
            sender.pass_by(
                middlewares, policies.request_class, self.compress, self.chunked, self.expect100
            )
