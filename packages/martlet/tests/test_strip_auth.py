from yarl import URL

from martlet import BasicAuth
from martlet._strip_auth import strip_auth_from_url


def test_userinfo_is_taken_out() -> None:
    stripped = strip_auth_from_url(URL("http://me:s%40cret@example.org:8080/a?b#c"))
    assert stripped == (URL("http://example.org:8080/a?b#c"), BasicAuth("me", "s@cret"))


def test_login_alone() -> None:
    stripped = strip_auth_from_url(URL("http://me@example.org/"))
    assert stripped == (URL("http://example.org/"), BasicAuth("me", ""))


def test_url_without_userinfo_stays_as_it_is() -> None:
    url = URL("http://example.org/%41", encoded=True)
    stripped, auth = strip_auth_from_url(url)
    assert stripped is url
    assert auth is None
