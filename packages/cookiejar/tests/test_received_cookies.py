from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar import received_cookies


def test_cookies_have_their_attributes() -> None:
    cookies = received_cookies(
        ['a="b c"; Path=/x; Secure; HttpOnly', "b=1; Max-Age=5; Domain=.Example.org", "c=2"]
    )
    assert list(cookies) == ["a", "b", "c"]
    assert cookies["a"].value == "b c"
    assert cookies["a"].coded_value == '"b c"'
    assert (cookies["a"]["path"], cookies["a"]["secure"], cookies["a"]["httponly"]) == (
        "/x",
        True,
        True,
    )
    assert (cookies["b"]["max-age"], cookies["b"]["domain"]) == ("5", "example.org")


def test_the_last_of_a_name_counts_and_what_is_none_is_left_out() -> None:
    cookies = received_cookies(["a=1", "\x00", "", "a=2", "a[b]=3"])
    assert {name: morsel.value for name, morsel in cookies.items()} == {"a": "2", "a[b]": "3"}


@given(st.lists(st.text()))
def test_no_field_raises(headers: list[str]) -> None:
    assert len(received_cookies(headers)) <= len(headers)
