"""The pickles that aiohttp's jar wrote before its version 3.14."""

from ._check_cookie import check_cookie
from ._cookie import Cookie
from ._cookie_date import parse_cookie_date
from ._errors import CookieLoadError
from ._host import canonical_host
from ._safe_pickle import Pickled, read_pickle
from ._set_cookie import parse_max_age, parse_same_site


def load_pickle(data: bytes, now: float) -> list[Cookie]:
    """Read a jar's cookies: by domain, or by domain and path, then by name.

    The layouts do not say which cookies are for the host only, so all are taken for such: none is
    sent to a host that did not set it. When a cookie was stored is not known either: Max-Age counts
    from `now`.

    Raises:
        CookieLoadError: It is no such pickle.
    """
    jar = read_pickle(data)
    cookies = []
    for place, named in _items(jar):
        domain, path = place if isinstance(place, tuple) else (place, "")
        for name, morsel in _items(named):
            if not isinstance(name, str):
                raise CookieLoadError("the pickle is not that of a jar")
            cookies.append(_cookie(name, domain, path, morsel, now))
    return cookies


def _items(value: object) -> "list[tuple[str | tuple[str, str], object]]":
    if not isinstance(value, Pickled) or value.kind == "Morsel":
        raise CookieLoadError("the pickle is not that of a jar")
    return list(value.items.items())


def _cookie(name: str, domain: str, path: str, morsel: object, now: float) -> Cookie:
    if not isinstance(morsel, Pickled) or not isinstance(morsel.state, Pickled):
        raise CookieLoadError(f"the cookie {name[:80]!r} of the pickle is no Morsel")
    # Morsels of Python 3.4 and before kept these as plain attributes, the same names.
    value = morsel.state.items.get("coded_value")
    attributes = {str(key).lower(): text for key, text in morsel.items.items()}
    if not isinstance(value, str):
        raise CookieLoadError(f"the cookie {name[:80]!r} of the pickle has no value")
    max_age_text = str(attributes.get("max-age", ""))
    max_age = parse_max_age(max_age_text)
    expires = parse_cookie_date(str(attributes.get("expires", "")))
    of_path = path or str(attributes.get("path") or "/")
    cookie = Cookie(
        name,
        value,
        canonical_host(domain.removeprefix(".")),
        of_path if of_path.startswith("/") else "/",
        host_only=domain != "",
        secure=bool(attributes.get("secure")),
        http_only=bool(attributes.get("httponly")),
        same_site=parse_same_site(str(attributes.get("samesite", ""))),
        partitioned=bool(attributes.get("partitioned")),
        expires=expires if max_age is None else now + min(max_age, 400 * 86400),
        max_age=max_age_text if max_age is not None else "",
    )
    if domain and not cookie.domain:
        raise CookieLoadError(f"the cookie {name[:80]!r} of the pickle has no domain that can be")
    try:
        check_cookie(cookie)
    except ValueError as exc:
        raise CookieLoadError(f"a cookie of the pickle is none: {exc}") from None
    return cookie
