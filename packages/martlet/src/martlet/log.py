"""The loggers of a client, where code that was written for aiohttp looks for them."""

from logging import Logger, getLogger
from typing import Final

__all__ = ["client_logger", "internal_logger", "ws_logger"]

client_logger: Final[Logger] = getLogger("martlet.client")
internal_logger: Final[Logger] = getLogger("martlet.internal")
ws_logger: Final[Logger] = getLogger("martlet.websocket")
