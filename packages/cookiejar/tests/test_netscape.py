from math import inf, nan

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._cookie_date import END_OF_TIME
from martlet_cookiejar._errors import CookieLoadError
from martlet_cookiejar._netscape import dump_netscape, load_netscape

LATER = 4102444800
"""The year 2100."""


def body(*cookies: Cookie) -> str:
    """What is dumped, without the comments at its top."""
    text = dump_netscape(cookies)
    opening, _, lines = text.partition("\n\n")
    assert all(comment.startswith("# ") for comment in opening.split("\n"))
    return lines


PLAIN = Cookie("a", "1", "example.org", "/", True)


@pytest.mark.parametrize(
    ("cookie", "written"),
    [
        (PLAIN, "example.org\tFALSE\t/\tFALSE\t0\ta\t1"),
        (attrs.evolve(PLAIN, host_only=False), ".example.org\tTRUE\t/\tFALSE\t0\ta\t1"),
        (attrs.evolve(PLAIN, secure=True), "example.org\tFALSE\t/\tTRUE\t0\ta\t1"),
        (attrs.evolve(PLAIN, http_only=True), "#HttpOnly_example.org\tFALSE\t/\tFALSE\t0\ta\t1"),
        (attrs.evolve(PLAIN, expires=5e9), "example.org\tFALSE\t/\tFALSE\t5000000000\ta\t1"),
        (attrs.evolve(PLAIN, path="/x y;z/"), "example.org\tFALSE\t/x y;z/\tFALSE\t0\ta\t1"),
        (attrs.evolve(PLAIN, value=""), "example.org\tFALSE\t/\tFALSE\t0\ta\t"),
        (attrs.evolve(PLAIN, name=""), "example.org\tFALSE\t/\tFALSE\t0\t\t1"),
        (attrs.evolve(PLAIN, value=' "x y" = '), 'example.org\tFALSE\t/\tFALSE\t0\ta\t "x y" = '),
        (attrs.evolve(PLAIN, value="€\udcff"), "example.org\tFALSE\t/\tFALSE\t0\ta\t€\udcff"),
        (attrs.evolve(PLAIN, domain="::1"), "::1\tFALSE\t/\tFALSE\t0\ta\t1"),
        (attrs.evolve(PLAIN, domain="localhost"), "localhost\tFALSE\t/\tFALSE\t0\ta\t1"),
    ],
)
def test_cookie_is_one_line_of_seven_fields(cookie: Cookie, written: str) -> None:
    assert body(cookie) == f"{written}\n"
    assert load_netscape(dump_netscape([cookie])) == [cookie]


def test_cookies_keep_their_order() -> None:
    cookies = [attrs.evolve(PLAIN, name=name) for name in "cab"]
    assert load_netscape(dump_netscape(iter(cookies))) == cookies


def test_no_cookies_are_a_file_of_comments() -> None:
    assert body() == ""
    assert load_netscape(dump_netscape([])) == []


def test_what_the_format_has_no_place_for_is_lost() -> None:
    cookie = attrs.evolve(
        PLAIN, same_site="Lax", partitioned=True, created=7.5, max_age="60", expires=LATER + 0.75
    )
    assert load_netscape(dump_netscape([cookie])) == [attrs.evolve(PLAIN, expires=LATER)]


@pytest.mark.parametrize(
    ("expires", "written"),
    [
        (1.0, "1"),
        (0.5, "1"),
        (0.0, "1"),
        (-0.5, "1"),
        (-inf, "1"),
        (nan, "1"),
        (253402300799.0, "253402300799"),
        (253402300800.0, "253402300799"),
        (1e300, "253402300799"),
        (inf, "253402300799"),
    ],
)
def test_end_that_is_no_such_number_is_written_as_the_nearest_that_is(
    expires: float, written: str
) -> None:
    assert body(attrs.evolve(PLAIN, expires=expires)).split("\t")[4] == written


def test_domain_cookie_of_an_address_is_host_only() -> None:
    cookie = attrs.evolve(PLAIN, domain="127.0.0.1", host_only=False)
    assert body(cookie) == "127.0.0.1\tFALSE\t/\tFALSE\t0\ta\t1\n"
    assert load_netscape(".127.0.0.1\tTRUE\t/\tFALSE\t0\ta\t1")[0].host_only


