import pickle
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random

import attrs
import pytest

from martlet_cookiejar import CookieJar
from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._errors import CookieLoadError
from martlet_cookiejar._pickle_file import load_pickle

from .old_jars import BY_DOMAIN, WRITTEN_BY_3_7, WRITTEN_BY_3_12, pickles

NOW = 1.5e9
COOKIES = [
    Cookie("sid", '"a b"', "www.example.com", "/docs/", True, secure=True, http_only=True),
    Cookie("until", "1", "www.example.com", "/docs", True, expires=1924992000.0),
    Cookie("lang", "en", "example.com", "/docs", True, expires=NOW + 3600, max_age="3600"),
    Cookie("all", "1"),
]


def load(jar: object) -> list[Cookie]:
    return load_pickle(pickle.dumps(jar), NOW)


def of_attributes(attributes: str) -> Cookie:
    (cookie,) = load({"b.org": SimpleCookie(f"a=1; {attributes}")})
    return cookie


def test_both_layouts_are_read_of_all_protocols() -> None:
    for data in pickles():
        assert load_pickle(data, NOW) == COOKIES


@pytest.mark.parametrize("data", [WRITTEN_BY_3_7, WRITTEN_BY_3_12])
def test_files_of_aiohttp_are_read(data: bytes) -> None:
    assert load_pickle(data, NOW) == COOKIES


def test_empty_jar_is_read() -> None:
    assert load({}) == []
    assert load({"b.org": SimpleCookie()}) == []


