"""The jar around urllib, by the handler that the README shows, against a real server."""

import re
import urllib.request
from http.cookiejar import CookieJar as HttpCookieJar
from pathlib import Path
from typing import Final

from martlet_cookiejar import Cookie, CookieJar, from_http_cookiejar, to_http_cookiejar

from .origin import Origin

README: Final = Path(__file__).parents[2] / "packages" / "cookiejar" / "README.md"


def handler(jar: CookieJar) -> urllib.request.BaseHandler:
    """Make the README's handler."""
    text = README.read_text(encoding="utf-8")
    source = re.search(r"^class Cookies\(.*?(?=^\S+ = )", text, re.MULTILINE | re.DOTALL)
    assert source is not None
    opening = (
        "import urllib.request\n"
        "from http.client import HTTPResponse\n"
        "from martlet_cookiejar import CookieJar\n"
    )
    names: dict[str, type] = {}
    exec(opening + source[0], names)
    made: urllib.request.BaseHandler = names["Cookies"](jar)
    return made


def opener_of(
    origin: Origin, *handlers: urllib.request.BaseHandler
) -> urllib.request.OpenerDirector:
    """Make an opener to which every host is the server, by taking it for a proxy."""
    proxies = urllib.request.ProxyHandler({"http": f"http://127.0.0.1:{origin.port}"})
    return urllib.request.build_opener(proxies, *handlers)


def get(opener: urllib.request.OpenerDirector, url: str) -> None:
    with opener.open(url, timeout=10) as response:
        response.read()


def test_cookies_that_were_set_are_sent_back(origin: Origin) -> None:
    origin.cookies["/login"] = ["a=1", "b=2; Domain=example.org; Path=/", "c=3; Path=/x"]
    jar = CookieJar()
    opener = opener_of(origin, handler(jar))
    sent = {}
    for url in (
        "http://www.example.org/login",
        "http://www.example.org/",
        "http://www.example.org/x/y",
        "http://example.org/",
        "http://example.com/",
    ):
        get(opener, url)
        sent[url] = origin.last
    assert sent == {
        "http://www.example.org/login": None,
        "http://www.example.org/": "a=1; b=2",
        "http://www.example.org/x/y": "c=3; a=1; b=2",
        "http://example.org/": "b=2",
        "http://example.com/": None,
    }


def test_each_hop_of_a_redirect_sets_and_gets_its_own(origin: Origin) -> None:
    origin.cookies["/from"] = ["hop=1; Path=/", "mine=2; Path=/"]
    origin.cookies["/to"] = ["theirs=3; Path=/"]
    origin.redirects["/from"] = "/over"
    origin.redirects["/over"] = "http://example.com/to"
    jar = CookieJar()
    get(opener_of(origin, handler(jar)), "http://example.org/from")
    assert [(seen.host, seen.path, seen.cookie) for seen in origin.seen] == [
        ("example.org", "/from", None),
        ("example.org", "/over", "hop=1; mine=2"),
        ("example.com", "/to", None),
    ]
    assert jar.cookie_header("http://example.com/") == "theirs=3"


def test_server_deletes_cookies(origin: Origin) -> None:
    origin.cookies["/in"] = ["a=1", "b=2", "c=3"]
    origin.cookies["/out"] = ["a=; Max-Age=0", "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"]
    jar = CookieJar()
    opener = opener_of(origin, handler(jar))
    for path in ("in", "out", ""):
        get(opener, f"http://example.org/{path}")
    assert [seen.cookie for seen in origin.seen] == [None, "a=1; b=2; c=3", "c=3"]
    assert len(jar) == 1


def test_secure_cookies_neither_come_nor_go_over_http(origin: Origin) -> None:
    origin.cookies["/"] = ["secure=1; Secure", "plain=2", "kept=over; Path=/"]
    jar = CookieJar()
    jar.add(Cookie("kept", "1", "example.org", "/", True, secure=True))
    opener = opener_of(origin, handler(jar))
    get(opener, "http://example.org/")
    get(opener, "http://example.org/")
    assert [seen.cookie for seen in origin.seen] == [None, "plain=2"]
    assert jar.cookie_header("https://example.org/") == "kept=1; plain=2"


def test_octets_go_back_as_they_came(origin: Origin) -> None:
    origin.cookies["/"] = ['a="x, y"', "b=€", "c=\udcff", "d", "e="]
    opener = opener_of(origin, handler(CookieJar()))
    get(opener, "http://example.org/")
    get(opener, "http://example.org/")
    assert origin.last == 'a="x, y"; b=€; c=\udcff; d; e='


SET: Final = [
    "host=1",
    "domain=2; Domain=example.org; Path=/",
    "path=3; Path=/a",
    "age=4; Path=/; Max-Age=1000; HttpOnly; SameSite=Lax",
    'quoted="x y"; Path=/',
    "utf=€; Path=/",
    "nameless; Path=/",
    "empty=; Path=/",
]
URLS: Final = (
    "http://www.example.org/a/b",
    "http://www.example.org/",
    "http://example.org/",
    "http://sub.www.example.org/a/b",
    "http://example.com/a/b",
)


def sent_to_each(origin: Origin, opener: urllib.request.OpenerDirector) -> list[set[str]]:
    sent = []
    for url in URLS:
        get(opener, url)
        sent.append(set((origin.last or "").split("; ")))
    return sent


EXPECTED: Final = [
    {"host=1", "domain=2", "path=3", "age=4", 'quoted="x y"', "utf=€", "nameless", "empty="},
    {"domain=2", "age=4", 'quoted="x y"', "utf=€", "nameless", "empty="},
    {"domain=2"},
    {"domain=2"},
    {""},
]


def test_jar_of_the_standard_library_is_gone_on_with_by_ours(origin: Origin) -> None:
    origin.cookies["/a/set"] = SET
    theirs = HttpCookieJar()
    get(
        opener_of(origin, urllib.request.HTTPCookieProcessor(theirs)),
        "http://www.example.org/a/set",
    )
    assert len(theirs) == len(SET)
    assert sent_to_each(origin, opener_of(origin, handler(from_http_cookiejar(theirs)))) == EXPECTED


def test_our_jar_is_gone_on_with_by_that_of_the_standard_library(origin: Origin) -> None:
    origin.cookies["/a/set"] = SET
    jar = CookieJar()
    get(opener_of(origin, handler(jar)), "http://www.example.org/a/set")
    assert len(jar) == len(SET)
    theirs = urllib.request.HTTPCookieProcessor(to_http_cookiejar(jar))
    assert sent_to_each(origin, opener_of(origin, theirs)) == EXPECTED


def test_cookies_of_localhost_go_both_ways(origin: Origin) -> None:
    # No proxy: http.cookiejar gives this host another name.
    origin.cookies["/set"] = ["a=1"]
    url = f"http://localhost:{origin.port}/"
    direct = urllib.request.ProxyHandler({})
    theirs = HttpCookieJar()
    processor = urllib.request.HTTPCookieProcessor(theirs)
    get(urllib.request.build_opener(direct, processor), f"{url}set")
    jar = from_http_cookiejar(theirs)
    get(urllib.request.build_opener(direct, handler(jar)), url)
    assert origin.last == "a=1"
    processor = urllib.request.HTTPCookieProcessor(to_http_cookiejar(jar))
    get(urllib.request.build_opener(direct, processor), url)
    assert origin.last == "a=1"
