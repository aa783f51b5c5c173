import re
from math import inf, nan
from typing import Any

import attrs
import pytest

from martlet_cookiejar._check_cookie import check_cookie, check_pair
from martlet_cookiejar._cookie import Cookie

PLAIN = Cookie("sid", "1", "example.org", "/", True)
CONTROLS = [chr(code) for code in (*range(32), 127)]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name": ""},
        {"value": ""},
        {"name": "a b,\"'[]\u00e9\udcff"},
        {"value": ' = , " \\ \t \u00e9\udcff '},
        {"domain": ""},
        {"domain": "xn--bcher-kva.example"},
        {"domain": "localhost"},
        {"domain": "::1"},
        {"path": "/a b?c=\u00e9\udcff"},
        {"expires": None},
        {"expires": -1.5},
        {"expires": inf},
        {"created": 10**9},
    ],
)
def test_cookie_that_can_be_sent_and_found_is_fine(change: dict[str, Any]) -> None:
    check_cookie(attrs.evolve(PLAIN, **change))


@pytest.mark.parametrize("control", CONTROLS)
def test_control_character_is_refused_but_for_a_tab_in_the_value(control: str) -> None:
    in_name, in_path = (
        attrs.evolve(PLAIN, name=f"a{control}"),
        attrs.evolve(PLAIN, path=f"/{control}"),
    )
    for cookie in (in_name,) if control == "\t" else (in_name, in_path):
        with pytest.raises(ValueError, match=re.escape(repr(control)[1:-1])):
            check_cookie(cookie)
    with_value = attrs.evolve(PLAIN, value=f"a{control}b")
    if control == "\t":
        check_cookie(with_value)
        return
    with pytest.raises(ValueError, match=r"the value of the cookie 'sid' holds .* at 1"):
        check_cookie(with_value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a=b", "cannot hold '=' there: 'a=b'"),
        ("=", "cannot hold '=' there"),
        ("a;b", "cannot hold ';' there"),
        (" a", "cannot hold ' ' there"),
        ("a ", "cannot hold ' ' there"),
        ("", "cannot hold nothing there"),
        ("a" * 1000 + ";", "'a{80}'$"),
    ],
)
def test_name_that_would_be_more_or_less_than_one_is_refused(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_pair(name, "1")


def test_cookie_needs_a_name_or_a_value() -> None:
    with pytest.raises(ValueError, match="cannot hold nothing there"):
        check_cookie(attrs.evolve(PLAIN, name="", value=""))


def test_value_that_would_be_more_than_one_is_refused_and_not_told() -> None:
    with pytest.raises(ValueError, match="the value of the cookie 'sid' holds ';' at 6") as raised:
        check_pair("sid", "SECRET; a=b")
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize(
    "domain",
    ["Example.org", ".example.org", "example.org.", "b\u00fccher.example", "a..b", "[::1]", "a b"],
)
def test_domain_that_would_not_be_found_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="not a domain in canonical form") as raised:
        check_cookie(attrs.evolve(PLAIN, domain=domain))
    assert repr(domain) in str(raised.value)


@pytest.mark.parametrize("path", ["", "a", "a/b", "\\", "/a;b"])
def test_path_that_would_match_nothing_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="has to begin with a slash") as raised:
        check_cookie(attrs.evolve(PLAIN, path=path))
    assert repr(path) in str(raised.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"expires": nan}, "not a time: nan"),
        ({"created": nan}, "not a time of creation: nan"),
        ({"created": inf}, "not a time of creation: inf"),
        ({"created": -inf}, "not a time of creation: -inf"),
        ({"created": 10**400}, "not a time of creation: 1000"),
        ({"same_site": "lax"}, "same_site is Strict, Lax, None or empty, not 'lax'"),
    ],
)
def test_what_no_cookie_can_be_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        check_cookie(attrs.evolve(PLAIN, **change))
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", b"sid"),
        ("value", None),
        ("domain", 1),
        ("path", None),
        ("host_only", 1),
        ("secure", 1),
        ("http_only", None),
        ("same_site", None),
        ("partitioned", 0),
        ("expires", "1"),
        ("expires", True),
        ("created", None),
        ("max_age", 5),
    ],
)
def test_a_field_of_another_type_is_refused(field: str, value: Any) -> None:
    expected = re.escape(f"a cookie's {field} has to be ")
    with pytest.raises(TypeError, match=f"{expected}.*, not {type(value).__name__}"):
        check_cookie(attrs.evolve(PLAIN, **{field: value}))


@pytest.mark.parametrize(
    "cookie",
    [
        attrs.evolve(PLAIN, name="a" * 10**6 + ";"),
        attrs.evolve(PLAIN, domain="A" * 10**6),
        attrs.evolve(PLAIN, path="a" * 10**6),
    ],
    ids=["name", "domain", "path"],
)
def test_message_is_short_whatever_was_given(cookie: Cookie) -> None:
    with pytest.raises(ValueError, match=r"cookie|domain") as raised:
        check_cookie(cookie)
    assert len(str(raised.value)) < 500


def test_a_tab_that_a_server_may_send_is_allowed_inside() -> None:
    check_cookie(attrs.evolve(PLAIN, name="a\tb", path="/a\tb"))


@pytest.mark.parametrize(
    "cookie",
    [
        attrs.evolve(PLAIN, name="a\ud800"),
        attrs.evolve(PLAIN, value="\ud800"),
        attrs.evolve(PLAIN, path="/\udc7f"),
    ],
)
def test_a_surrogate_that_stands_for_no_octet_is_refused(cookie: Cookie) -> None:
    with pytest.raises(ValueError, match=r"surrogate|path"):
        check_cookie(cookie)
