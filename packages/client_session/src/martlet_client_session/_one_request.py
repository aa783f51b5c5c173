"""A request without a session of one's own."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar, cast

from martlet_interfaces import UNSET, Connector, HttpVersion, HttpVersion11, Unset

from ._request_context import RequestContext
from ._session import ClientSession
from ._single_use import asked_once
from ._typedefs import LooseHeaders, StrOrURL
from ._verbs import DECLARED, given_method

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint

    from ._basic_auth import AuthLike
    from ._defaults import LooseCookies
    from ._middlewares import ClientMiddlewareType
    from ._redirects import RedirectPolicy
    from ._response import ClientResponse
    from ._status_check import StatusCheck
    from ._timeout import ClientTimeout
    from ._typedefs import Data, Query
    from ._upload_tracker import UploadTracker

__all__ = ["SingleRequestContext", "request"]

_Declared = TypeVar("_Declared", bound=Callable[..., "SingleRequestContext"])


class SingleRequestContext(RequestContext):
    """What `request` returns: ``await`` it, or ``async with`` it.

    Its connection is closed when the response is at its end.
    """

    __slots__ = ("_own",)

    def __init__(
        self,
        ask: Callable[[ClientSession], RequestContext],
        version: HttpVersion,
        connector: Connector | None,
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        self._own: Connector | None = None
        super().__init__(self._ask(ask, version, connector, loop))

    async def _ask(
        self,
        ask: Callable[[ClientSession], RequestContext],
        version: HttpVersion,
        connector: Connector | None,
        loop: asyncio.AbstractEventLoop | None,
    ) -> "ClientResponse":
        response, self._own = await asked_once(ask, connector, loop, version)
        response.kept = self._own
        return response

    async def __aexit__(self, *exc: object) -> None:
        await super().__aexit__(*exc)
        if self._own is not None:
            await self._own.close()


def _asks_once(declared: _Declared) -> _Declared:
    """Give `request` its body; what is decorated tells its parameters."""
    known = signature(declared)

    @wraps(declared)
    def ask(
        method: str,
        url: StrOrURL,
        *,
        version: HttpVersion = HttpVersion11,
        connector: Connector | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        encoding: str = "utf-8",
        **options: Any,
    ) -> SingleRequestContext:
        known.bind(method, url, **options)
        method = given_method(method)
        return SingleRequestContext(
            lambda session: session.request(method, url, **options), version, connector, loop
        )

    return cast("_Declared", ask)


@_asks_once
def request(
    method: str, url: StrOrURL, *,
    version: HttpVersion = HttpVersion11, connector: Connector | None = None,
    loop: asyncio.AbstractEventLoop | None = None, encoding: str = "utf-8",
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
) -> SingleRequestContext:  # fmt: skip
    """Ask for *url* with *method*, over a connection of its own.

    For more than one request make a `ClientSession`: it keeps its connections. The options are
    those of `ClientSession.request`, and so are the errors; *version*, *connector* (which is not
    closed) and *loop* those of the session. *encoding* is accepted for compatibility.
    """
    raise AssertionError(DECLARED)
