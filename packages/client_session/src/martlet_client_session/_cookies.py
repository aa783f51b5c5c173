"""Cookies on their way between a session's requests and its jar."""

from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict, CIMultiDictProxy, istr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ._defaults import LooseCookies

__all__ = ["check_store", "given_to", "with_cookies", "with_given"]

_COOKIE: Final = istr("Cookie")


def check_store(store: object) -> None:
    """Refuse what is no `CookieStore`, before a request finds out.

    Raises:
        TypeError: It lacks a method.
    """
    for name in ("cookie_header", "update_cookies_from_headers"):
        if not callable(getattr(store, name, None)):
            raise TypeError(
                f"cookie_jar has to be a CookieStore, such as an AbstractCookieJar; "
                f"{type(store).__name__} has no method {name}()"
            )


def given_to(store: object, cookies: "LooseCookies") -> None:
    """Put cookies that the user gives into a jar.

    Raises:
        TypeError: It takes them from responses only.
    """
    update = getattr(store, "update_cookies", None)
    if not callable(update):
        raise TypeError(
            f"cookies= needs a cookie_jar with the method update_cookies(), such as a CookieJar; "
            f"{type(store).__name__} has none"
        )
    update(cookies)


def with_cookies(section: CIMultiDictProxy[str], cookies: str) -> CIMultiDictProxy[str]:
    """Add a jar's cookies to a header section.

    Cookies that a Cookie field of the user names already are left out: there is one Cookie field in
    a request (RFC 6265bis section 5.8.3), and who writes it by hand means it.
    """
    result = CIMultiDict(section)
    given = result.popall(_COOKIE, None)
    result[_COOKIE] = cookies if given is None else _joined("; ".join(given), cookies)
    return CIMultiDictProxy(result)


def with_given(fields: "Iterable[str]", cookies: str) -> str:
    """Give the Cookie field of a request that has *cookies* of its own, besides its *fields*.

    They replace those of the same name.
    """
    return _joined(cookies, "; ".join(pair.strip() for pair in "; ".join(fields).split(";")))


def _joined(first: str, second: str) -> str:
    names = {_name(pair) for pair in first.split(";")}
    others = [pair for pair in second.split("; ") if pair and _name(pair) not in names]
    return "; ".join([first, *others])


def _name(pair: str) -> str:
    return pair.partition("=")[0].strip()
