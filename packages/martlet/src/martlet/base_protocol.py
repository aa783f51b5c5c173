"""What protocols have in common, where code that was written for aiohttp looks for it."""

from ._response_handler import BaseProtocol

__all__ = ["BaseProtocol"]
