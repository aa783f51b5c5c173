"""cookies.txt, to and from the real curl."""

import random
import subprocess
from pathlib import Path
from typing import Final

import attrs

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._netscape import dump_netscape, load_netscape
from system_packages import ensure

from .origin import Origin

LATER: Final = 4102444800
HOSTS: Final = ("example.org", "www.example.org", "example.com", "localhost")


def curl(*arguments: str | Path) -> None:
    # -q: no ~/.curlrc.
    command = [ensure("curl"), "-q", "--silent", "--show-error", "--fail", *arguments]
    subprocess.run(command, check=True, timeout=30)


def fetch(origin: Origin, url: str, *arguments: str | Path) -> None:
    """Let curl ask the server for a URL of any host."""
    there = [f"{host}:{origin.port}:127.0.0.1" for host in HOSTS]
    resolve = [argument for address in there for argument in ("--resolve", address)]
    host, _, path = url.removeprefix("http://").partition("/")
    target = f"http://{host}:{origin.port}/{path}"
    curl("--noproxy", "*", *resolve, *arguments, target)


def rewritten(text: str, folder: Path) -> list[str]:
    """Let curl read a file and write what it has understood."""
    (folder / "in.txt").write_bytes(text.encode("utf-8", "surrogateescape"))
    curl("-b", folder / "in.txt", "-c", folder / "out.txt", "file:///dev/null")
    written = (folder / "out.txt").read_bytes().decode("utf-8", "surrogateescape")
    return [
        line
        for line in written.split("\n")
        if line and (not line.startswith("#") or line.startswith("#HttpOnly_"))
    ]


def by_name(cookies: list[Cookie]) -> list[Cookie]:
    return sorted(cookies, key=lambda cookie: (cookie.name, cookie.domain, cookie.path))


def test_what_curl_has_got_from_a_server_is_loaded(origin: Origin, tmp_path: Path) -> None:
    file = tmp_path / "cookies.txt"
    origin.cookies["/a/b"] = [
        "session=1; Path=/a",
        "root=2; Path=/; HttpOnly",
        "domain=3; Domain=example.org; Path=/a; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
        'quoted="x y"; Path=/',
        "empty=; Path=/",
        "utf=€; Path=/",
    ]
    fetch(origin, "http://www.example.org/a/b", "-c", file)
    www = Cookie("", "", "www.example.org", "/", True)
    assert by_name(load_netscape(file.read_text(encoding="utf-8"))) == [
        Cookie("domain", "3", "example.org", "/a", False, expires=float(LATER)),
        attrs.evolve(www, name="empty"),
        attrs.evolve(www, name="quoted", value='"x y"'),
        attrs.evolve(www, name="root", value="2", http_only=True),
        attrs.evolve(www, name="session", value="1", path="/a"),
        attrs.evolve(www, name="utf", value="€"),
    ]


def test_curl_sends_what_is_dumped_where_it_belongs(origin: Origin, tmp_path: Path) -> None:
    file = tmp_path / "cookies.txt"
    cookies = [
        Cookie("host", "1", "example.org", "/", True),
        Cookie("domain", "2", "example.org", "/", False, expires=float(LATER)),
        Cookie("path", "3", "example.org", "/a", False, http_only=True),
        Cookie("secure", "4", "example.org", "/", False, secure=True),
        Cookie("past", "5", "example.org", "/", False, expires=0.5),
        Cookie("empty", "", "localhost", "/", True),
        Cookie("quoted", '"x y"', "localhost", "/", True),
    ]
    file.write_text(dump_netscape(cookies), encoding="utf-8")
    sent = {}
    for url in (
        "http://example.org/",
        "http://www.example.org/",
        "http://www.example.org/a/b",
        "http://example.com/",
    ):
        fetch(origin, url, "-b", file)
        sent[url] = set((origin.last or "").split("; "))
    assert sent == {
        "http://example.org/": {"host=1", "domain=2"},
        "http://www.example.org/": {"domain=2"},
        "http://www.example.org/a/b": {"domain=2", "path=3"},
        "http://example.com/": {""},
    }
    fetch(origin, "http://localhost/", "-b", file)
    assert set((origin.last or "").split("; ")) == {"empty=", 'quoted="x y"'}


def test_file_goes_to_curl_and_back_unchanged(tmp_path: Path) -> None:
    # Without a nameless cookie: older versions of curl read it as a name without a value.
    cookies = [
        Cookie(f"n{number}", value, domain, path, host_only, secure, http_only, expires=expires)
        for number, (value, domain, path, host_only, secure, http_only, expires) in enumerate(
            (value, domain, path, host_only, secure, http_only, expires)
            for value in ("", "1", '"x, y"', " =", "ü\udcff")
            for domain in ("example.org", "localhost", "xn--mnchen-3ya.de")
            for path in ("/", "/a b/", "/x;y")
            for host_only in (True, False)
            for secure in (True, False)
            for http_only in (True, False)
            for expires in (None, float(LATER), 253402300799.0)
        )
    ]
    assert by_name(
        load_netscape("\n".join(rewritten(dump_netscape(cookies), tmp_path)))
    ) == by_name(cookies)


TIMES: Final = (f"{LATER}.5", f" {LATER}", f"{LATER} ", "-1", "x", "1", "1e12", "00")
NAMES: Final = ("__Secure-", "__Host-", "__secure-")
ENDS: Final = ("\r\n", "\n\n", "\n# c\n", "\n")


def random_line(source: random.Random, number: int) -> str:
    """Make a line that differs in few places from a good one, if at all.

    Flags are in all of them: curl takes whatever else stands there for FALSE, and we do not.
    """
    rare = source.random() < 0.4
    fields = [
        source.choice(["example.org", ".example.org", "localhost"]),
        source.choice(["TRUE", "FALSE", "true", "False"]),
        source.choice(["/", "/a/", "/a b", "TRUE"] if rare else ["/", "/a"]),
        source.choice(["TRUE", "FALSE", "true"]),
        source.choice(TIMES) if rare else source.choice(["0", str(LATER)]),
        source.choice(NAMES if source.random() < 0.2 else ["n"]) + str(number),
        source.choice(["1", "x y", '"q"', "a=b", " ", "ü", "€"]),
    ]
    kind = source.randrange(12)
    if kind == 0:
        del fields[source.choice([3, 4, 6])]
    elif kind == 1:
        fields.append("more")
    elif kind == 2:
        fields[-1] = ""
    elif kind == 3:
        del fields[2]
    prefix = source.choice(["", "", "", "#HttpOnly_", "#HttpOnly_", "#", "#httponly_"])
    return prefix + "\t".join(fields) + source.choice(ENDS)


def test_curl_and_we_read_the_same_in_lines_of_all_kinds(tmp_path: Path) -> None:
    source = random.Random(6265)
    text = "".join(random_line(source, number) for number in range(3000)).removesuffix("\n")
    ours = [cookie for cookie in load_netscape(text) if (cookie.expires or LATER) >= LATER]
    curls = load_netscape("\n".join(rewritten(text, tmp_path)))
    assert len(ours) > 1000
    assert by_name(ours) == by_name(curls)