@pytest.mark.parametrize("data", [WRITTEN_BY_3_7, WRITTEN_BY_3_12])
def test_no_cookie_goes_to_a_host_that_may_not_have_been_meant(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(data)
    jar = CookieJar(now=lambda: NOW)
    jar.load(tmp_path / "f")
    assert jar.cookie_header("https://www.example.com/docs/x") == 'sid="a b"; until=1; all=1'
    assert jar.cookie_header("https://www.example.com/docs") == "until=1; all=1"
    assert jar.cookie_header("http://www.example.com/docs/") == "until=1; all=1"
    assert jar.cookie_header("https://example.com/docs/x") == "lang=en; all=1"
    assert jar.cookie_header("https://a.www.example.com/docs/x") == "all=1"


@pytest.mark.parametrize(
    ("key", "attribute", "path"),
    [
        ("b.org", "", "/"),
        ("b.org", "Path=/x/", "/x/"),
        ("b.org", "Path=x", "/"),
        (("b.org", "/x"), "", "/x"),
        (("b.org", "/x"), "Path=/x/", "/x/"),
        (("b.org", ""), "Path=//", "//"),
        (("b.org", ""), "Path=/", "/"),
        (("b.org", ""), "", "/"),
        (("b.org", "x"), "", "/"),
    ],
)
def test_path_of_the_cookie_is_what_counts(key: object, attribute: str, path: str) -> None:
    assert load({key: SimpleCookie(f"a=1; {attribute}")})[0].path == path


@pytest.mark.parametrize(
    ("attributes", "expires", "max_age"),
    [
        ("", None, ""),
        ("Expires=Wed, 01 Jan 2031 00:00:00 GMT", 1924992000.0, ""),
        ("Expires=Wed, 01-Jan-2031 00:00:00 GMT", 1924992000.0, ""),
        ("Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0.0, ""),
        ("Expires=soon", None, ""),
        ("Max-Age=60", NOW + 60, "60"),
        ("Max-Age=0", NOW, "0"),
        ("Max-Age=-1", NOW - 1, "-1"),
        ("Max-Age=60; Expires=Wed, 01 Jan 2031 00:00:00 GMT", NOW + 60, "60"),
        ("Max-Age=soon; Expires=Wed, 01 Jan 2031 00:00:00 GMT", 1924992000.0, ""),
        (f"Max-Age={'9' * 1000}", NOW + 400 * 86400, "9" * 1000),
    ],
)
def test_end_is_that_of_max_age_from_now_or_of_expires(
    attributes: str, expires: float | None, max_age: str
) -> None:
    cookie = of_attributes(attributes)
    assert (cookie.expires, cookie.max_age) == (expires, max_age)


@pytest.mark.parametrize(
    ("attribute", "change"),
    [
        ("Secure", {"secure": True}),
        ("HttpOnly", {"http_only": True}),
        ("SameSite=lax", {"same_site": "Lax"}),
        ("SameSite=odd", {"same_site": ""}),
        ("Version=1", {}),
        ("Comment=x", {}),
    ],
)
def test_attribute_is_read(attribute: str, change: dict[str, object]) -> None:
    fields = attrs.asdict(of_attributes(attribute))
    assert fields == {**attrs.asdict(Cookie("a", "1", "b.org", "/", True)), **change}


def test_number_that_a_user_gave_as_an_attribute_is_read() -> None:
    cookies = SimpleCookie("a=1")
    dict.update(cookies["a"], {"max-age": 60, "partitioned": True})
    (cookie,) = load({"b.org": cookies})
    assert cookie.expires == NOW + 60
    assert cookie.partitioned


@pytest.mark.parametrize("key", [".b.org", "B.ORG", "b.org.", ("B.org", "/")])
def test_domain_gets_its_canonical_form(key: object) -> None:
    assert load({key: SimpleCookie("a=1")}) == [Cookie("a", "1", "b.org", "/", True)]


def test_cookies_that_no_request_could_carry_are_left_out() -> None:
    cookies = SimpleCookie('a="b;c"; d=1')
    assert load({"b.org": cookies, ".": SimpleCookie("e=1")}) == [
        Cookie("d", "1", "b.org", "/", True)
    ]


@pytest.mark.parametrize(
    "jar",
    [
        None,
        True,
        1,
        "b.org",
        (),
        ("b.org", "/"),
        {"b.org": None},
        {"b.org": "a=1"},
        {"b.org": {"a": "1"}},
        {"b.org": {"a": None}},
        {"b.org": {"a": {"coded_value": "1"}}},
        {"b.org": {"a": BY_DOMAIN[""]}},
        {"b.org": BY_DOMAIN[""]["all"]},
        {"b.org": {("a", "b"): BY_DOMAIN[""]["all"]}},
        {("b.org", "/", "/"): SimpleCookie("a=1")},
        {("b.org",): SimpleCookie("a=1")},
        {("b.org", None): SimpleCookie("a=1")},
        {1: SimpleCookie("a=1")},
        {None: SimpleCookie("a=1")},
        BY_DOMAIN[""],
        BY_DOMAIN[""]["all"],
        [BY_DOMAIN],
        {"b.org": [BY_DOMAIN[""]["all"]]},
        {b"b.org": SimpleCookie("a=1")},
        {"b.org"},
    ],
)
def test_what_is_no_jar_is_refused(jar: object) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(CookieLoadError):
            load_pickle(pickle.dumps(jar, protocol), NOW)


def morsel_with(state: object) -> bytes:
    """A jar by domain whose one Morsel has a state of its own."""
    morsel = b"chttp.cookies\nMorsel\n)\x81" + pickle.dumps(state, 2)[2:-1] + b"b"
    return b"\x80\x02}X\x05\x00\x00\x00b.org}X\x01\x00\x00\x00a" + morsel + b"ss."


@pytest.mark.parametrize(
    "state", [None, "1", (), {}, {"value": "1"}, {"coded_value": None}, {"coded_value": 1}]
)
def test_morsel_without_a_value_is_refused(state: object) -> None:
    with pytest.raises(CookieLoadError, match="the cookie 'a' of the pickle has no value"):
        load_pickle(morsel_with(state), NOW)


def test_state_is_what_the_value_is_taken_from() -> None:
    assert load_pickle(morsel_with({"coded_value": "2"}), NOW)[0].value == "2"


@pytest.mark.parametrize("data", [WRITTEN_BY_3_7, pickle.dumps(BY_DOMAIN, 0)])
def test_every_truncation_is_refused(data: bytes) -> None:
    for size in range(len(data)):
        with pytest.raises(CookieLoadError):
            load_pickle(data[:size], NOW)


@pytest.mark.parametrize("protocol", range(6))
def test_damage_gives_cookies_or_the_error(protocol: int) -> None:
    # There is no checksum, so a changed letter is a changed letter.
    random = Random(protocol)
    whole = pickle.dumps({("b.org", "/"): SimpleCookie("a=1; Max-Age=5; Secure")}, protocol)
    assert len(load_pickle(whole, NOW)) == 1
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(random.randrange(1, 3)):
            data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        if random.random() < 0.2:
            del data[random.randrange(len(data))]
        try:
            cookies = load_pickle(bytes(data), NOW)
        except CookieLoadError:
            continue
        assert len(cookies) <= 1


@pytest.mark.parametrize(
    "data",
    [
        b"chttp.cookies\nMorsel\n)\x81.",  # a Morsel without attributes, for the jar
        b"}X\x05\x00\x00\x00b.orgchttp.cookies\nMorsel\n)\x81s.",  # or for a SimpleCookie
        # A dict that has the state of a Morsel.
        b"}X\x05\x00\x00\x00b.org}X\x01\x00\x00\x00a}}X\x0b\x00\x00\x00coded_valueX\x01\x00\x00\x001sbss.",
    ],
)
def test_one_thing_in_the_place_of_another_is_refused(data: bytes) -> None:
    with pytest.raises(CookieLoadError):
        load_pickle(data, NOW)
