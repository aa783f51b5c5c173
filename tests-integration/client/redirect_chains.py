"""Chains of redirects, each drawn from a seed: who asks whom, and by which spelling of whose name.

A canary is a text that is found wherever it goes. Those of a chain are in the userinfo of its URLs
and in the cookies that its answers set.
"""

import re
from collections.abc import Mapping
from random import Random
from typing import Final

from attrs import evolve, frozen

__all__ = [
    "IN_MEMORY",
    "HOSTS",
    "LITERALS",
    "Chain",
    "Hop",
    "Place",
    "Territory",
    "canaries",
    "canary",
]

_CANARY: Final = re.compile(r"zq[a-z]+[0-9]*qz")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_METHODS: Final = (
    "GET",
    "GET",
    "HEAD",
    "POST",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "BREW",
)
_STATUSES: Final = (301, 302, 303, 307, 308)
_LONGEST: Final = 6
# What is one host to a user: its canonical form, and how it may be spelled.
_SPELLINGS: Final = {
    "example.test": ("example.test", "EXAMPLE.test", "eXample.Test"),
    "example.test.": ("example.test.", "EXAMPLE.TEST."),
    "a.example.test": ("a.example.test", "A.Example.TEST"),
    "b.example.test": ("b.example.test", "b.eXample.test"),
    "badexample.test": ("badexample.test", "BadExample.test"),
    "other.test": ("other.test", "OTHER.test"),
    "localhost": ("localhost", "LocalHost"),
    "xn--bcher-kva.test": (
        "xn--bcher-kva.test",
        "bücher.test",
        "BÜCHER.test",
        "XN--bcher-kva.test",
    ),
    "127.0.0.1": ("127.0.0.1",),
    "::1": ("[::1]", "[0:0:0:0:0:0:0:1]", "[0::0001]"),
}
LITERALS: Final = frozenset({"127.0.0.1", "::1"})
HOSTS: Final = tuple(_SPELLINGS)
NAMES: Final = tuple(host for host in HOSTS if host not in LITERALS)


def canary(name: str) -> str:
    """Give the canary of this name."""
    return f"zq{name}qz"


def canaries(text: str) -> frozenset[str]:
    """Find the canaries in *text*."""
    return frozenset(_CANARY.findall(text))


@frozen
class Place:
    """An origin; *host* is in lower case and A-labels, with its dot, without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """What a Host field has to say."""
        host = f"[{self.host}]" if ":" in self.host else self.host.removesuffix(".")
        return host if self.has_default_port else f"{host}:{self.port}"

    @property
    def address(self) -> tuple[str, str, int]:
        """What a connection to it is made to: a name is the same one with a dot and without."""
        return self.scheme, self.host.removesuffix("."), self.port

    @property
    def has_default_port(self) -> bool:
        """Whether the port need not be said."""
        return _DEFAULT_PORTS[self.scheme] == self.port

    @property
    def is_secure(self) -> bool:
        """Whether it is spoken to by TLS."""
        return self.scheme == "https"

    @property
    def is_literal(self) -> bool:
        """Whether the host is an address."""
        return self.host in LITERALS

    def spelled(self, rng: Random, userinfo: str, *, ascii_only: bool) -> str:
        """Give one of the URLs of it, without a path."""
        spellings = _SPELLINGS[self.host]
        host = rng.choice(spellings)
        if ascii_only and (self.is_literal or not host.isascii()):
            host = spellings[0]
        port = f":{self.port}"
        if self.has_default_port:
            port = rng.choice(("", "", port, ":"))
        scheme = rng.choice((self.scheme, self.scheme, self.scheme.upper()))
        return f"{scheme}://{userinfo}{'@' if userinfo else ''}{host}{port}"


@frozen
class Territory:
    """Where chains may lead: the ports by scheme, those of names and those of addresses."""

    ports: Mapping[str, tuple[int, ...]]
    literal_ports: Mapping[str, tuple[int, ...]]

    def place(self, rng: Random) -> Place:
        """Draw any place."""
        return self._with(rng, rng.choice(("http", "https")), rng.choice(HOSTS))

    def beside(self, rng: Random, place: Place) -> Place:
        """Draw a place that has much in common with *place*."""
        kind = rng.randrange(4)
        if kind == 0:
            return self._with(rng, "http" if place.is_secure else "https", place.host)
        if kind == 1:
            other = evolve(place, host=rng.choice(HOSTS))
            return other if other.port in self._ports(other) else self._with(rng, *_name(other))
        if kind == 2 and place.host.startswith("example.test"):
            twin = "example.test" if place.host.endswith(".") else "example.test."
            return evolve(place, host=twin)
        return self._with(rng, place.scheme, place.host)

    def _ports(self, place: Place) -> tuple[int, ...]:
        return (self.literal_ports if place.is_literal else self.ports)[place.scheme]

    def _with(self, rng: Random, scheme: str, host: str) -> Place:
        bare = Place(scheme, host, 0)
        return evolve(bare, port=rng.choice(self._ports(bare)))


def _name(place: Place) -> tuple[str, str]:
    return place.scheme, place.host


_PORTS: Final = {"http": (80, 80, 8080, 443), "https": (443, 443, 8443, 80)}
IN_MEMORY: Final = Territory(_PORTS, _PORTS)


@frozen
class Hop:
    """One request of a chain, and how it is answered."""

    place: Place
    target: str
    """The path and the query."""
    url: str
    """The URL that leads here: the caller's, or that of a Location."""
    userinfo: str
    """What is in front of the host in that, if anything is."""
    challenged: bool
    """Whether 401 is the answer to a request without an Authorization field."""
    set_cookie: str
    """A Set-Cookie field of the answer, unless it is empty."""
    status: int
    """The status of the answer."""


