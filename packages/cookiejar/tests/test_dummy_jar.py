from http.cookies import SimpleCookie

import pytest
from yarl import URL

from martlet_cookiejar import AbstractCookieJar, DummyCookieJar

HOST = URL("https://example.com/")


@pytest.fixture
def jar() -> DummyCookieJar:
    return DummyCookieJar()


def test_it_stores_nothing(jar: DummyCookieJar) -> None:
    jar.update_cookies({"a": "b"})
    jar.update_cookies({"a": "b"}, HOST)
    jar.update_cookies_from_headers(["a=b"], HOST)
    assert len(jar) == 0
    assert list(jar) == []
    assert jar.cookie_header(HOST) == ""
    assert jar.filter_cookies() == SimpleCookie()
    assert jar.filter_cookies(HOST) == SimpleCookie()
    assert jar.cookies == {}
    assert jar.host_only_cookies == frozenset()


def test_it_does_not_even_look(jar: DummyCookieJar) -> None:
    jar.update_cookies(1)  # type: ignore[arg-type]  # what is tested
    jar.update_cookies_from_headers(["\0"], HOST)


def test_clearing_it_calls_nothing(jar: DummyCookieJar) -> None:
    jar.clear()
    jar.clear(lambda morsel: len(morsel) == 1 // 0)
    jar.clear_domain("example.com")
    assert len(jar) == 0


def test_each_answer_is_its_own(jar: DummyCookieJar) -> None:
    jar.filter_cookies(HOST)["a"] = "b"
    assert jar.filter_cookies(HOST) == SimpleCookie()


def test_it_is_a_jar_with_a_jars_properties(jar: DummyCookieJar) -> None:
    assert isinstance(jar, AbstractCookieJar)
    assert jar.unsafe is False
    assert jar.quote_cookie is True
    assert jar.treat_as_secure_origin == frozenset()


def test_a_loop_may_be_given() -> None:
    assert len(DummyCookieJar(loop=object())) == 0
