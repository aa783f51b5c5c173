"""The cookies of one response, whether a jar takes them or not."""

from collections.abc import Iterable
from http.cookies import SimpleCookie

from ._morsel import received_morsel
from ._set_cookie import parse_set_cookie


def received_cookies(headers: Iterable[str], /) -> SimpleCookie:
    """Read the Set-Cookie fields of a response, as leniently as a jar does.

    Args:
        headers: The values of the fields. One that is no cookie is left out.

    Returns:
        The cookies by name, with their attributes as they were sent; of several with the same
        name the last one. Names that `SimpleCookie` would refuse are among them.
    """
    cookies = SimpleCookie()
    for header in headers:
        given = parse_set_cookie(header)
        if given is not None:
            dict.__setitem__(cookies, given.name, received_morsel(given))
    return cookies