@frozen
class Chain:
    """What is asked first, and where that leads."""

    seed: int
    method: str
    requote: bool
    """The session's ``requote_redirect_url``."""
    encoded: bool
    """Whether the first URL is given as one that is encoded already: it stays as it is spelled."""
    hops: tuple[Hop, ...]

    @classmethod
    def drawn(cls, rng: Random, seed: int, territory: Territory) -> "Chain":
        """Draw one of one to seven requests."""
        requote, encoded = rng.random() < 0.8, rng.random() < 0.1
        places = _places(rng, territory, rng.randint(0, _LONGEST))
        hops = []
        for index, place in enumerate(places):
            userinfo = _userinfo(rng, index)
            target = f"/{index}" + rng.choice(("", "", "?q=1", "/deep/er?a=b&c"))
            before = places[index - 1] if index else None
            as_it_is = not requote if index else encoded
            url = _url(rng, place, before, userinfo, ascii_only=as_it_is) + target
            last = index == len(places) - 1
            hops.append(
                Hop(
                    place, target, url, userinfo,
                    challenged=rng.random() < 0.15,
                    set_cookie=_set_cookie(rng, place, index),
                    status=200 if last else rng.choice(_STATUSES),
                )
            )  # fmt: skip
        return cls(seed, rng.choice(_METHODS), requote, encoded, tuple(hops))

    def stays(self, first: int, last: int) -> bool:
        """Tell whether the requests from *first* to *last* all go to one place."""
        return len({hop.place for hop in self.hops[first : last + 1]}) == 1

    @property
    def keeps_spellings(self) -> bool:
        """Whether a host stays as somebody has spelled it, in another form than the usual one."""
        return any(
            (self.encoded if index == 0 else not self.requote) and hop.url.lower() != hop.url
            for index, hop in enumerate(self.hops)
        )

    def __str__(self) -> str:
        lines = [f"chain of seed {self.seed}: {self.method}, {self.requote=}, {self.encoded=}"]
        lines += [
            f"  {index}: {hop.url} ({hop.place}), then {hop.status}"
            f"{', challenged' if hop.challenged else ''} {hop.set_cookie}"
            for index, hop in enumerate(self.hops)
        ]
        return "\n".join(lines)


def _places(rng: Random, territory: Territory, moves: int) -> list[Place]:
    places = [territory.place(rng)]
    for _ in range(moves):
        here, kind = places[-1], rng.random()
        if kind < 0.4:
            places.append(here)
        elif kind < 0.65:
            places.append(rng.choice(places))  # back to where it has been
        elif kind < 0.9:
            places.append(territory.beside(rng, here))
        else:
            places.append(territory.place(rng))
    return places


def _userinfo(rng: Random, index: int) -> str:
    if rng.random() > 0.12:
        return ""
    login, password = canary(f"login{index}"), canary(f"password{index}")
    return rng.choice((f"{login}:{password}", login, f":{password}", f"{login}:{password}%2F"))


def _url(
    rng: Random, place: Place, before: Place | None, userinfo: str, *, ascii_only: bool
) -> str:
    if before == place and not userinfo and rng.random() < 0.4:
        return ""
    url = place.spelled(rng, userinfo, ascii_only=ascii_only)
    if before is not None and before.scheme == place.scheme and rng.random() < 0.2:
        return url.partition(":")[2]  # without the scheme
    return url


def _set_cookie(rng: Random, place: Place, index: int) -> str:
    if rng.random() > 0.25:
        return ""
    field = f"set{index}={canary(f'set{index}')}; Path=/"
    if not place.is_literal and place.host.count(".") > 0:
        domain = place.host.removesuffix(".")
        field += rng.choice(
            (
                "",
                "",
                f"; Domain={domain}",
                f"; domain=.{domain.upper()}",
                "; Domain=example.test",
                "; Domain=other.test",
                "; Domain=test",
            )
        )
    return field + rng.choice(("", "", "; Secure", "; HttpOnly; secure"))
