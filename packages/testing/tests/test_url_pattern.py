import re

import pytest
from yarl import URL

from martlet_testing import URLSpec
from martlet_testing._url_pattern import url_pattern


def by_function(url: URL) -> bool:
    return url.host == "a.example"


@pytest.mark.parametrize(
    ("spec", "url"),
    [
        ("http://a.example/b", "http://a.example/b"),
        ("http://a.example", "http://a.example/"),
        ("http://A.example:80/b", "http://a.example/b"),
        ("http://a.example/b", "http://a.example/b?any=query#and-fragment"),
        ("ws://a.example/b", "http://a.example/b"),
        ("https://a.example/b", "wss://a.example/b"),
        ("http://a.example/ü b", "http://a.example/%C3%BC%20b"),
        ("http://a.example/%C3%BC", "http://a.example/ü"),
        ("http://a.example/a.b", "http://a.example/a.b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("/b", "https://whatever.example:8443/b"),
        (URL("http://a.example/b"), "http://a.example/b"),
        (URL("http://a.example/%7Bid%7D"), "http://a.example/%7Bid%7D"),
        (re.compile(r"^http://a\.example/\d+$"), "http://a.example/12"),
        (re.compile("example"), "http://a.example/12"),
        (by_function, "http://a.example/12"),
    ],
)
def test_it_matches(spec: URLSpec, url: str) -> None:
    assert url_pattern(spec).differences(URL(url)) == []


@pytest.mark.parametrize(
    ("spec", "url", "difference"),
    [
        ("http://a.example/b", "https://a.example/b", "the scheme is https, not http"),
        ("http://a.example/b", "http://b.example/b", "the host is b.example"),
        ("http://a.example/b", "http://a.example:81/b", "the port is 81, not 80"),
        ("http://a.example/b", "http://a.example/b/", "the path is /b/"),
        ("http://a.example/a.b", "http://a.example/aXb", "the path is /aXb"),
        ("http://a.example/{x}", "http://a.example/", "the path is /"),
        ("http://a.example/{x}", "http://a.example/a/b", "the path is /a/b"),
        ("/b", "http://a.example/c", "the path is /c"),
        (re.compile("^a"), "http://a.example/12", "the pattern is not found in the URL"),
        (by_function, "http://b.example/", "the function refuses the URL"),
    ],
)
def test_it_says_what_differs(spec: URLSpec, url: str, difference: str) -> None:
    assert url_pattern(spec).differences(URL(url)) == [difference]


@pytest.mark.parametrize(
    ("spec", "url", "params"),
    [
        ("http://a/{x}/b/{y_2}", "http://a/1/b/%C3%BC%2F", {"x": "1", "y_2": "ü/"}),
        ("http://a/v{major}.{minor}", "http://a/v1.25", {"major": "1", "minor": "25"}),
        ("/files/{rest:path}", "http://a/files/b/c.txt", {"rest": "b/c.txt"}),
        ("https://{tenant}.example/", "https://me.example/", {"tenant": "me"}),
        (
            "/" + "/".join(f"{{x{number}}}" for number in range(12)),
            "http://a/" + "/".join(map(str, range(12))),
            {f"x{number}": str(number) for number in range(12)},
        ),
        (re.compile(r"/(?P<x>\d+)(?P<y>!)?$"), "http://a/12", {"x": "12"}),
        (by_function, "http://a.example/", {}),
    ],
)
def test_placeholders_have_values(spec: URLSpec, url: str, params: dict[str, str]) -> None:
    assert url_pattern(spec).differences(URL(url)) == []
    assert dict(url_pattern(spec).path_params(URL(url))) == params


@pytest.mark.parametrize("spec", ["http://a/{x}", re.compile("^x")])
def test_what_does_not_match_has_no_values(spec: URLSpec) -> None:
    assert url_pattern(spec).path_params(URL("http://b/")) == {}


def test_a_query_is_told_apart() -> None:
    assert dict(url_pattern("/b?c=1&d=").query) == {"c": "1", "d": ""}
    assert not url_pattern(re.compile("b")).query
    assert not url_pattern(by_function).query


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("b/c", "neither an absolute URL nor a path"),
        ("", "neither an absolute URL nor a path"),
        ("ftp://a/b", "neither an absolute URL nor a path"),
        ("//a/b", "neither an absolute URL nor a path"),
        ("/b?c={d}", "use params="),
        ("/{b}/{b}", "two placeholders of the same name"),
    ],
)
def test_what_describes_no_url_is_refused(spec: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        url_pattern(spec)


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match=r"re\.Pattern or function, not a int"):
        url_pattern(1)  # type: ignore[arg-type]  # a mistake


def test_it_says_what_it_is() -> None:
    assert str(url_pattern("/a/{b}")) == "/a/{b}"
    assert str(url_pattern(re.compile(r"\d"))) == r"re.compile('\\d')"
    assert str(url_pattern(by_function)) == "by_function"
