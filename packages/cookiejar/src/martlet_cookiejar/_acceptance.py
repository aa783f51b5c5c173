"""Whether a cookie is stored, and as what (RFC 6265bis section 5.7)."""

from math import inf

from ._cookie import Cookie
from ._host import domain_match
from ._limits import CookieLimits
from ._path import default_path
from ._prefixes import prefix_kept
from ._public_suffixes import PublicSuffixes
from ._set_cookie import SetCookie
from ._storage import CookieStorage


def accept(
    storage: CookieStorage,
    given: SetCookie,
    host: str,
    path: str,
    secure: bool,
    now: float,
    limits: CookieLimits,
    public_suffixes: PublicSuffixes,
    /,
) -> Cookie | None:
    """Store the cookie that a response gave, or ignore it: then the result is None.

    Args:
        storage: Where it is put; Secure cookies in it are protected from http.
        given: The parsed Set-Cookie field.
        host: The URL's, in canonical form.
        path: The URL's.
        secure: Whether the URL is trusted with Secure cookies.
        now: Seconds since 1970 UTC.
        limits: Caps.
        public_suffixes: Says whose domains nobody may set cookies for.
    """
    if given.secure and not secure:
        return None
    storage.expire(now)
    domain, host_only = host, True
    if given.domain is not None:
        if not domain_match(host, given.domain):
            return None
        if not public_suffixes(given.domain):
            domain, host_only = given.domain, False
        elif given.domain != host:
            return None
    # No other name promises anything.
    if (not given.name or given.name.startswith("__")) and not prefix_kept(
        given.name, given.value, secure=given.secure, host_only=host_only, path=given.path
    ):
        return None
    of_path = given.path or default_path(path)
    key = domain, of_path, given.name, host_only
    place = storage.find(key)
    cookie = Cookie(
        given.name,
        given.value,
        domain,
        of_path,
        host_only,
        given.secure,
        given.http_only,
        given.same_site,
        given.partitioned,
        expiry(given, now, limits),
        storage.creation(place, now),
        given.max_age_text,
    )
    if not secure and storage.hides_secure(cookie):
        return None
    storage.put_at(key, place, cookie, now)
    return cookie


def expiry(given: SetCookie, now: float, limits: CookieLimits) -> float | None:
    """When a cookie ends (5.7, step 6); Max-Age goes before Expires. None: with the jar."""
    if given.max_age is not None:
        return now + min(given.max_age, limits.age) if given.max_age > 0 else -inf
    return None if given.expires is None else min(given.expires, now + limits.age)
