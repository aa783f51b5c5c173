"""The jars of cookies, where code that was written for aiohttp looks for them."""

from martlet_cookiejar import CookieJar, DummyCookieJar

__all__ = [
    "CookieJar",
    "DummyCookieJar",
]
