import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from martlet_client_session._cookies import check_store, given_to, with_cookies, with_given
from martlet_cookiejar import CookieJar


def section(*pairs: tuple[str, str]) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict(pairs))


def test_cookies_become_a_field_of_a_new_section() -> None:
    before = section(("Host", "h"), ("X", "y"))
    after = with_cookies(before, "a=1; b=2")
    assert list(after.items()) == [("Host", "h"), ("X", "y"), ("Cookie", "a=1; b=2")]
    assert "Cookie" not in before


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (["x=0"], "x=0; a=1; b=2"),
        (["a=0"], "a=0; b=2"),
        (["a=0;b=0"], "a=0;b=0"),
        (["a=0", "x=0"], "a=0; x=0; b=2"),
        ([" b = 0"], " b = 0; a=1"),
    ],
)
def test_there_is_one_field_in_which_the_users_cookies_win(own: list[str], expected: str) -> None:
    before = section(("Host", "h"), *(("cookie", value) for value in own))
    assert with_cookies(before, "a=1; b=2").getall("Cookie") == [expected]


@pytest.mark.parametrize("store", [{}, "jar", type("Half", (), {"cookie_header": "no method"})()])
def test_what_lacks_a_method_is_no_store(store: object) -> None:
    with pytest.raises(TypeError, match=r"CookieStore.*has no method cookie_header\(\)"):
        check_store(store)


@pytest.mark.parametrize(
    ("fields", "own", "expected"),
    [
        ([], "a=1", "a=1"),
        (["b=2"], "a=1", "a=1; b=2"),
        (["a=0"], "a=1", "a=1"),
        (["a=0;b=2 ; c=3", "d=4; a=5"], "a=1", "a=1; b=2; c=3; d=4"),
        (["", ";"], "a=1", "a=1"),
        (["A=0"], "a=1", "a=1; A=0"),
    ],
)
def test_cookies_of_a_request_win_over_its_fields(
    fields: list[str], own: str, expected: str
) -> None:
    assert with_given(fields, own) == expected


def test_cookies_are_put_into_what_takes_them() -> None:
    jar = CookieJar()
    given_to(jar, {"a": "1"})
    assert [cookie.key for cookie in jar] == ["a"]
    with pytest.raises(TypeError, match=r"update_cookies\(\).*; object has none"):
        given_to(object(), {"a": "1"})
