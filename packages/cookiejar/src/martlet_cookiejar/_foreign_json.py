"""The JSON that aiohttp's jar writes, from its version 3.14 on."""

from collections.abc import Mapping

from ._check_cookie import check_cookie
from ._cookie import Cookie
from ._errors import CookieLoadError
from ._host import canonical_host
from ._set_cookie import parse_same_site


def load_foreign_json(content: Mapping[str, object]) -> list[Cookie]:
    """Read the cookies of a file of aiohttp's: by "domain|path", then by name.

    Raises:
        CookieLoadError: It is none.
    """
    cookies = []
    for place, named in content.items():
        domain, bar, path = place.partition("|")
        if not bar or not isinstance(named, dict):
            raise CookieLoadError("the file is JSON, but not that of a jar")
        for name, fields in named.items():
            if not isinstance(fields, dict):
                raise CookieLoadError(f"the cookie {name[:80]!r} of the file is none")
            cookies.append(_cookie(name, domain, path, fields))
    return cookies


def _cookie(name: str, domain: str, path: str, fields: Mapping[str, object]) -> Cookie:
    value = fields.get("coded_value", fields.get("value"))
    expires = fields.get("expires_timestamp")
    if not isinstance(value, str) or not isinstance(expires, int | float | None):
        raise CookieLoadError(f"the cookie {name[:80]!r} of the file has fields of wrong types")
    cookie = Cookie(
        name,
        value,
        canonical_host(domain),
        path or "/",
        host_only=bool(fields.get("host_only")),
        secure=bool(fields.get("secure")),
        http_only=bool(fields.get("httponly")),
        same_site=parse_same_site(str(fields.get("samesite", ""))),
        partitioned=bool(fields.get("partitioned")),
        expires=None if expires is None else float(expires),
    )
    if domain and not cookie.domain:
        raise CookieLoadError(f"the cookie {name[:80]!r} of the file has no domain that can be")
    try:
        check_cookie(cookie)
    except ValueError as exc:
        raise CookieLoadError(f"a cookie of the file is none: {exc}") from None
    return cookie