@pytest.mark.parametrize(
    "changed",
    [
        {"value": "a\tb"},
        {"value": "\t"},
        {"value": "a\nb"},
        {"value": "a\r"},
        {"value": "a\0b"},
        {"value": "a\n.example.org\tTRUE\t/\tFALSE\t0\tb\t2"},
        {"value": "a;b"},
        {"name": "a\tb"},
        {"name": "a\nb"},
        {"name": "a=b"},
        {"name": "", "value": ""},
        {"path": "/a\tb"},
        {"path": "/a\nb"},
        {"path": "a"},
        {"path": "TRUE"},
        {"path": ""},
        {"domain": ""},
        {"domain": "", "host_only": False},
        {"domain": "#example.org"},
        {"domain": ".example.org"},
        {"domain": "Example.org"},
        {"domain": "example.org."},
        {"domain": "a b"},
        {"domain": "a\tb"},
        {"name": "__Secure-a"},
        {"name": "__Host-a", "secure": True, "host_only": False},
    ],
)
def test_cookie_that_no_line_can_hold_is_left_out(changed: dict[str, str | bool]) -> None:
    assert body(PLAIN, attrs.evolve(PLAIN, **changed), PLAIN) == body(PLAIN, PLAIN)  # type: ignore[arg-type]  # of each field's own type


@pytest.mark.parametrize(
    ("text", "cookie"),
    [
        ("example.org\tFALSE\t/\tFALSE\t0\ta\t1", PLAIN),
        ("example.org\tFALSE\t/\tFALSE\t0\ta\t1\r\n", PLAIN),
        ("example.org\tFALSE\t/\tFALSE\t0\ta\t1\r", PLAIN),
        ("\ufeffexample.org\tFALSE\t/\tFALSE\t0\ta\t1\n", PLAIN),
        ("example.org\tfalse\t/\tFalse\t0\ta\t1", PLAIN),
        ("example.org\tTRUE\t/\tFALSE\t0\ta\t1", attrs.evolve(PLAIN, host_only=False)),
        (".example.org\tTRUE\t/\ttrue\t0\ta\t1", attrs.evolve(PLAIN, host_only=False, secure=True)),
        # The flag is what counts, not the dot.
        (".example.org\tFALSE\t/\tFALSE\t0\ta\t1", PLAIN),
        ("EXAMPLE.org.\tFALSE\t/\tFALSE\t0\ta\t1", PLAIN),
        ("münchen.de\tFALSE\t/\tFALSE\t0\ta\t1", attrs.evolve(PLAIN, domain="xn--mnchen-3ya.de")),
        ("[::1]\tFALSE\t/\tFALSE\t0\ta\t1", attrs.evolve(PLAIN, domain="::1")),
        # Six fields: no value, or no path.
        ("example.org\tFALSE\t/\tFALSE\t0\ta", attrs.evolve(PLAIN, value="")),
        ("example.org\tFALSE\tFALSE\t0\ta\t1", PLAIN),
        ("example.org\tFALSE\tTRUE\t0\ta\t1", attrs.evolve(PLAIN, secure=True)),
        ("example.org\tFALSE\tFALSE\t0\ta", attrs.evolve(PLAIN, value="")),
        # Paths that are none.
        ("example.org\tFALSE\t\tFALSE\t0\ta\t1", PLAIN),
        ("example.org\tFALSE\tx\tFALSE\t0\ta\t1", PLAIN),
        # Times.
        ("example.org\tFALSE\t/\tFALSE\t\ta\t1", PLAIN),
        ("example.org\tFALSE\t/\tFALSE\t000\ta\t1", PLAIN),
        ("example.org\tFALSE\t/\tFALSE\t1\ta\t1", attrs.evolve(PLAIN, expires=1.0)),
        ("example.org\tFALSE\t/\tFALSE\t +12.9 \ta\t1", attrs.evolve(PLAIN, expires=12.0)),
        (
            "example.org\tFALSE\t/\tFALSE\t9223372036854775807\ta\t1",
            attrs.evolve(PLAIN, expires=float(END_OF_TIME)),
        ),
        # Prefixes that promise what is so.
        (
            "example.org\tFALSE\t/\tTRUE\t0\t__Host-a\t1",
            attrs.evolve(PLAIN, name="__Host-a", secure=True),
        ),
        (
            "example.org\tTRUE\t/x\tTRUE\t0\t__Secure-a\t1",
            attrs.evolve(PLAIN, name="__Secure-a", secure=True, path="/x", host_only=False),
        ),
    ],
)
def test_line_is_a_cookie(text: str, cookie: Cookie) -> None:
    assert load_netscape(text) == [cookie]


