"""The connection of a response whose body has not all come."""

import asyncio
from typing import cast

from martlet_interfaces import Exchange

__all__ = ["ResponseConnection"]


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

    def get_extra_info(self, name: str, default: object = None) -> object:
        """Tell a fact of the connection; see `ClientResponse.get_extra_info`."""
        fact = self._exchange.info(name)
        return default if fact is None else fact
