from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from yarl import URL

from martlet_client_session import Query
from martlet_client_session._url import build_url, check_host, parsed_url, with_params
from martlet_exceptions import InvalidURL, InvalidUrlClientError, NonHttpUrlClientError

HTTP = frozenset({"http", "https"})


@pytest.mark.parametrize("url", ["http://h/a?b=c#d", "HTTPS://H:8443", "http://ä.example/ü"])
def test_string_and_url_mean_the_same(url: str) -> None:
    assert build_url(url, HTTP) == build_url(URL(url), HTTP) == URL(url)


def test_url_without_userinfo_is_taken_as_it_is() -> None:
    url = URL("http://h/a%20b", encoded=True)
    assert build_url(url, HTTP) is url


@pytest.mark.parametrize(
    "url",
    [
        "http://u@h/x",
        "http://u:p@h/x",
        "http://:p@h/x",
        "http://u:@h/x",
        "http://@h/x",
        "http://a%40b:c%3ad@h/x",
        URL("http://a@b@h/x", encoded=True),
        URL("http://u:p@h/x"),
    ],
)
def test_userinfo_is_kept_for_the_credentials(url: str | URL) -> None:
    built = build_url(url, HTTP)
    assert str(built.with_user(None)) == "http://h/x"
    assert (built.user, built.password) == (URL(url).user, URL(url).password)


@pytest.mark.parametrize("url", ["http://h\\@other/", "http://h\\other/", "//h\\:80@other"])
def test_a_backslash_in_the_authority_is_refused(url: str) -> None:
    with pytest.raises(InvalidURL, match="backslash"):
        parsed_url(url)


@pytest.mark.parametrize(
    "url", ["http://h/a\\b", "http://h?a\\b", "a\\b", "a//b\\c", "http://h/#//x\\y"]
)
def test_a_backslash_elsewhere_is_no_matter(url: str) -> None:
    assert parsed_url(url) == URL(url)


@pytest.mark.parametrize("url", ["/path", "?q", "#f"])
def test_relative_url_without_a_base_is_refused_with_advice(url: str) -> None:
    with pytest.raises(InvalidUrlClientError) as caught:
        build_url(url, HTTP)
    assert caught.value.description == "it is relative, and the session has no base_url"


@pytest.mark.parametrize("url", ["", "h/x", "//h/x", "www.example.org"])
def test_url_without_a_scheme_is_refused_with_advice(url: str) -> None:
    with pytest.raises(InvalidUrlClientError) as caught:
        build_url(url, HTTP)
    assert caught.value.description == "it has no scheme; write http:// or https:// before it"
    assert caught.value.url == URL(url)


@pytest.mark.parametrize("url", ["ftp://h/", "ws://h/"])
def test_url_of_another_scheme_is_refused_and_told_which_there_are(url: str) -> None:
    with pytest.raises(NonHttpUrlClientError) as caught:
        build_url(url, HTTP)
    assert caught.value.description == "its scheme is none of http, https"


@pytest.mark.parametrize("url", ["localhost:8080/x", "127.0.0.1:8080", "mailto:a@h", "file:///x"])
def test_what_may_be_a_host_without_a_scheme_is_told_so(url: str) -> None:
    with pytest.raises(NonHttpUrlClientError) as caught:
        build_url(url, HTTP)
    assert caught.value.description == (
        "its scheme is none of http, https; if it begins with a host, write http:// or https://"
        " before it"
    )


def test_schemes_are_the_connectors() -> None:
    assert build_url("unix://h/", frozenset({"unix"})) == URL("unix://h/")


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://h:x/", "http://h:70000/", "http://\u2100.example/"],
)
def test_string_that_is_no_url_is_refused_with_the_reason(url: str) -> None:
    with pytest.raises(InvalidURL) as caught:
        build_url(url, HTTP)
    assert caught.value.url == url
    assert caught.value.description == str(caught.value.__cause__)
    assert isinstance(caught.value.__cause__, ValueError)


def test_backslash_in_a_host_is_refused_here_or_by_the_check_of_the_host() -> None:
    # Which of the two finds it is yarl's choice, by its version.
    with pytest.raises(InvalidURL):
        check_host(build_url("http://a\\b/", HTTP))


@pytest.mark.parametrize("char", ["\r", "\n", "\r\n", "\t", "\0", "\x01", "\x7f", "\ud800"])
@pytest.mark.parametrize("place", ["http://h{}/", "http://h/{}", "{}http://h/", "http://h/?{}#"])
def test_what_a_parser_would_drop_in_silence_is_refused(char: str, place: str) -> None:
    with pytest.raises(InvalidURL, match="control characters, or half of a character"):
        build_url(place.format(char), HTTP)


def test_letters_that_are_not_printed_are_encoded() -> None:
    assert str(build_url("http://h/a\u00a0b", HTTP)) == "http://h/a%C2%A0b"


@pytest.mark.parametrize("url", [None, 5, b"http://h/", ["http://h/"]])
def test_url_of_another_type_is_a_type_error(url: object) -> None:
    with pytest.raises(TypeError, match=rf"must be a str or a yarl\.URL, not {type(url).__name__}"):
        build_url(url, HTTP)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize(
    "url",
    [
        "http://h/",
        "http://h./",
        "http://a_b.example-1.org:1/",
        "http://ä.example/",
        "http://1.2.3.4/",
        "http://[::1]:80/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
    ],
)
def test_host_that_can_be_read_in_one_way_only_is_good(url: str) -> None:
    check_host(URL(url))


