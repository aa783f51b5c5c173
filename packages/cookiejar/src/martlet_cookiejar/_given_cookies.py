"""Cookies as users give them, taken apart."""

from collections.abc import Iterator, Mapping
from http.cookies import BaseCookie, Morsel

from ._abstract_jar import LooseCookies
from ._check_cookie import check_pair
from ._cookie_date import parse_cookie_date
from ._limits import CookieLimits
from ._morsel import quoted
from ._set_cookie import SetCookie, parse_max_age, parse_same_site


def given_cookies(
    cookies: LooseCookies, *, quote: bool, limits: CookieLimits
) -> Iterator[SetCookie]:
    """Read what the user gave as if it had come from a server.

    Args:
        cookies: Names with values, or with Morsels that have attributes too.
        quote: Whether a value that cannot go as it is is quoted.
        limits: Caps.

    Raises:
        TypeError: Something else was given.
        ValueError: A name or value that cannot be sent, or that is too long.
    """
    pairs = cookies.items() if isinstance(cookies, Mapping) else cookies
    for name, value in pairs:
        if not isinstance(name, str):
            raise TypeError(f"a cookie's name has to be a str, not {type(name).__name__}")
        single = value[name] if isinstance(value, BaseCookie) else value
        if isinstance(single, Morsel):
            yield _from_morsel(name, single, quote=quote)
        else:
            yield SetCookie(name, _wire_value(name, single, quote=quote, limits=limits))


def _wire_value(name: str, value: object, *, quote: bool, limits: CookieLimits) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise TypeError(
            f"the value of the cookie {name!r} has to be a str or a Morsel, "
            f"not {type(value).__name__}"
        )
    wire = quoted(value) if quote else value
    check_pair(name, wire)
    if (size := len(f"{name}{wire}".encode("utf-8", "surrogateescape"))) > limits.pair:
        raise ValueError(
            f"the cookie {name[:80]!r} takes {size} bytes, "
            f"more than the {limits.pair} that are allowed"
        )
    return wire


def _from_morsel(name: str, morsel: Morsel[str], *, quote: bool) -> SetCookie:
    value = morsel.coded_value if quote else morsel.value
    check_pair(name or "-", value)
    max_age_text = str(morsel["max-age"])
    return SetCookie(
        name=name,
        value=value,
        domain=str(morsel["domain"]).lower().removeprefix(".") or None,
        path=path if (path := str(morsel["path"])).startswith("/") else None,
        expires=parse_cookie_date(str(morsel["expires"])),
        max_age=parse_max_age(max_age_text),
        max_age_text=max_age_text,
        secure=bool(morsel["secure"]),
        http_only=bool(morsel["httponly"]),
        same_site=parse_same_site(str(morsel["samesite"])),
        partitioned=bool(morsel.get("partitioned")),
    )
