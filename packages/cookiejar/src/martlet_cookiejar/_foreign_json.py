"""The JSON that aiohttp's jar writes, from its version 3.14 on.

    {"example.org|/docs": {"sid": {"key": "sid", "value": "…", "coded_value": "…",
      "path": "/docs/", "domain": "example.org", "secure": true, "httponly": true,
      "samesite": "Lax", "host_only": true, "expires_timestamp": 1924992000}}}

What is not the case is left out. The path of the key has lost the slash at its end, so that of the
cookie is what counts; "coded_value" is what goes on the wire.
"""

from collections.abc import Mapping
from math import inf

from ._adopted_cookie import adopted_cookie
from ._cookie import Cookie
from ._cookie_date import END_OF_TIME
from ._errors import CookieLoadError
from ._file_size import MOST_COOKIES
from ._set_cookie import parse_same_site


def load_foreign_json(content: Mapping[str, object]) -> list[Cookie]:
    """Read the cookies of a file of aiohttp's: by "domain|path", then by name.

    Cookies that no request could carry are left out.

    Args:
        content: The file after `json.loads`.

    Raises:
        CookieLoadError: It is none, or has more than 100,000 cookies.
    """
    if sum(len(named) for named in content.values() if isinstance(named, dict)) > MOST_COOKIES:
        raise CookieLoadError(f"the file has more than {MOST_COOKIES} cookies")
    cookies = []
    for place, named in content.items():
        domain, bar, path = place.partition("|")
        if not bar or not isinstance(named, dict):
            raise CookieLoadError("the file is JSON, but not that of a jar")
        for name, fields in named.items():
            if not isinstance(fields, dict):
                raise CookieLoadError(f"the cookie {name[:80]!r} of the file is none")
            cookie = adopted_cookie(_cookie(name, domain, path, fields))
            if cookie is not None:
                cookies.append(cookie)
    return cookies


def _cookie(name: str, domain: str, path: str, fields: Mapping[str, object]) -> Cookie:
    return Cookie(
        name,
        _text(name, fields, "coded_value"),
        domain,
        _text(name, fields, "path", path),
        host_only=bool(fields.get("host_only")),
        secure=bool(fields.get("secure")),
        http_only=bool(fields.get("httponly")),
        same_site=parse_same_site(_text(name, fields, "samesite", "")),
        partitioned=bool(fields.get("partitioned")),
        expires=_expires(name, fields),
    )


def _text(name: str, fields: Mapping[str, object], key: str, default: str | None = None) -> str:
    value = fields.get(key, default)
    if not isinstance(value, str):
        raise CookieLoadError(f"the cookie {name[:80]!r} of the file has no text as its {key!r}")
    return value


def _expires(name: str, fields: Mapping[str, object]) -> float | None:
    expires = fields.get("expires_timestamp", inf)
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        raise CookieLoadError(f"the cookie {name[:80]!r} of the file has no time as its end")
    # An integer may be too large for a float.
    return None if expires == inf else float(min(max(expires, 0), END_OF_TIME))
