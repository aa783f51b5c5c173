"""Cookies of all kinds that a jar can have."""

from random import Random
from typing import Final

from martlet_cookiejar._cookie import Cookie, SameSite

__all__ = ["random_cookies"]

NAMES: Final = "\tabcXYZ019_-.$[]{}()<>@,/?:\"' \u00e9\u20ac\U0001f36a\udc80\udcff"
VALUES: Final = NAMES + "=\\"
PATHS: Final = "\tabcXYZ019/-.%~?#\"\\' \u00e9\udcff"
DOMAINS: Final = (
    "",
    "example.org",
    "www.example.org",
    "xn--bcher-kva.example",
    "localhost",
    "127.0.0.1",
    "::1",
    "_odd_.example",
    ".".join(["a" * 60] * 4),
)
SAME_SITES: Final[tuple[SameSite, ...]] = ("Strict", "Lax", "None", "")
TIMES: Final = (0.0, -1.0, 1.5, 1e-300, 5e-324, 1e15 + 0.3, 253402300799.0, 0.1 + 0.2, -0.0, 7)


def _text(random: Random, letters: str, most: int) -> str:
    return "".join(random.choices(letters, k=random.randrange(most)))


def _time(random: Random) -> float:
    return random.choice(TIMES) if random.random() < 0.3 else random.uniform(0, 3e9)


def _cookie(random: Random) -> Cookie:
    name = _text(random, NAMES, 12).strip(" \t")
    value = _text(random, VALUES, 40).strip(" \t")
    return Cookie(
        name,
        value if name or value else "v",
        random.choice(DOMAINS),
        "/" + _text(random, PATHS, 12),
        host_only=random.random() < 0.5,
        secure=random.random() < 0.5,
        http_only=random.random() < 0.5,
        same_site=random.choice(SAME_SITES),
        partitioned=random.random() < 0.5,
        expires=None if random.random() < 0.3 else _time(random),
        created=_time(random),
        max_age=random.choice(("", "0", "-1", "3600", "9" * 300)),
    )


def random_cookies(random: Random, most: int) -> list[Cookie]:
    """Make some cookies, no two of which are in each other's place."""
    cookies = {}
    for _ in range(random.randrange(most + 1)):
        cookie = _cookie(random)
        cookies[cookie.domain, cookie.path, cookie.name, cookie.host_only] = cookie
    return list(cookies.values())
