"""A jar against an oracle that shares no code with it: who gets a cookie, and who does not."""

import random

import attrs
from yarl import URL

from martlet_cookiejar import CookieJar

SUFFIXES = {"com", "org", "co.uk", "uk", "localhost", "test", "a", "b"}
LABELS = ("a", "b", "www", "A", "xn--bcher-kva", "co")
TOPS = ("com", "ORG", "co.uk", "localhost", "b.com", "a.co.uk")
SEGMENTS = ("a", "b", "A", "", "a%2Fb", "ab")
ADDRESSES = ("127.0.0.1", "1.127.0.0.1", "[::1]", "127.0.0.2")


@attrs.frozen
class Case:
    setter: str
    domain: str | None
    path: str | None
    secure: bool
    getter: str


def is_sent(case: Case) -> bool:
    """Decide by the letter of RFC 6265bis, for hosts without trailing dots."""
    scheme, host, path = _parts(case.setter)
    to_scheme, to_host, to_path = _parts(case.getter)
    domain = (case.domain or "").lower()
    domain = domain[1:] if domain[:1] == "." else domain
    if domain in SUFFIXES:
        if domain != host:
            return False
        domain = ""
    if domain and not _belongs(host, domain):
        return False
    if case.secure and scheme not in ("https", "wss"):
        return False
    if case.secure and to_scheme not in ("https", "wss"):
        return False
    if not (_belongs(to_host, domain) if domain else to_host == host):
        return False
    cookie_path = case.path or ""
    if cookie_path[:1] != "/":
        cookie_path = "/".join(path.split("/")[:-1]) or "/"
    if to_path == cookie_path:
        return True
    if to_path[: len(cookie_path)] != cookie_path:
        return False
    return cookie_path[-1] == "/" or to_path[len(cookie_path)] == "/"


def _belongs(host: str, domain: str) -> bool:
    labels, wanted = host.split("."), domain.split(".")
    if host == domain:
        return True
    if ":" in host or labels[-1].isdigit():
        return False
    return len(labels) > len(wanted) and labels[-len(wanted) :] == wanted


def _parts(url: str) -> tuple[str, str, str]:
    scheme, _, rest = url.partition("://")
    authority, _, path = rest.partition("/")
    return scheme, authority.lower().strip("[]"), "/" + path


def random_host(rng: random.Random) -> str:
    if rng.random() < 0.08:
        return rng.choice(ADDRESSES)
    return ".".join([*rng.choices(LABELS, k=rng.choice((0, 1, 1, 2))), rng.choice(TOPS)])


def random_path(rng: random.Random) -> str:
    return "/" + "/".join(rng.choices(SEGMENTS, k=rng.choice((0, 1, 2, 3))))


def random_url(rng: random.Random, host: str) -> str:
    return rng.choice(("http", "https", "ws", "wss")) + "://" + host + random_path(rng)


def random_case(rng: random.Random) -> Case:
    host = random_host(rng)
    labels = host.split(".")
    near = (
        host,
        f"sub.{host}",
        ".".join(labels[1:]) or host,
        f"x{host}",
        random_host(rng),
    )
    domain = rng.choice((None, None, rng.choice(near), f".{rng.choice(near)}", "", ".", f"{host}."))
    if domain is not None:
        domain = domain.strip("[]") if rng.random() < 0.9 else domain.upper()
    to_host = rng.choice(near)
    if to_host.startswith(("x[", "sub.[")):
        to_host = host
    setter, getter = random_url(rng, host), random_url(rng, to_host)
    path = rng.choice((None, "", "relative", "/", random_path(rng)))
    if path and path != "relative" and rng.random() < 0.7:
        below = rng.choice(("", "/", "/a", "b"))
        getter = "https://" + to_host + path + below
    return Case(setter, domain, path, rng.random() < 0.2, getter)


def test_a_hundred_thousand_random_pairs_are_decided_as_the_oracle_does() -> None:
    rng = random.Random(6265)
    sent = 0
    for _ in range(100_000):
        case = random_case(rng)
        jar = CookieJar(unsafe=True, public_suffixes=SUFFIXES.__contains__, now=lambda: 1e9)
        field = "name=value"
        if case.domain is not None:
            field += f"; Domain={case.domain}"
        if case.path is not None:
            field += f"; Path={case.path}"
        if case.secure:
            field += "; Secure"
        jar.update_cookies_from_headers([field], URL(case.setter, encoded=True))
        header = jar.cookie_header(URL(case.getter, encoded=True))
        expected = is_sent(case)
        assert (header == "name=value") is expected, case
        sent += expected
    # The pairs are such that both answers are common.
    assert 10_000 < sent < 60_000