NO_COOKIES = [
    "example.org\tFALSE\t/\tFALSE\t0",
    "example.org\tFALSE\t/\tFALSE\t0\ta\tb\tc",
    "example.org\tFALSE\tFALSE\tFALSE\t0\ta\tb",
    "example.org FALSE / FALSE 0 a 1",
    "example.org",
    "example.org\tFALSE\t/\tFALSE\t0\t\t",
    "\tFALSE\t/\tFALSE\t0\ta\t1",
    ".\tFALSE\t/\tFALSE\t0\ta\t1",
    "..example.org\tFALSE\t/\tFALSE\t0\ta\t1",
    " example.org\tFALSE\t/\tFALSE\t0\ta\t1",
    "\udcff.org\tFALSE\t/\tFALSE\t0\ta\t1",
    "http://example.org/\tFALSE\t/\tFALSE\t0\ta\t1",
    "example.org\t1\t/\tFALSE\t0\ta\t1",
    "example.org\tFALSE\t/\tyes\t0\ta\t1",
    "example.org\tFALSE\t/\tFALSE\tnever\ta\t1",
    "example.org\tFALSE\t/\tFALSE\t-1\ta\t1",
    "example.org\tFALSE\t/\tFALSE\t\u0661\ta\t1",
    "example.org\tFALSE\t/\tFALSE\t99999999999999999999\ta\t1",
    "example.org\tFALSE\t/\tFALSE\t" + "9" * 5000 + "\ta\t1",
    "example.org\tFALSE\t/\x01\tFALSE\t0\ta\t1",
    "example.org\tFALSE\t/\tFALSE\t0\ta\x7f\t1",
    "example.org\tFALSE\t/\tFALSE\t0\ta\t1\0",
    "example.org\tFALSE\t/\tFALSE\t0\ta;b\t1",
    "example.org\tFALSE\t/\tFALSE\t0\ta\t1;b=2",
    "example.org\tFALSE\t/\tFALSE\t0\t__Secure-a\t1",
    "example.org\tFALSE\t/\tFALSE\t0\t__secure-a\t1",
    "example.org\tFALSE\t/\tTRUE\t0\t\t__Secure-a=1",
    "example.org\tFALSE\t/\tFALSE\t0\t__Host-a\t1",
    "example.org\tTRUE\t/\tTRUE\t0\t__Host-a\t1",
    "example.org\tFALSE\t/x\tTRUE\t0\t__HOST-a\t1",
    "example.org\tFALSE\t/\tTRUE\t0\t\t__Host-a=1",
    "Set-Cookie: a=1; Domain=example.org",
]


@pytest.mark.parametrize("text", NO_COOKIES)
def test_line_that_is_no_cookie_is_passed_over(text: str) -> None:
    good = "example.org\tFALSE\t/\tFALSE\t0\ta\t1"
    assert load_netscape(f"{good}\n{text}\n{good}\n") == [PLAIN, PLAIN]


@pytest.mark.parametrize("text", NO_COOKIES)
def test_file_in_which_no_line_is_a_cookie_is_refused(text: str) -> None:
    with pytest.raises(CookieLoadError, match=r"^this is no cookies\.txt: line 4 is neither"):
        load_netscape(f"# Netscape HTTP Cookie File\r\n\r\n \n{text}\r\nx\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "\n",
        " \r\n\t\r\n",
        "\t\t\t\t\t\t",
        "# Netscape HTTP Cookie File",
        "#",
        "# example.org\tFALSE\t/\tFALSE\t0\ta\t1",
        "#HttpOnly_",
        "#httponly_example.org\tFALSE\t/\tFALSE\t0\ta\t1",
        "#HttpOnly_#HttpOnly_example.org\tFALSE\t/\tFALSE\t0\ta\t1",
    ],
)
def test_comments_and_empty_lines_hold_no_cookie(text: str) -> None:
    assert load_netscape(text) == []


@pytest.mark.parametrize("text", ['{"cookies": []}', "<!doctype html>", "\x80\x04}q\0.", "\0" * 9])
def test_file_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(CookieLoadError, match=r"^this is no cookies\.txt: line 1 "):
        load_netscape(text)


def test_error_shows_nothing_of_the_file() -> None:
    with pytest.raises(CookieLoadError) as caught:
        load_netscape("example.org FALSE / FALSE 0 sid secret")
    assert "secret" not in str(caught.value)


def test_lines_with_the_same_cookie_are_all_there_in_order() -> None:
    text = "".join(f"example.org\tFALSE\t/\tFALSE\t0\ta\t{number}\n" for number in range(3))
    assert [cookie.value for cookie in load_netscape(text)] == ["0", "1", "2"]


