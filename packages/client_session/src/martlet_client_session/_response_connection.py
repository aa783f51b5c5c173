"""The connection of a response whose body has not all come, or which has left HTTP."""

import asyncio
from typing import TYPE_CHECKING, Final, cast

from martlet_interfaces import Duplex, Exchange

from ._switched_protocol import SwitchedProtocol

if TYPE_CHECKING:
    from ._response import ClientResponse

__all__ = ["ResponseConnection", "connection_of"]

_SWITCHING_PROTOCOLS: Final = 101


class ResponseConnection:
    """What may be asked of the connection; reading and closing are the response's."""

    __slots__ = ("_exchange",)

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def __repr__(self) -> str:
        return f"<ResponseConnection {self.get_extra_info('peername')}>"

    @property
    def transport(self) -> "asyncio.Transport | None":
        """The transport, if the connector has one."""
        return cast("asyncio.Transport | None", self._exchange.info("transport"))

    @property
    def protocol(self) -> SwitchedProtocol | None:
        """What to speak by after a 101 (RFC 9110 section 7.8); ``None`` after all else.

        From the first access on the connection is the caller's, until the response is closed.
        """
        exchange = self._exchange
        return exchange.protocol() if isinstance(exchange, _SwitchedExchange) else None

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Tell a fact of the connection; see `ClientResponse.get_extra_info`."""
        fact = self._exchange.info(name)
        return default if fact is None else fact


class _SwitchedExchange:
    """An exchange whose connection may be taken over, and is ended with it."""

    __slots__ = ("_exchange", "_protocol")

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._protocol: SwitchedProtocol | None = None

    def protocol(self) -> SwitchedProtocol | None:
        if self._protocol is None:
            transport = cast("asyncio.Transport | None", self._exchange.info("transport"))
            try:
                duplex = self._exchange.upgrade()
            except RuntimeError:  # a WebSocket has it, or it is over
                return None
            self._protocol = SwitchedProtocol(duplex, transport)
        return self._protocol

    def release(self) -> None:
        self.abort()

    def abort(self) -> None:
        if self._protocol is not None:
            self._protocol.close()
        else:
            self._exchange.abort()

    def upgrade(self) -> Duplex:
        return self._exchange.upgrade()

    def info(self, name: str, /) -> object | None:
        if name == "transport" and self._protocol is not None:
            return self._protocol.transport
        return self._exchange.info(name)


def connection_of(response: "ClientResponse") -> ResponseConnection | None:
    """Give a response's connection, if it still holds one."""
    exchange = response._exchange  # noqa: SLF001
    if exchange is None or response._released:  # noqa: SLF001
        return None
    switched = response.status == _SWITCHING_PROTOCOLS
    if response.closed and not switched:
        return None
    if switched and not isinstance(exchange, _SwitchedExchange):
        exchange = response._exchange = _SwitchedExchange(exchange)  # noqa: SLF001
    return ResponseConnection(exchange)
