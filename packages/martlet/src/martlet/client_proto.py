"""The protocol of connections, where code that was written for aiohttp looks for it."""

from ._response_handler import ResponseHandler

__all__ = ["ResponseHandler"]
