"""Cookies as users give them, taken apart."""

from collections.abc import Iterable, Iterator, Mapping
from http.cookies import BaseCookie, Morsel

from ._abstract_jar import LooseCookies
from ._check_cookie import BAD_IN_ATTRIBUTE, check_pair
from ._cookie_date import parse_cookie_date
from ._limits import CookieLimits
from ._morsel import WireMorsel, quoted
from ._set_cookie import SetCookie, octets, parse_domain, parse_max_age, parse_same_site


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
        ValueError: A name, value or attribute that cannot be sent, or that is too long.
    """
    for name, value in _pairs(cookies):
        if not isinstance(name, str):
            raise TypeError(f"a cookie's name has to be a str, not {type(name).__name__}")
        single = _of_name(name, value) if isinstance(value, BaseCookie) else value
        if isinstance(single, Morsel):
            given = _from_morsel(name, single, quote=quote)
            # Without a name there has to be a value.
            check_pair(name or (given.value and "-"), given.value)
        else:
            text = _text(name, single)
            given = SetCookie(name, quoted(text) if quote else text)
            check_pair(name, given.value)
        _check_octets(given, limits)
        yield given


def _pairs(cookies: object) -> Iterator[tuple[object, object]]:
    if isinstance(cookies, Mapping):
        yield from cookies.items()
        return
    if isinstance(cookies, str | bytes) or not isinstance(cookies, Iterable):
        raise TypeError(
            "cookies have to be a mapping of names to values, or pairs of them, "
            f"not {type(cookies).__name__}"
        )
    for pair in cookies:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise TypeError(
                "cookies that are no mapping have to be pairs of a name and a value; "
                f"there is one that is no pair: {type(pair).__name__}"
            )
        yield pair[0], pair[1]


def _of_name(name: str, cookies: BaseCookie[str]) -> Morsel[str]:
    if name not in cookies:
        raise ValueError(
            f"the {type(cookies).__name__} given as the cookie {name[:80]!r} has none of that name"
        )
    return cookies[name]


def _text(name: str, value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(
            f"the value of the cookie {name[:80]!r} has to be a str or a Morsel, "
            f"not {type(value).__name__}"
        )
    return value


def _from_morsel(name: str, morsel: Morsel[str], *, quote: bool) -> SetCookie:
    domain, path, age = str(morsel["domain"]), str(morsel["path"]), str(morsel["max-age"])
    if (bad := BAD_IN_ATTRIBUTE.search(domain + path)) is not None:
        raise ValueError(
            f"the domain or the path of the cookie {name[:80]!r} holds {bad[0]!r}, "
            "which no attribute can"
        )
    as_it_is = quote or isinstance(morsel, WireMorsel)
    max_age = parse_max_age(age)
    return SetCookie(
        name=name,
        value=_text(name, morsel.coded_value if as_it_is else morsel.value),
        domain=parse_domain(domain),
        path=path if path.startswith("/") else None,
        expires=parse_cookie_date(str(morsel["expires"])),
        max_age=max_age,
        max_age_text="" if max_age is None else age,
        secure=bool(morsel["secure"]),
        http_only=bool(morsel["httponly"]),
        same_site=parse_same_site(str(morsel["samesite"])),
        partitioned=bool(morsel.get("partitioned")),
    )


def _check_octets(given: SetCookie, limits: CookieLimits) -> None:
    if (size := octets(f"{given.name}{given.value}")) > limits.pair:
        raise ValueError(
            f"the cookie {given.name[:80]!r} takes {size} bytes, "
            f"more than the {limits.pair} that are allowed"
        )
