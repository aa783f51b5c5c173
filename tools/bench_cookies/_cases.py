"""What is measured: what is in a jar, and what is then asked of it or stored in it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from typing import TypeAlias

Given: TypeAlias = tuple[str, str]
"""A URL, and the Set-Cookie field of its response."""

# So many new ones go into 50 domains that have 10 already, at most 50 in each. Also more than
# a cache of 1,024 entries holds.
_STORED = 1_950
_ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax"


@dataclass
class Work:
    """A jar, and what is done with it: either URLs are asked for, or cookies are stored."""

    jar: list[Given]
    urls: list[str] = field(default_factory=list)
    stored: list[Given] = field(default_factory=list)
    matching: list[Given] = field(default_factory=list)
    """What of the jar goes to the URLs, if the same is to be done with nothing else in it."""
    once: bool = False
    """Whether it cannot be done again with the same jar, since that would be full."""
    pairs: dict[str, set[str]] = field(default_factory=dict)
    """What has to be in the Cookie fields of some URLs in the end."""


def _site(number: int) -> str:
    return f"https://www.site{number}.example/shop/basket"


def _sites(count: int, urls: list[str], stored: list[Given], once: bool = False) -> Work:
    names = [(site, n) for site in range(count) for n in range(10)]
    jar = [(_site(site), f"cookie{n}={site * 10 + n:016x}{_ATTRIBUTES}") for site, n in names]
    held: dict[str, dict[str, str]] = {url: {} for url in urls}
    for url, header in jar + stored:
        name, _, value = header.partition(";")[0].partition("=")
        held.setdefault(url, {})[name] = f"{name}={value}"
    pairs = {url: set(cookies.values()) for url, cookies in held.items()}
    return Work(jar, urls, stored, once=once, pairs=pairs)


def _header(sites: int, asked: int, _: float) -> Work:
    return _sites(sites, [_site(n % asked) for n in range(250)], [])


def _store(name: str, expires: bool, now: float) -> Work:
    def header(n: int) -> str:
        end = f"; Expires={formatdate(now + 86_400 + n, usegmt=True)}" if expires else ""
        return f"{name.format(n)}={n:016x}{_ATTRIBUTES}{end}"

    stored = [(_site(n % 50), header(n)) for n in range(_STORED)]
    return _sites(50, [], stored, once=name.format(0) != name)


def _nested(depth: int, of: int) -> str:
    return f"/of-{of}" + "".join(f"/{n}" for n in range(1, depth))


def _tree(count: int, _: float) -> Work:
    nested = [(depth, of) for of in (1, 5, 10) for depth in range(1, of + 1)]
    paths = [_nested(*one) for one in nested] + [f"/other/{n}" for n in range(34)]
    jar = []
    for host in (f"h{n}.example.org" for n in range(60)):
        for n, path in enumerate(paths):
            jar.append((f"https://{host}/", f"c{n}={n:016x}; Domain={host}; Path={path}"))
    matching = [jar[30 * 50 + n] for n, (_, of) in enumerate(nested) if of == count]
    url = f"https://h30.example.org{_nested(count, count)}"
    pairs = {url: {header.partition(";")[0] for _, header in matching}}
    return Work(jar, [url] * 250, matching=matching, pairs=pairs)


CASES: dict[str, Callable[[float], Work]] = {
    "header": partial(_header, 250, 1),
    "header-varied": partial(_header, 250, 250),
    "tree-1": partial(_tree, 1),
    "tree-5": partial(_tree, 5),
    "tree-10": partial(_tree, 10),
    "store-replace": partial(_store, "cookie3", False),
    "store-expires": partial(_store, "cookie3", True),
    "store-new": partial(_store, "new{}", False),
    "empty": partial(_header, 0, 1),
}
"""By name; each makes its work at a time (seconds since 1970 UTC)."""
