"""The part of a session that opens WebSockets."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from martlet_interfaces import UNSET, Unset

from ._typedefs import LooseHeaders, StrOrURL
from ._verbs import given_method

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from random import Random
    from ssl import SSLContext
    from typing import Any, Unpack

    from martlet_interfaces import Deadlines, Fingerprint

    from ._basic_auth import AuthLike
    from ._client_ws_response import ClientWebSocketResponse
    from ._response import ClientResponse
    from ._typedefs import Query
    from ._ws_context import WebSocketContext
    from ._ws_options import WebSocketOptions
    from ._ws_reconnect import WebSocketReconnect
    from ._ws_settings import WebSocketSettings
    from ._ws_timeout import ClientWSTimeout

__all__ = ["WebSocketVerbs"]


class WebSocketVerbs:
    """The part of `ClientSession` that opens WebSockets."""

    _deadlines: "Deadlines"
    _request: "Callable[..., Coroutine[Any, Any, ClientResponse]]"
    _ws_response_class: "type[ClientWebSocketResponse] | None"

    def ws_connect(
        self, url: StrOrURL, *,
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
    ) -> "WebSocketContext":  # fmt: skip
        """Open a WebSocket to *url* (ws, wss, http or https); await or enter the result.

        It begins with a request, for which all holds that holds for others: the session's proxies,
        cookies, credentials, middlewares, its time limit, and *auth* to *proxy_headers* and the
        limits on the head of the response as `request` has them.

        * *protocols*: the subprotocols that are asked for, the best first. *origin*: the Origin
          field. *method*: for servers that want another one than GET.
        * *timeout*: a `ClientWSTimeout`, or how many seconds closing may take (10); ``None``: any.
          *receive_timeout*: how many seconds to wait for a message; ``ClientWSTimeout.ws_receive``.
        * *autoclose*: answer the peer's close frame (default); else `close` has to. *autoping*:
          answer PINGs, and keep them and PONGs from `receive` (default).
        * *heartbeat*: send a PING after so many seconds in which nothing came, and end with a
          `ServerTimeoutError` if nothing comes within half of that.
        * *compress*: ask for compression, with a window of 9 to 15 bits (RFC 7692); 0: do not.
        * *max_msg_size*: how many bytes a message may have that comes (4 MiB); 0: any.
          *decode_text*: give text as strings (default), or as bytes, which are checked all the
          same.

        Raises `WSServerHandshakeError` for a response that does not open a WebSocket, with its
        `status`, `headers` and up to 64 KiB of its `body`, and whatever `request` raises.
        """
        from ._ws_context import WebSocketContext
        from ._ws_settings import given_settings

        settings = given_settings(
            protocols, timeout, receive_timeout, autoclose, autoping, heartbeat, compress,
            max_msg_size, decode_text,
        )  # fmt: skip
        options = {
            "params": params, "auth": auth, "proxy": proxy, "proxy_auth": proxy_auth,
            "proxy_headers": proxy_headers, "ssl": ssl, "verify_ssl": verify_ssl,
            "fingerprint": fingerprint, "ssl_context": ssl_context,
            "server_hostname": server_hostname, "max_line_size": max_line_size,
            "max_field_size": max_field_size, "max_headers": max_headers,
        }  # fmt: skip
        given = {name: value for name, value in options.items() if value is not None}
        method = given_method(method)
        return WebSocketContext(self._ws_connect(method, url, settings, origin, headers, given))

    async def _ws_connect(
        self,
        method: str,
        url: StrOrURL,
        settings: "WebSocketSettings",
        origin: str | None,
        headers: LooseHeaders | None,
        options: "dict[str, Any]",
    ) -> "ClientWebSocketResponse":
        from ._ws_connect import agree, handshake_section, opened

        handshake, section = handshake_section(settings, origin, headers)
        response = await self._request(
            method, url, headers=section, raise_for_status=False, **options
        )
        agreement = await agree(handshake, response)
        return opened(response, agreement, settings, self._deadlines, self._ws_response_class)

    def ws_reconnect(
        self,
        url: StrOrURL,
        *,
        attempts: int | None = None,
        backoff: "Callable[[int], float] | None" = None,
        jitter: "bool | Random" = True,
        **options: "Unpack[WebSocketOptions]",
    ) -> "WebSocketReconnect":
        """Open a WebSocket to *url* again and again: ``async for ws in session.ws_reconnect(url)``.

        Each turn of the loop has another one, which is closed when the next turn begins; leave the
        loop with ``break``, after ``await ws.close()``.

        * *attempts*: how often to try, in a row, before the last error is raised; ``None``: for
          ever. A connection that held for a minute is the first of a new row.
        * *backoff*: called with the number of the attempt that has failed or ended, it tells how
          many seconds to wait (``ExponentialBackoff(0.5, 2, 60)``). *jitter*: wait a random part
          of that (default), so that clients do not come back all at once; may be the
          `random.Random` to use.

        The others are those of `ws_connect`. Failures of the connection, timeouts, and handshakes
        that are refused with 408, 425, 429 or 500 and above, are followed by another attempt; what
        else `ws_connect` raises is raised.
        """
        from ._ws_reconnect import WebSocketReconnect

        return WebSocketReconnect(
            lambda: self.ws_connect(url, **options), attempts, backoff, jitter
        )
