"""Cookies out of the jars of others, brought into the form of this one."""

from typing import Final

import attrs

from ._check_cookie import check_cookie
from ._cookie import Cookie
from ._host import canonical_host
from ._limits import DEFAULT_LIMITS

# With a dot before it, and one after it.
_LONGEST_DOMAIN: Final = 255


def adopted_cookie(cookie: Cookie) -> Cookie | None:
    """Take a cookie as another jar had it.

    The domain gets its canonical form, and a path that does not begin with a slash becomes one.

    Returns:
        None for what no request could carry, such as a semicolon in the value, for a domain that
        no URL can have, and for a path of more than 1,024 characters. aiohttp's jar has such
        cookies if a server wants it to, so one of them does not make a file worthless.
    """
    # In a file they may stand once for hundreds of thousands of cookies.
    if len(cookie.domain) > _LONGEST_DOMAIN or len(cookie.path) > DEFAULT_LIMITS.attribute:
        return None
    domain = canonical_host(cookie.domain.removeprefix("."))
    # An empty domain is that of a cookie for all hosts: nothing may become one here.
    if cookie.domain and not domain:
        return None
    path = cookie.path if cookie.path.startswith("/") else "/"
    cookie = attrs.evolve(cookie, domain=domain, path=path)
    try:
        check_cookie(cookie)
    except ValueError:
        return None
    return cookie
