"""The abstract classes, where code that was written for aiohttp looks for them."""

from martlet_client_session import AbstractStreamWriter
from martlet_connector_pool import AbstractResolver, ResolveResult
from martlet_cookiejar import AbstractCookieJar

__all__ = ["AbstractCookieJar", "AbstractResolver", "AbstractStreamWriter", "ResolveResult"]
