"""aiohttp."""

from .aiohttp_shaped import AiohttpShaped
from .shape import Client


def create() -> Client:
    """Build the client."""
    return AiohttpShaped("aiohttp")
