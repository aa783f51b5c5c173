import copy
import pickle
import subprocess
import sys
from math import inf
from pathlib import Path

import pytest
from yarl import URL

from martlet_cookiejar import Cookie, CookieJar, CookieLimits, CookieLoadError

NOW = 1_700_000_000.0
HOST = "https://www.example.com/dir/page"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jar(clock: Clock) -> CookieJar:
    return CookieJar(now=clock)


def test_a_new_jar_is_empty(jar: CookieJar) -> None:
    assert len(jar) == 0
    assert jar.list_cookies() == []
    assert jar.cookie_header(HOST) == ""


def test_what_a_server_sets_goes_back_to_it(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1", "b=2; Path=/", "c=3; Secure; Domain=example.com"], HOST)
    assert jar.cookie_header(HOST) == "a=1; c=3; b=2"
    assert jar.cookie_header("https://www.example.com/") == "b=2"
    assert jar.cookie_header("http://www.example.com/dir/") == "a=1; b=2"
    assert jar.cookie_header("https://example.com/dir") == "c=3"
    assert jar.cookie_header("https://example.org/dir") == ""


@pytest.mark.parametrize(
    "value",
    ['"quoted"', '"a\\"b"', "a b", "a,b", "\xe9", "\udcff\udcfe", "a=b==", '"', "a\tb", "%22", "'"],
)
def test_a_value_goes_back_as_it_came(jar: CookieJar, value: str) -> None:
    jar.update_cookies_from_headers([f"a={value}"], HOST)
    assert jar.cookie_header(HOST) == f"a={value}"


def test_a_cookie_without_a_name_goes_back_without_one(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["value", "=other; Path=/"], HOST)
    assert jar.cookie_header(HOST) == "value; other"


@pytest.mark.parametrize(
    "line", ["", ";", "=", "; Secure", "a=\0", "\x7f=b", "a" * 4097, "a=\ud800"]
)
def test_what_is_no_cookie_is_ignored_and_the_others_are_not(jar: CookieJar, line: str) -> None:
    jar.update_cookies_from_headers(["a=1", line, "b=2"], HOST)
    assert jar.cookie_header(HOST) == "a=1; b=2"


def test_a_cookie_may_be_deleted_in_the_same_response(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1", "b=2", "a=; Max-Age=0"], HOST)
    assert jar.cookie_header(HOST) == "b=2"


@pytest.mark.parametrize(
    "attribute",
    [
        "Max-Age=0",
        "Max-Age=-1",
        "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "Expires=Mon, 01 Jan 1601 00:00:00 GMT",
        "Expires=Tue, 14 Nov 2023 22:13:19 GMT",
        # This is now.
        "Expires=Tue, 14 Nov 2023 22:13:20 GMT",
        "Expires=Fri, 14 Nov 2025 22:13:20 GMT; Max-Age=0",
    ],
)
def test_a_time_that_has_passed_deletes(jar: CookieJar, attribute: str) -> None:
    jar.update_cookies_from_headers(["a=1", "a=1; Path=/"], HOST)
    jar.update_cookies_from_headers([f"a=2; {attribute}"], HOST)
    assert [cookie.path for cookie in jar.list_cookies()] == ["/"]
    jar.update_cookies_from_headers([f"new=2; {attribute}"], HOST)
    assert len(jar) == 1


def test_time_passes(jar: CookieJar, clock: Clock) -> None:
    jar.update_cookies_from_headers(["a=1; Max-Age=10", "b=2; Max-Age=20", "c=3"], HOST)
    clock.now += 9.999
    assert jar.cookie_header(HOST) == "a=1; b=2; c=3"
    clock.now += 0.001
    assert jar.cookie_header(HOST) == "b=2; c=3"
    clock.now += 10
    assert len(jar) == 1
    assert [morsel.key for morsel in jar] == ["c"]


def test_what_has_expired_is_not_listed(jar: CookieJar, clock: Clock) -> None:
    jar.update_cookies_from_headers(["a=1; Max-Age=10"], HOST)
    clock.now += 10
    assert jar.list_cookies() == []
    jar.update_cookies_from_headers(["a=1; Max-Age=10"], HOST)
    clock.now += 10
    assert jar.host_only_cookies == frozenset()


def test_a_secure_cookie_that_has_expired_protects_nothing(jar: CookieJar, clock: Clock) -> None:
    jar.update_cookies_from_headers(["a=1; Secure; Max-Age=10; Path=/"], HOST)
    clock.now += 10
    jar.update_cookies_from_headers(["a=2; Path=/"], "http://www.example.com/")
    assert jar.cookie_header(HOST) == "a=2"


def test_a_cookie_that_has_expired_hands_nothing_down(jar: CookieJar, clock: Clock) -> None:
    jar.update_cookies_from_headers(["a=1; Max-Age=10"], HOST)
    clock.now += 10
    jar.update_cookies_from_headers(["a=2"], HOST)
    assert [cookie.created for cookie in jar.list_cookies()] == [clock.now]


def test_http_does_not_overlay_what_is_secure(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=secret; Secure; Domain=example.com"], HOST)
    jar.update_cookies_from_headers(
        ["a=evil; Path=/dir", "a=evil; Max-Age=0; Domain=example.com; Path=/dir", "b=1"],
        "http://www.example.com/",
    )
    assert jar.cookie_header(HOST) == "a=secret; b=1"


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://127.0.0.1.:80/"])
def test_ip_addresses_have_cookies_in_unsafe_jars_only(jar: CookieJar, url: str) -> None:
    jar.update_cookies_from_headers(["a=1"], url)
    assert len(jar) == 0
    jar.add(Cookie("a", "1", URL(url).raw_host.rstrip("."), host_only=True))  # type: ignore[union-attr]  # it has one
    assert len(jar) == 1
    assert jar.cookie_header(url) == ""
    unsafe = CookieJar(unsafe=True)
    unsafe.update_cookies_from_headers(["a=1"], url)
    assert unsafe.cookie_header(url) == "a=1"
    assert unsafe.cookie_header("http://127.0.0.2/") == ""


@pytest.mark.parametrize("url", ["/path", "example.com", "mailto:me@example.com", "data:,x"])
def test_a_text_that_is_no_absolute_url_is_refused(url: str) -> None:
    jar = CookieJar()
    for act in (
        lambda: jar.cookie_header(url),
        lambda: jar.filter_cookies(url),
        lambda: jar.update_cookies({"a": "1"}, url),
        lambda: jar.update_cookies_from_headers(["a=1"], url),
    ):
        with pytest.raises(ValueError, match="not an absolute URL, such as https://") as raised:
            act()
        assert repr(url) in str(raised.value)
    assert len(jar) == 0


@pytest.mark.parametrize("url", ["", URL(), URL("/path"), URL("mailto:me@example.com")])
def test_a_url_without_a_host_sets_nothing_and_gets_what_is_for_all(
    jar: CookieJar, url: str | URL
) -> None:
    jar.update_cookies_from_headers(["a=1"], url)
    assert len(jar) == 0
    jar.update_cookies({"b": "2"})
    assert jar.cookie_header(url) == "b=2"


def test_hosts_are_compared_in_one_form(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1"], "http://B\xfccher.EXAMPLE./")
    assert jar.cookie_header("http://xn--bcher-kva.example:8080/") == "a=1"
    assert jar.cookie_header("wss://b\xfccher.example/") == "a=1"


def test_urls_may_be_text_or_objects(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1"], URL(HOST))
    jar.update_cookies_from_headers(["b=1"], HOST)
    assert jar.cookie_header(URL(HOST)) == jar.cookie_header(HOST) == "a=1; b=1"


@pytest.mark.parametrize("url", [1, None, b"http://example.com/"])
def test_anything_else_is_no_url(jar: CookieJar, url: object) -> None:
    jar.update_cookies({"a": "1"})
    for call in (
        jar.cookie_header,
        jar.filter_cookies,
        lambda url: jar.update_cookies({}, url),
        lambda url: jar.update_cookies_from_headers([], url),
    ):
        with pytest.raises(TypeError):
            call(url)  # type: ignore[arg-type]  # what is tested


def test_the_path_is_that_on_the_wire(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1; Path=/a%2Fb"], "http://example.com/")
    assert jar.cookie_header(URL("http://example.com/a%2Fb/c", encoded=True)) == "a=1"
    assert jar.cookie_header("http://example.com/a/b/c") == ""
    jar.update_cookies_from_headers(["b=1"], "http://example.com/\xe9/x")
    assert jar.cookie_header("http://example.com/%C3%A9/y") == "b=1"


def test_no_cookies_are_set_for_public_suffixes() -> None:
    jar = CookieJar(public_suffixes={"com", "co.uk"}.__contains__)
    jar.update_cookies_from_headers(
        ["a=1; Domain=co.uk", "b=1; Domain=example.co.uk"], "http://example.co.uk"
    )
    assert jar.cookie_header("http://www.example.co.uk/") == "b=1"


def test_by_default_a_single_label_is_a_public_suffix(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1; Domain=com"], "http://example.com")
    assert len(jar) == 0
    jar.update_cookies_from_headers(["a=1; Domain=localhost"], "http://localhost")
    assert jar.cookie_header("http://localhost") == "a=1"
    assert jar.cookie_header("http://a.localhost") == ""


def test_the_header_has_eight_kibioctets_at_most(jar: CookieJar) -> None:
    # Three cookies of 4,096 octets; with the separators two are too much.
    names = [f"{letter}={letter * 4094}" for letter in "abc"]
    jar.update_cookies_from_headers(names, HOST)
    assert jar.cookie_header(HOST) == names[0]
    jar.update_cookies_from_headers(["b=" + "b" * 4092], HOST)
    assert len(jar.cookie_header(HOST)) == 8192
    assert jar.cookie_header(HOST) == f"{names[0]}; b={'b' * 4092}"


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (1, ""),
        (4, ""),
        (5, "a=aaa"),
        (10, "a=aaa"),
        (11, "a=aaa; b=\xe9"),
        (14, "a=aaa; b=\xe9"),
        # A short one is not sent in the place of a longer one before it.
        (15, "a=aaa; b=\xe9; c="),
        (16, "a=aaa; b=\xe9; c="),
        (19, "a=aaa; b=\xe9; c=; d="),
        (20, "a=aaa; b=\xe9; c=; d="),
    ],
)
def test_what_does_not_fit_is_left_out_from_the_end(most: int, expected: str) -> None:
    jar = CookieJar(limits=CookieLimits(header=most))
    jar.update_cookies_from_headers(["a=aaa", "b=\xe9", "c=", "d="], HOST)
    assert jar.cookie_header(HOST) == expected


def test_a_long_one_is_not_skipped_for_a_short_one() -> None:
    jar = CookieJar(limits=CookieLimits(header=6))
    jar.update_cookies_from_headers(["a=1", "b=long", "c="], HOST)
    assert jar.cookie_header(HOST) == "a=1"


def test_limits_are_in_force() -> None:
    jar = CookieJar(limits=CookieLimits(per_domain=2, total=3, pair=5))
    jar.update_cookies_from_headers(["a=1", "b=1", "c=1", "longer=1"], HOST)
    assert jar.cookie_header(HOST) == "b=1; c=1"
    for host in ("a.example", "b.example"):
        jar.update_cookies_from_headers(["a=1"], f"http://{host}")
    assert [cookie.name for cookie in jar.list_cookies()] == ["c", "a", "a"]


def test_repr_tells_how_many_but_not_which(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["sid=secret"], HOST)
    assert repr(jar) == "<CookieJar of 1 cookies>"


def test_a_jar_is_not_false_without_reason(jar: CookieJar) -> None:
    # It is a collection; who wants to know whether there is a jar has to ask for None.
    assert not jar
    jar.update_cookies({"a": "b"})
    assert jar


def test_add_takes_a_cookie_as_it_is(jar: CookieJar) -> None:
    cookie = Cookie(
        "a", "b", "example.com", secure=True, created=5.0, expires=NOW + 1e9, max_age="x"
    )
    jar.add(cookie)
    assert jar.list_cookies() == [cookie]
    assert jar.cookie_header(HOST) == "a=b"


def test_add_gives_a_time_of_creation_where_there_is_none(jar: CookieJar) -> None:
    jar.add(Cookie("a", "b"))
    jar.add(Cookie("c", "d"))
    assert jar.cookie_header(HOST) == "a=b; c=d"
    assert [cookie.created for cookie in jar.list_cookies()] == [NOW, pytest.approx(NOW)]


def test_add_of_an_expired_cookie_removes(jar: CookieJar) -> None:
    jar.add(Cookie("a", "b"))
    jar.add(Cookie("a", "b", expires=-inf))
    assert len(jar) == 0


@pytest.mark.parametrize("cookie", ["a=b", ("a", "b"), {"a": "b"}, None])
def test_add_takes_cookies_only(jar: CookieJar, cookie: object) -> None:
    with pytest.raises(TypeError, match=r"add\(\) takes a Cookie, not "):
        jar.add(cookie)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    "cookie",
    [
        Cookie("", ""),
        Cookie("a;b", "c"),
        Cookie("a", "b;c"),
        Cookie("a", "b\n"),
        Cookie("a", "b", ".example.com"),
        Cookie("a", "b", "EXAMPLE.com"),
        Cookie("a", "b", path="dir"),
        Cookie("a", "b", expires=float("nan")),
    ],
)
def test_add_refuses_what_could_not_be_sent(jar: CookieJar, cookie: Cookie) -> None:
    with pytest.raises(ValueError, match=r"cookie|domain|time"):
        jar.add(cookie)
    assert len(jar) == 0


def test_a_copy_is_another_jar(jar: CookieJar) -> None:
    jar.update_cookies_from_headers(["a=1; Max-Age=10", "b=2; Secure; Domain=example.com"], HOST)
    for twin in (copy.deepcopy(jar), pickle.loads(pickle.dumps(jar))):
        assert twin.list_cookies() == jar.list_cookies()
        assert twin.cookie_header(HOST) == "a=1; b=2"
        twin.update_cookies_from_headers(["a=; Max-Age=0", "c=3"], HOST)
        assert twin.cookie_header(HOST) == "b=2; c=3"
        assert jar.cookie_header(HOST) == "a=1; b=2"
        # The heap, too.
        twin.update_cookies_from_headers(["d=4; Max-Age=10"], HOST)
        twin._now.now += 10  # type: ignore[union-attr]  # it is a Clock, of its own
        assert twin.cookie_header(HOST) == "b=2; c=3"


def test_no_event_loop_is_needed() -> None:
    program = """
from martlet_cookiejar import CookieJar, DummyCookieJar
DummyCookieJar()
jar = CookieJar(loop=None)
jar.update_cookies_from_headers(["a=b"], "http://example.com")
print(jar.cookie_header("http://example.com"), end="")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "a=b"


def test_a_loop_is_taken_and_not_used() -> None:
    assert CookieJar(loop=object()).cookie_header(HOST) == ""


@pytest.mark.parametrize("form", ["", "_netscape"])
def test_a_jar_is_saved_and_loaded(jar: CookieJar, tmp_path: Path, form: str) -> None:
    jar.update_cookies_from_headers(["a=1; Max-Age=10", 'b="\xe9 \udcff"; Secure'], HOST)
    getattr(jar, f"save{form}")(tmp_path / "file")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    other = CookieJar(now=jar._now)
    other.update_cookies_from_headers(["c=3"], HOST)
    getattr(other, f"load{form}")(tmp_path / "file")
    assert other.cookie_header(HOST) == jar.cookie_header(HOST)
    other.update_cookies_from_headers(["d=4"], HOST)
    assert other.cookie_header(HOST).endswith("; d=4")


@pytest.mark.parametrize("form", ["", "_netscape"])
def test_a_file_that_cannot_be_loaded_leaves_the_jar(
    jar: CookieJar, tmp_path: Path, form: str
) -> None:
    jar.update_cookies_from_headers(["a=1"], HOST)
    (tmp_path / "file").write_bytes(b"\0" * 99)
    load = getattr(jar, f"load{form}")
    with pytest.raises(CookieLoadError):
        load(str(tmp_path / "file"))
    with pytest.raises(FileNotFoundError):
        load(str(tmp_path / "none"))
    assert jar.cookie_header(HOST) == "a=1"


def test_the_order_of_use_is_saved(jar: CookieJar, tmp_path: Path) -> None:
    jar.update_cookies_from_headers(["a=1; Path=/a", "b=2; Path=/b"], HOST)
    assert jar.cookie_header("https://www.example.com/a") == "a=1"
    jar.save(tmp_path / "file")
    jar.load(tmp_path / "file")
    assert [cookie.name for cookie in jar.list_cookies()] == ["b", "a"]
