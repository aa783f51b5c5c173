"""Forms, where code that was written for aiohttp looks for them."""

from martlet_client_session import FormData

__all__ = [
    "FormData",
]