@pytest.mark.parametrize("url", ["http:///x", "http:x"])
def test_url_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(InvalidUrlClientError, match="it has no host"):
        check_host(build_url(url, HTTP))


@pytest.mark.parametrize("url", ["http://:80/", "http://u@/x"])
def test_authority_without_a_host_is_refused(url: str) -> None:
    with pytest.raises(InvalidURL, match="host is required"):
        build_url(url, HTTP)


@pytest.mark.parametrize("char", ["%00", "%2f", "%2F", "%5c", "%40", "%20", "%61", "%", "%zz"])
@pytest.mark.parametrize("place", ["http://a{}b/", "http://{}/", "http://[fe80::1%25{}]/"])
def test_escapes_in_a_host_are_refused(char: str, place: str) -> None:
    url = URL(place.format(char), encoded=True)
    if place.startswith("http://[") and char in ("%20", "%61", "%zz"):
        check_host(url)  # a zone, whatever its name
        return
    with pytest.raises(InvalidUrlClientError, match="its host has characters that no host has"):
        check_host(url)


@pytest.mark.parametrize("char", [*' "<>^`{|}', "\\", "\r\n", "\0", "\x7f", "ä", "\u3002"])
def test_character_that_no_host_has_is_refused(char: str) -> None:
    url = URL.build(scheme="http", host=f"a{char}b", encoded=True)
    with pytest.raises(InvalidUrlClientError, match="its host has characters that no host has"):
        check_host(url)


@pytest.mark.parametrize("host", [".", "..", ".h", "h..", "a..b"])
def test_host_with_an_empty_label_is_refused(host: str) -> None:
    with pytest.raises(InvalidUrlClientError):
        check_host(URL(f"http://{host}/"))


@given(st.text(max_size=30))
def test_any_text_is_a_good_url_or_refused(text: str) -> None:
    for value in (text, f"http://{text}", f"http://h/{text}"):
        try:
            url = build_url(value, HTTP)
            check_host(url)
        except InvalidURL:
            continue
        assert url.raw_host is not None
        assert url.raw_host.isascii()
        assert str(url).isascii()
        assert str(url).isprintable()


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"a": "1", "b": "x y"}, "http://h/?a=1&b=x+y"),
        ({"a": 1, "b": 0.5}, "http://h/?a=1&b=0.5"),
        ({"a": ["1", 2]}, "http://h/?a=1&a=2"),
        ([("a", "1"), ("a", "2")], "http://h/?a=1&a=2"),
        ((("a", "&=#"),), "http://h/?a=%26%3D%23"),
        (MultiDict([("a", "1"), ("b", "2"), ("a", "3")]), "http://h/?a=1&b=2&a=3"),
        ({}, "http://h/"),
        ([], "http://h/"),
        ("a=%20", "http://h/?a=%20"),
        ("?a=%20", "http://h/?a=%20"),
        ("a=+&b=%2B&c", "http://h/?a=+&b=%2B&c"),
        ("", "http://h/"),
        ("?", "http://h/"),
    ],
)
def test_params_become_the_query(params: Query, expected: str) -> None:
    assert str(with_params(URL("http://h/"), params)) == expected


@pytest.mark.parametrize("params", [{"b": "2"}, [("b", "2")], "b=2", "?b=2"])
def test_params_are_added_to_the_query_of_the_url(params: Query) -> None:
    assert str(with_params(URL("http://h/p?a=1"), params)) == "http://h/p?a=1&b=2"


def test_string_keeps_the_query_of_the_url_as_it_was_given() -> None:
    url = URL("http://h/p?a=%20", encoded=True)
    assert str(with_params(url, "b=%7E")) == "http://h/p?a=%20&b=%7E"
    assert with_params(url, "").raw_query_string == "a=%20"


def test_fragment_does_not_swallow_the_params() -> None:
    assert with_params(URL("http://h/p#f"), "a=1").raw_query_string == "a=1"
    assert with_params(URL("http://h/p#f"), {"a": 1}).raw_query_string == "a=1"


@pytest.mark.parametrize("value", [True, False, None])
@pytest.mark.parametrize("form", [lambda v: {"a": v}, lambda v: [("a", v)], lambda v: {"a": [v]}])
def test_true_and_none_are_a_type_error_that_says_what_to_pass(
    value: object, form: Callable[[object], Query]
) -> None:
    with pytest.raises(TypeError) as caught:
        with_params(URL("http://h/"), form(value))
    assert "pass 'true' or 1 for True, and leave out what is None" in str(caught.value)
    assert isinstance(caught.value.__cause__, TypeError)


@pytest.mark.parametrize("params", [5, b"a=1", object()])
def test_params_of_another_type_are_a_type_error(params: object) -> None:
    with pytest.raises(TypeError, match="Invalid query type"):
        with_params(URL("http://h/"), params)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize("params", ["a=1#b", "a=\r\n1", "a=\n1", "a=\t1", "a=\0", "a=\ud800"])
def test_string_that_would_not_all_be_sent_is_a_value_error(params: str) -> None:
    with pytest.raises(ValueError, match="have to be percent-encoded"):
        with_params(URL("http://h/"), params)


@pytest.mark.parametrize(
    "params",
    [
        {"a\ud800": "1"},
        {"a": "\udcff"},
        {"a": ["1", "\ud800"]},
        [("a", "\ud800")],
        MultiDict([("a", "1"), ("a", "\ud800")]),
        {f"a{n}": "1" for n in range(20)} | {"a": "\ud800"},
    ],
)
def test_half_of_a_character_is_a_value_error(params: Query) -> None:
    with pytest.raises(ValueError, match="half of a character"):
        with_params(URL("http://h/"), params)
