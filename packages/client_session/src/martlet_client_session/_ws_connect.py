"""The opening handshake of a WebSocket, as a request of a session (RFC 6455 section 4.1)."""

import asyncio
import zlib
from typing import TYPE_CHECKING, Final, cast

from multidict import CIMultiDict, istr

from martlet_exceptions import ClientError, WSServerHandshakeError
from martlet_websocket import (
    Agreement,
    ClientHandshake,
    HandshakeError,
    WebSocketConnection,
    ZlibBackend,
    can_deflate,
)

from ._client_ws_response import ClientWebSocketResponse
from ._ws_link import Abortable, WebSocketLink
from ._ws_settings import WebSocketSettings, window_bits

if TYPE_CHECKING:
    from martlet_interfaces import Deadlines, Exchange

    from ._response import ClientResponse
    from ._typedefs import LooseHeaders

__all__ = ["agree", "handshake_section", "opened"]

_KEPT_FOR_ERRORS: Final = 64 * 1024
# How many seconds to wait for a body that nobody has asked for.
_PATIENCE: Final = 1.0
_ORIGIN: Final = istr("Origin")
_PROTOCOL: Final = istr("Sec-WebSocket-Protocol")
# In the order in which browsers have them.
_FIELDS: Final = tuple(
    map(
        istr,
        (
            "Connection",
            "Upgrade",
            "Origin",
            "Sec-WebSocket-Version",
            "Sec-WebSocket-Key",
            "Sec-WebSocket-Extensions",
            "Sec-WebSocket-Protocol",
        ),
    )
)


def handshake_section(
    settings: WebSocketSettings, origin: str | None, headers: "LooseHeaders | None"
) -> tuple[ClientHandshake, CIMultiDict[str]]:
    """Begin a handshake; give it, and the fields of its request.

    Of *headers* those are left out that are the handshake's own; a subprotocol that is asked for
    there counts, unless *settings* have some. `ValueError` for subprotocols that are no tokens.
    """
    given = CIMultiDict(headers if headers is not None else ())
    protocols = settings.protocols
    if not protocols and _PROTOCOL in given:
        asked = ",".join(given.getall(_PROTOCOL)).split(",")
        protocols = tuple(name.strip() for name in asked)
    handshake = ClientHandshake(protocols, settings.offer())
    own = CIMultiDict(handshake.fields())
    if origin is not None:
        own[_ORIGIN] = origin
    elif _ORIGIN in given:
        own[_ORIGIN] = given[_ORIGIN]
    for name in _FIELDS:
        given.popall(name, None)
    section = CIMultiDict({name: own[name] for name in _FIELDS if name in own})
    section.extend(given)
    return handshake, section


async def agree(handshake: ClientHandshake, response: "ClientResponse") -> Agreement:
    """Check *response*; raise `WSServerHandshakeError` for one that opens no WebSocket."""
    try:
        return handshake.check(response.status, response.headers.items())
    except HandshakeError as exc:
        error = _refused(response, str(exc))
        try:
            error.body = await _begin_of_body(response)
        finally:
            response.close()
        raise error from exc


def opened(
    response: "ClientResponse",
    agreement: Agreement,
    settings: WebSocketSettings,
    deadlines: "Deadlines",
    kind: type[ClientWebSocketResponse] | None,
) -> ClientWebSocketResponse:
    """Make a WebSocket of *kind* of the connection that *response* came by."""
    transport = response.get_extra_info("transport")
    exchange: Exchange | None = response._exchange  # noqa: SLF001  # nobody else is to have it
    if exchange is None:
        raise _refused(response, "the response is made by hand, and has no connection")
    try:
        duplex = exchange.upgrade()
    except RuntimeError as exc:
        response.close()
        raise _refused(response, f"the connector cannot go on: {exc}") from exc
    deflate = agreement.deflate
    connection = WebSocketConnection(
        client=True,
        deflate=deflate,
        max_msg_size=settings.max_msg_size,
        decode_text=settings.decode_text,
        autoping=settings.autoping,
        autoclose=settings.autoclose,
        zlib_backend=zlib if deflate is None else _zlib_backend(),
    )
    link = WebSocketLink(
        connection,
        duplex,
        deadlines,
        cast("Abortable", transport) if hasattr(transport, "abort") else None,
        limit=settings.timeout.ws_close,
        compressed=deflate is not None,
    )
    try:
        ws = (kind or ClientWebSocketResponse)(
            link,
            link,
            agreement.protocol,
            response,
            settings.timeout,
            settings.autoclose,
            settings.autoping,
            asyncio.get_running_loop(),
            heartbeat=settings.heartbeat,
            compress=window_bits(deflate),
            client_notakeover=deflate is not None and deflate.client_no_context_takeover,
        )
    except BaseException:
        link.abort()
        raise
    link.open()
    return ws


def _refused(response: "ClientResponse", text: str) -> WSServerHandshakeError:
    return WSServerHandshakeError(
        response.request_info,
        response.history,
        status=response.status,
        message=text,
        headers=response.headers,
    )


async def _begin_of_body(response: "ClientResponse") -> bytes:
    pieces: list[bytes] = []
    missing = _KEPT_FOR_ERRORS
    try:
        async with asyncio.timeout(_PATIENCE):
            while missing > 0 and (piece := await response.content.read(missing)):
                pieces.append(piece)
                missing -= len(piece)
    except (ClientError, TimeoutError):
        pass  # as much as there is
    return b"".join(pieces)


def _zlib_backend() -> ZlibBackend:
    """Give what `set_zlib_backend` has set, if it can do it; isal cannot."""
    # Only here: it is of no use without compression.
    from martlet_http_parser import zlib_backend

    backend = zlib_backend()
    return backend if can_deflate(backend) else zlib
