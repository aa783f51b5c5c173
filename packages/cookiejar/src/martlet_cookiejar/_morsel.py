"""Cookies as `http.cookies` has them, which is how aiohttp's API shows them."""

import re
from http.cookies import Morsel, SimpleCookie
from typing import Final

from ._cookie import Cookie
from ._cookie_date import format_cookie_date
from ._set_cookie import SetCookie

# cookie-value of RFC 6265bis section 4.1.1: what need not be quoted.
_PLAIN_VALUE: Final = re.compile(r'[!#-+\--:<-\[\]-~]*\Z|"[!#-+\--:<-\[\]-~]*"\Z')
_ESCAPE: Final = re.compile(r"\\(?:([0-3][0-7]{2})|(.))")
_CODER: Final = SimpleCookie()


class WireMorsel(Morsel[str]):
    """A Morsel whose `coded_value` is what goes on the wire, to the byte, quoted or not."""


def make_morsel(name: str, wire_value: str) -> Morsel[str]:
    """Make a Morsel of any cookie, past the checks of `Morsel.set`: it does not take all names."""
    morsel = WireMorsel()
    # As its copy() does. Unpickling would do too, but may come to refuse what servers may send.
    vars(morsel).update(_key=name, _value=unquoted(wire_value), _coded_value=wire_value)
    return morsel


def to_morsel(cookie: Cookie) -> Morsel[str]:
    """Show a cookie as a Morsel, with its attributes."""
    # The text that the server gave, or the time that was made of it; not both.
    expires = None if cookie.max_age else cookie.expires
    return _morsel(cookie, cookie.domain, cookie.path, cookie.max_age, expires)


def received_morsel(given: SetCookie) -> Morsel[str]:
    """Show what a Set-Cookie field said as a Morsel."""
    domain, path = given.domain or "", given.path or ""
    return _morsel(given, domain, path, given.max_age_text, given.expires)


def _morsel(
    shown: Cookie | SetCookie, domain: str, path: str, max_age: str, expires: float | None
) -> Morsel[str]:
    morsel = make_morsel(shown.name, shown.value)
    attributes: dict[str, str | bool] = {
        "domain": domain,
        "path": path,
        "max-age": max_age,
        "samesite": shown.same_site,
    }
    if expires is not None:
        attributes["expires"] = format_cookie_date(expires)
    if shown.secure:
        attributes["secure"] = True
    if shown.http_only:
        attributes["httponly"] = True
    if shown.partitioned:
        attributes["partitioned"] = True
    # Past Morsel's own update: it knows "partitioned" from Python 3.14 on.
    dict.update(morsel, attributes)
    return morsel


def quoted(value: str, /) -> str:
    """Quote a value that the user gave, if it cannot go as it is (RFC 6265bis section 4.1.1)."""
    return value if _PLAIN_VALUE.match(value) else _CODER.value_encode(value)[1]


def unquoted(wire_value: str, /) -> str:
    """Take off quotes and escapes, as `SimpleCookie` does, but always in linear time."""
    if len(wire_value) < 2 or not (wire_value[0] == wire_value[-1] == '"'):
        return wire_value
    return _ESCAPE.sub(_unescaped, wire_value[1:-1])


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 8)) if escape[1] else escape[2]
