"""A WebSocket without a session of one's own."""

import asyncio
from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar, cast

from martlet_interfaces import UNSET, Connector, Unset

from ._single_use import asked_once
from ._typedefs import LooseHeaders, StrOrURL
from ._verbs import DECLARED
from ._ws_context import WebSocketContext

if TYPE_CHECKING:
    from ssl import SSLContext

    from martlet_interfaces import Fingerprint

    from ._basic_auth import AuthLike
    from ._client_ws_response import ClientWebSocketResponse
    from ._typedefs import Query
    from ._ws_timeout import ClientWSTimeout

__all__ = ["SingleWebSocketContext", "ws_connect"]

_Declared = TypeVar("_Declared", bound=Callable[..., "SingleWebSocketContext"])


class SingleWebSocketContext(WebSocketContext):
    """What `ws_connect` returns: ``await`` it, or ``async with`` it to have it closed at the end.

    With the WebSocket goes its connector, unless that was given.
    """

    __slots__ = ("_own",)

    def __init__(
        self,
        connector: Connector | None,
        loop: asyncio.AbstractEventLoop | None,
        url: StrOrURL,
        options: "dict[str, Any]",
    ) -> None:
        self._own: Connector | None = None
        super().__init__(self._open(connector, loop, url, options))

    async def _open(
        self,
        connector: Connector | None,
        loop: asyncio.AbstractEventLoop | None,
        url: StrOrURL,
        options: "dict[str, Any]",
    ) -> "ClientWebSocketResponse":
        ws, own = await asked_once(
            lambda session: session.ws_connect(url, **options), connector, loop
        )
        ws._reader.owner = self._own = own  # noqa: SLF001  # a part of the session
        return ws

    async def __aexit__(self, *exc: object) -> None:
        await super().__aexit__(*exc)
        if self._own is not None:
            await self._own.close()


def _asks_once(declared: _Declared) -> _Declared:
    """Give `ws_connect` its body; what is decorated tells its parameters."""
    known = signature(declared)

    @wraps(declared)
    def ask(
        url: StrOrURL,
        *,
        connector: Connector | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        **options: Any,
    ) -> SingleWebSocketContext:
        known.bind(url, **options)
        return SingleWebSocketContext(connector, loop, url, options)

    return cast("_Declared", ask)


@_asks_once
def ws_connect(
    url: StrOrURL, *,
    connector: Connector | None = None, loop: asyncio.AbstractEventLoop | None = None,
    method: str = "GET", protocols: Iterable[str] = (),
    timeout: "ClientWSTimeout | float | Unset | None" = UNSET,
    receive_timeout: float | None = None, autoclose: bool = True, autoping: bool = True,
    heartbeat: float | None = None, auth: "AuthLike | None" = None,
    origin: str | None = None, params: "Query | None" = None,
    headers: LooseHeaders | None = None, proxy: StrOrURL | None = None,
    proxy_auth: "AuthLike | None" = None,
    ssl: "SSLContext | bool | Fingerprint | None" = None, verify_ssl: bool | None = None,
    fingerprint: bytes | None = None, ssl_context: "SSLContext | None" = None,
    server_hostname: str | None = None, proxy_headers: LooseHeaders | None = None,
    compress: int = 0, max_msg_size: int = 4194304, decode_text: bool = True,
    max_line_size: int | None = None, max_field_size: int | None = None,
    max_headers: int | None = None,
) -> SingleWebSocketContext:  # fmt: skip
    """Open a WebSocket to *url*, without a session.

    The options are those of `ClientSession.ws_connect`, and so are the errors; *connector* (which
    is not closed) and *loop* those of the session.
    """
    raise AssertionError(DECLARED)
