from http.cookiejar import MozillaCookieJar
from pathlib import Path

import attrs

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._netscape import dump_netscape, load_netscape

LATER = 4102444800
"""The year 2100."""

PLAIN = Cookie("a", "1", "example.org", "/", True)


def mozilla(path: Path) -> MozillaCookieJar:
    jar = MozillaCookieJar(path)
    jar.load(ignore_discard=True, ignore_expires=True)
    return jar


def test_http_cookiejar_reads_what_is_dumped(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    cookies = [
        attrs.evolve(PLAIN, expires=float(LATER)),
        attrs.evolve(PLAIN, host_only=False, expires=float(LATER), secure=True),
        attrs.evolve(PLAIN, name="h", http_only=True, path="/x", expires=float(LATER)),
        attrs.evolve(PLAIN, name="", value="alone", expires=float(LATER)),
        attrs.evolve(PLAIN, name="empty", value="", expires=float(LATER)),
    ]
    path.write_text(dump_netscape(cookies), encoding="utf-8")
    read = {
        (c.domain, c.domain_specified, c.path, c.secure, c.expires, c.name, c.value)
        for c in mozilla(path)
    }
    assert read == {
        ("example.org", False, "/", False, LATER, "a", "1"),
        (".example.org", True, "/", True, LATER, "a", "1"),
        ("example.org", False, "/x", False, LATER, "h", "1"),
        ("example.org", False, "/", False, LATER, "alone", None),
        ("example.org", False, "/", False, LATER, "empty", ""),
    }


def test_what_http_cookiejar_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cookies.txt"
    cookies = [
        attrs.evolve(PLAIN, expires=float(LATER)),
        attrs.evolve(PLAIN, host_only=False, secure=True),
        attrs.evolve(PLAIN, name="h", http_only=True, path="/x", expires=float(LATER)),
        attrs.evolve(PLAIN, name="", value="alone", expires=float(LATER)),
        attrs.evolve(PLAIN, name="empty", value="", expires=float(LATER)),
    ]
    path.write_text(dump_netscape(cookies), encoding="utf-8")
    jar = mozilla(path)
    # To http.cookiejar, 0 is the year 1970; it writes nothing for a session cookie.
    for cookie in jar:
        if not cookie.expires:
            cookie.expires, cookie.discard = None, True
    jar.save(ignore_discard=True)
    loaded = load_netscape(path.read_text(encoding="utf-8"))
    assert sorted(loaded, key=repr) == sorted(cookies, key=repr)


def test_comments_at_the_top_are_those_by_which_http_cookiejar_knows_the_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "cookies.txt"
    path.write_text(dump_netscape([]), encoding="utf-8")
    assert len(mozilla(path)) == 0
