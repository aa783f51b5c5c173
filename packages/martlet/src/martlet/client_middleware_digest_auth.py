"""Digest authentication, where code that was written for aiohttp looks for it."""

from martlet_client_session import DigestAuthMiddleware

__all__ = [
    "DigestAuthMiddleware",
]
