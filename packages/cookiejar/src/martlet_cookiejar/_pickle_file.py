"""The pickles that aiohttp's jar wrote before its version 3.14.

They are those of a dict of `SimpleCookie`: by domain up to version 3.7, by domain and path since.
From 3.12 on that path has lost the slash at its end; the Morsel's own is what counts.
"""

from ._adopted_cookie import adopted_cookie
from ._cookie import Cookie
from ._cookie_date import parse_cookie_date
from ._errors import CookieLoadError
from ._limits import DEFAULT_LIMITS
from ._safe_pickle import Key, Pickled, read_pickle
from ._set_cookie import parse_max_age, parse_same_site


def load_pickle(data: bytes, now: float) -> list[Cookie]:
    """Read a jar's cookies: by domain, or by domain and path, then by name.

    The layouts do not say which cookies are for the host only: the Morsel of each has a domain,
    whether the server had named one or not. So all are taken for such, and none is sent to a host
    that it may not have been meant for. A cookie that was meant for the hosts below its domain,
    too, is not sent to them until a server sets it again.

    When a cookie was stored is not known either: Max-Age counts from `now`. Cookies that no request
    could carry are left out.

    Args:
        data: The file.
        now: Seconds since 1970 UTC.

    Raises:
        CookieLoadError: It is no such pickle.
    """
    cookies = []
    for place, named in _items(read_pickle(data)):
        domain, path = place if isinstance(place, tuple) else (place, "/")
        for name, morsel in _items(named):
            if not isinstance(name, str):
                raise CookieLoadError("the pickle is not that of a jar")
            cookie = adopted_cookie(_cookie(name, domain, path, morsel, now))
            if cookie is not None:
                cookies.append(cookie)
    return cookies


def _items(value: object) -> list[tuple[Key, object]]:
    if not isinstance(value, Pickled) or value.kind == "Morsel":
        raise CookieLoadError("the pickle is not that of a jar")
    return list(value.items.items())


def _cookie(name: str, domain: str, path: str, morsel: object, now: float) -> Cookie:
    if not isinstance(morsel, Pickled) or morsel.kind != "Morsel":
        raise CookieLoadError(f"the cookie {name[:80]!r} of the pickle is no Morsel")
    value = morsel.state.items.get("coded_value") if isinstance(morsel.state, Pickled) else None
    if not isinstance(value, str):
        raise CookieLoadError(f"the cookie {name[:80]!r} of the pickle has no value")
    max_age_text = _text(morsel, "max-age")
    max_age = parse_max_age(max_age_text)
    return Cookie(
        name,
        value,
        domain,
        _text(morsel, "path") or path,
        host_only=domain != "",
        secure=bool(morsel.items.get("secure")),
        http_only=bool(morsel.items.get("httponly")),
        same_site=parse_same_site(_text(morsel, "samesite")),
        partitioned=bool(morsel.items.get("partitioned")),
        expires=(
            parse_cookie_date(_text(morsel, "expires"))
            if max_age is None
            else now + min(max_age, DEFAULT_LIMITS.age)
        ),
        max_age=max_age_text if max_age is not None else "",
    )


def _text(morsel: Pickled, key: str) -> str:
    # What a user gave may be a number. Anything else is not written out: it may be a million dicts.
    value = morsel.items.get(key)
    return str(value) if isinstance(value, str | int) else ""
