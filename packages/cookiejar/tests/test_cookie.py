import attrs
import pytest

from martlet_cookiejar._cookie import Cookie


@pytest.mark.parametrize(
    ("name", "value", "pair"),
    [
        ("a", "b", "a=b"),
        ("a", "", "a="),
        ("", "b", "b"),
        ("", "b=c", "b=c"),
        ("a", "b=c", "a=b=c"),
        ("a", '"b c"', 'a="b c"'),
        ("\xfc", "\udcff", "\xfc=\udcff"),
    ],
)
def test_what_is_sent_of_a_cookie(name: str, value: str, pair: str) -> None:
    assert Cookie(name, value).pair == pair


def test_by_default_a_cookie_is_shared_and_lasts_as_long_as_the_jar() -> None:
    assert attrs.asdict(Cookie("a", "b")) == {
        "name": "a",
        "value": "b",
        "domain": "",
        "path": "/",
        "host_only": False,
        "secure": False,
        "http_only": False,
        "same_site": "",
        "partitioned": False,
        "expires": None,
        "created": 0.0,
        "max_age": "",
    }


def test_cookies_are_values() -> None:
    cookie = Cookie("a", "b", "example.com")
    assert cookie == Cookie("a", "b", "example.com")
    assert cookie != Cookie("a", "c", "example.com")
    assert len({cookie, Cookie("a", "b", "example.com")}) == 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        cookie.value = "c"  # type: ignore[misc]  # this is what is tested