text_of_fields = st.text(
    st.characters(exclude_categories=[]) | st.sampled_from("\t\r\n\0#; =.\u2028\x85\x0b\x1c"),
    max_size=12,
)
cookies_of_any_kind = st.builds(
    Cookie,
    name=text_of_fields | st.sampled_from(["", "sid", "__Host-a", "__secure-b"]),
    value=text_of_fields,
    domain=st.sampled_from(["example.org", "localhost", "127.0.0.1", "::1", "", "TRUE"])
    | text_of_fields,
    path=text_of_fields.map("/".__add__) | st.sampled_from(["/", "", "TRUE", "FALSE"]),
    host_only=st.booleans(),
    secure=st.booleans(),
    http_only=st.booleans(),
    same_site=st.sampled_from(["Strict", "Lax", "None", ""]),
    partitioned=st.booleans(),
    expires=st.none() | st.floats(),
    created=st.floats(allow_nan=False),
    max_age=text_of_fields,
)


@given(st.lists(cookies_of_any_kind, max_size=5))
def test_nothing_in_a_cookie_makes_a_second_one_or_another_one(cookies: list[Cookie]) -> None:
    loaded = iter(load_netscape(dump_netscape(cookies)))
    identities = [(c.name, c.value, c.domain, c.path, c.secure, c.http_only) for c in cookies]
    position = -1
    for cookie in loaded:
        identity = (
            cookie.name,
            cookie.value,
            cookie.domain,
            cookie.path,
            cookie.secure,
            cookie.http_only,
        )
        # Those that are left out are skipped; the others come in their order.
        position = identities.index(identity, position + 1)
        assert cookie.host_only or not cookies[position].host_only


wire_text = st.text(
    st.characters(exclude_characters=";\x7f", min_codepoint=32, exclude_categories=[]), max_size=12
)
cookies_of_the_format = st.builds(
    Cookie,
    name=wire_text.filter(lambda name: "=" not in name).map("n".__add__),
    value=wire_text,
    domain=st.sampled_from(["example.org", "localhost", "xn--mnchen-3ya.de"]),
    path=wire_text.map("/".__add__),
    host_only=st.booleans(),
    secure=st.booleans(),
    http_only=st.booleans(),
    expires=st.none() | st.integers(1, END_OF_TIME).map(float),
)


@given(st.lists(cookies_of_the_format, max_size=5))
def test_what_is_dumped_is_loaded(cookies: list[Cookie]) -> None:
    text = dump_netscape(cookies)
    assert load_netscape(text) == cookies
    assert load_netscape(text.replace("\n", "\r\n")) == cookies
    assert load_netscape(text.removesuffix("\n")) == cookies


@given(
    st.lists(
        st.lists(
            st.sampled_from(["example.org", "TRUE", "FALSE", "/", "0", "5", "a", "", "#HttpOnly_"])
            | text_of_fields,
            max_size=9,
        ).map("\t".join),
        max_size=4,
    ).map("\n".join)
    | st.text()
)
@example("example.org\tTRUE\tTRUE\t0\ta")
def test_every_text_is_loaded_or_refused_and_what_is_loaded_can_be_dumped(text: str) -> None:
    try:
        cookies = load_netscape(text)
    except CookieLoadError:
        return
    assert load_netscape(dump_netscape(cookies)) == cookies


@pytest.mark.parametrize(
    "text",
    [
        "\t" * 1_000_000,
        "#HttpOnly_" * 100_000,
        "\r" * 1_000_000,
        "a\tTRUE\t/\tTRUE\t" + " " * 1_000_000 + "\ta\t1",
        "a\tTRUE\t/\tTRUE\t" + "0" * 1_000_000 + "x\ta\t1",
        "a." * 500_000 + "\tTRUE\t/\tTRUE\t0\ta\t1",
        "ä." * 5_000 + "\tTRUE\t/\tTRUE\t0\ta\t1",
    ],
)
def test_large_files_of_nonsense_take_time_in_proportion(text: str) -> None:
    # Were it quadratic, the limit on the test's time would end it.
    try:
        load_netscape(text)
    except CookieLoadError:
        pass


def test_first_cookies_are_left_out_of_a_file_that_would_be_too_large() -> None:
    cookies = [attrs.evolve(PLAIN, name=f"n{n}", value="\xe9" * 2**19) for n in range(20)]
    text = dump_netscape(cookies)
    assert len(text.encode()) <= 16 * 2**20
    assert load_netscape(text) == cookies[5:]
