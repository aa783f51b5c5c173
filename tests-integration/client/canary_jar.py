"""Whom a cookie belongs to, by RFC 6265bis and not by the jar."""

import re
from random import Random
from typing import Final

from attrs import field, frozen

from .redirect_chains import Place, canaries, canary

__all__ = ["CookieOwners", "draw_cookies"]

_PUBLIC_SUFFIX: Final = "test"


@frozen
class _Owner:
    canaries: frozenset[str]
    domain: str
    host_only: bool
    secure: bool

    def is_asked(self, place: Place, host: str) -> bool:
        if self.secure and not place.is_secure:
            return False
        if host == self.domain:
            return True
        return not self.host_only and not place.is_literal and host.endswith(f".{self.domain}")


@frozen
class CookieOwners:
    """Who may see the cookies of a jar.

    *unsafe*: addresses may have cookies, too. All cookies have the path ``/``, and names of their
    own.
    """

    unsafe: bool
    _owners: list[_Owner] = field(factory=list)

    def take(self, place: Place, set_cookie: str) -> None:
        """Learn what *place* sets."""
        if not set_cookie or (place.is_literal and not self.unsafe):
            return
        host = _host(place)
        secure = re.search(r"; *secure", set_cookie, re.IGNORECASE) is not None
        found = re.search(r"; *domain=\.?([^;]*)", set_cookie, re.IGNORECASE)
        domain = found[1].lower() if found is not None else host
        if secure and not place.is_secure:
            return
        if host != domain and (domain == _PUBLIC_SUFFIX or not host.endswith(f".{domain}")):
            return
        self._owners.append(_Owner(canaries(set_cookie), domain, found is None, secure))

    def of(self, place: Place) -> frozenset[str]:
        """Give the canaries that go to *place*."""
        if place.is_literal and not self.unsafe:
            return frozenset()
        host = _host(place)
        asked = [owner.canaries for owner in self._owners if owner.is_asked(place, host)]
        return frozenset().union(*asked)


def _host(place: Place) -> str:
    return place.host.removesuffix(".")


def draw_cookies(rng: Random, places: list[Place]) -> list[tuple[Place, str]]:
    """Draw what a jar has from before: Set-Cookie fields, and who has sent them."""
    given = []
    for number in range(rng.choice((0, 0, 1, 2, 3))):
        place = rng.choice(places)
        text = f"jar{number}={canary(f'jar{number}')}; Path=/"
        if not place.is_literal and "." in place.host:
            text += rng.choice(("", f"; Domain={_host(place)}", "; Domain=example.test"))
        given.append((place, text + rng.choice(("", "", "; Secure"))))
    return given
