"""A request without a session of one's own."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from martlet_interfaces import UNSET, Connector, HttpVersion, HttpVersion11, Unset

from ._request_context import RequestContext
from ._session import ClientSession
from ._typedefs import LooseHeaders, StrOrURL
from ._verbs import given_method

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

_DECLARED: Final = "what is decorated is never called"
_Declared = TypeVar("_Declared", bound=Callable[..., "SingleRequestContext"])


class SingleRequestContext(RequestContext):
    """What `request` returns: ``await`` it, or ``async with`` it.

    Its connection is closed when the response is at its end.
    """

    __slots__ = ()

    async def __aexit__(self, *_exc: object) -> None:
        self._result.release()
        connector = getattr(self._result, "kept", None)
        if isinstance(connector, _Closing):
            await connector.close()


class _Closing:
    """A connector that goes with its one response."""

    __slots__ = ("_connector",)

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def close(self) -> None:
        await self._connector.close()


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
        coroutine = _request(given_method(method), url, version, connector, loop, options)
        return SingleRequestContext(coroutine)

    return cast("_Declared", ask)


async def _request(
    method: str,
    url: StrOrURL,
    version: HttpVersion,
    connector: Connector | None,
    loop: asyncio.AbstractEventLoop | None,
    options: "dict[str, Any]",
) -> "ClientResponse":
    own = connector is None
    if connector is None:
        from ._defaults import single_use_connector

        connector = single_use_connector()
    session = ClientSession(connector=connector, connector_owner=own, version=version, loop=loop)
    try:
        response = await session.request(method, url, **options)
    except BaseException:
        await session.close()
        raise
    session.detach()
    if own:
        # Dropped earlier, it would close the connection that the body comes over.
        response.kept = _Closing(connector)
    return response


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
    raise AssertionError(_DECLARED)
