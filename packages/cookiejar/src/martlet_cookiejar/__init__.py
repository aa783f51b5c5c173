"""A cookie jar by RFC 6265bis, for any HTTP client."""

from ._abstract_jar import AbstractCookieJar, LooseCookies
from ._cookie import Cookie, SameSite
from ._dummy_jar import DummyCookieJar
from ._errors import CookieLoadError
from ._http_cookiejar import from_http_cookiejar, to_http_cookiejar
from ._jar import CookieJar
from ._limits import DEFAULT_LIMITS, CookieLimits
from ._public_suffixes import PublicSuffixes, single_label_suffixes
from ._received_cookies import received_cookies

__all__ = [
    "DEFAULT_LIMITS",
    "AbstractCookieJar",
    "Cookie",
    "CookieJar",
    "CookieLimits",
    "CookieLoadError",
    "DummyCookieJar",
    "LooseCookies",
    "PublicSuffixes",
    "SameSite",
    "from_http_cookiejar",
    "received_cookies",
    "single_label_suffixes",
    "to_http_cookiejar",
]

__version__ = "0.1.0"
