import pytest
from yarl import URL

from martlet_client_session._origin import origin, same_origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h", ("http", "h", 80)),
        ("https://h/p?q#f", ("https", "h", 443)),
        ("http://u:p@h:80/", ("http", "h", 80)),
        ("HTTP://H:8080/", ("http", "h", 8080)),
        ("http://h./", ("http", "h.", 80)),
        ("http://[::1]/", ("http", "::1", 80)),
        ("http://b\u00fccher/", ("http", "xn--bcher-kva", 80)),
        ("http://A.\u00a1/", ("http", "a.xn--7a", 80)),
        ("ws://h/", ("ws", "h", 80)),
        ("unknown://h/", ("unknown", "h", None)),
        ("/p", ("", None, None)),
    ],
)
def test_it_is_the_scheme_the_host_and_the_port(
    url: str, expected: tuple[str, str | None, int | None]
) -> None:
    assert origin(URL(url)) == expected


def test_a_url_that_is_encoded_already_has_the_same_one() -> None:
    assert origin(URL("http://H/", encoded=True)) == origin(URL("http://h/"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://h/a", "http://h/b", True),
        ("http://h", "http://h:80/", True),
        ("http://u:p@h/", "http://H/", True),
        ("http://h/", "https://h/", False),
        ("http://h/", "http://h:81/", False),
        ("http://h/", "http://h./", False),
    ],
)
def test_two_urls_have_the_same_one(one: str, other: str, same: bool) -> None:
    assert same_origin(URL(one), URL(other)) is same_origin(URL(other), URL(one)) is same
    assert same is (origin(URL(one)) == origin(URL(other)))
