"""The resolvers of host names, where code that was written for aiohttp looks for them."""

from martlet_connector_pool import AsyncResolver, DefaultResolver, ResolveResult, ThreadedResolver

__all__ = [
    "AsyncResolver",
    "DefaultResolver",
    "ResolveResult",
    "ThreadedResolver",
]
