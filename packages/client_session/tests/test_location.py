"""Where a Location field leads."""

import pytest
from multidict import CIMultiDict
from yarl import URL

from martlet_client_session._location import redirect_url
from martlet_exceptions import (
    InvalidURL,
    InvalidUrlRedirectClientError,
    NonHttpUrlRedirectClientError,
    RedirectClientError,
)

BASE = URL("http://h/a/b?q#f")


def target(*locations: str, base: URL = BASE, requote: bool = True) -> URL | None:
    fields = CIMultiDict([("Location", location) for location in locations])
    return redirect_url(fields, base, requote=requote)


@pytest.mark.parametrize("requote", [True, False])
@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/x", "http://h/x#f"),
        ("x", "http://h/a/x#f"),
        ("./x/", "http://h/a/x/#f"),
        ("..", "http://h/#f"),
        ("../../../x", "http://h/x#f"),
        (";x", "http://h/a/;x#f"),
        ("@", "http://h/a/@#f"),
        ("?y", "http://h/a/b?y#f"),
        ("//o/x", "http://o/x#f"),
        ("//o:8080", "http://o:8080/#f"),
        ("http://o", "http://o/#f"),
        ("http://o?y", "http://o/?y#f"),
        ("https://h/", "https://h/#f"),
        ("HTTP://H/", "http://h/#f"),
        ("http://H./", "http://h./#f"),
        ("http://h:80/", "http://h/#f"),
        ("http://h:0/", "http://h:0/#f"),
        ("http://h:65535/", "http://h:65535/#f"),
        ("https://u:p@h/", "https://u:p@h/#f"),
        ("http://[::1]/", "http://[::1]/#f"),
        ("http://[::1]:8080/", "http://[::1]:8080/#f"),
        ("http://127.0.0.1/", "http://127.0.0.1/#f"),
        ("http://b\u00fccher.example/\u00fc", "http://xn--bcher-kva.example/%C3%BC#f"),
        ("http://A.\u00a1/", "http://a.xn--7a/#f"),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/#f"),
        ("/\u00fc", "http://h/%C3%BC#f"),
        ("/a b", "http://h/a%20b#f"),
        (" \t/x \t", "http://h/x#f"),
        ("/\udcff\udce4", "http://h/%FF%E4#f"),
        ("http://h/?u=http://o:8_0/", "http://h/?u=http://o:8_0/#f"),
    ],
)
def test_it_is_resolved_against_the_url_that_was_asked(
    location: str, url: str, requote: bool
) -> None:
    found = target(location, requote=requote)
    assert str(found) == url
    assert found is not None
    assert found.raw_host == URL(url).raw_host


@pytest.mark.parametrize("requote", [True, False])
@pytest.mark.parametrize(
    ("base", "location", "fragment"),
    [
        ("http://h/#f", "/x", "f"),
        ("http://h/#f", "/x#", ""),
        ("http://h/#f", "/x#g", "g"),
        ("http://h/#f", "#g", "g"),
        ("http://h/", "/x#g", "g"),
        ("http://h/", "/x", ""),
        ("http://h/#%20%C3%BC", "/x", "%20%C3%BC"),
    ],
)
def test_the_fragment_is_inherited_where_there_is_no_other(
    base: str, location: str, fragment: str, requote: bool
) -> None:
    found = target(location, base=URL(base, encoded=True), requote=requote)
    assert found is not None
    assert found.raw_fragment == fragment


@pytest.mark.parametrize(
    ("location", "requoted", "as_it_came"),
    [
        ("/%e4?a=%2b+b", "/%E4?a=%2B+b", "/%e4?a=%2b+b"),
        ("/%7Ex", "/~x", "/%7Ex"),
        ("/%zz", "/%25zz", "/%zz"),
        ("/a|b\\c", "/a%7Cb%5Cc", "/a|b\\c"),
        ("/?a=b%26c", "/?a=b%26c", "/?a=b%26c"),
    ],
)
def test_percent_encoding_is_brought_into_its_normal_form_if_wanted(
    location: str, requoted: str, as_it_came: str
) -> None:
    assert target(location, base=URL("http://h/")) == URL(f"http://h{requoted}", encoded=True)
    found = target(location, base=URL("http://h/"), requote=False)
    assert found is not None
    assert found.raw_path_qs == as_it_came


@pytest.mark.parametrize("fields", [[], [("Location", "")], [("Location", " \t")]])
def test_none_says_nothing(fields: list[tuple[str, str]]) -> None:
    assert redirect_url(CIMultiDict(fields), BASE, requote=True) is None


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ([("URI", "/u")], "/u"),
        ([("URI", "/u"), ("location", "/l")], "/l"),
        ([("Location", "/l"), ("LOCATION", "/l")], "/l"),
    ],
)
def test_it_stands_in_one_of_two_fields(fields: list[tuple[str, str]], path: str) -> None:
    found = redirect_url(CIMultiDict(fields), BASE, requote=True)
    assert found is not None
    assert found.path == path


def test_two_that_differ_are_refused() -> None:
    with pytest.raises(InvalidUrlRedirectClientError, match="more than one Location"):
        target("/x", "/y")


@pytest.mark.parametrize("requote", [True, False])
@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("//", "no host"),
        ("///x", "no host"),
        ("http:", "no host"),
        ("http:/x", "no host"),
        ("http:x", "no host"),
        ("https://", "no host"),
        ("http:///x", "no host"),
        ("http://@/", "host"),
        ("http://:80/", "host"),
        ("http://[::1", "IPv6"),
        ("http://[::1]x/", "IPv6"),
        ("http://[]@", "index|IPv6|host"),
        ("0://[]@", "index|IPv6|host"),
        ("http://h:65536/", "out of range"),
        ("http://h:-1/", "out of range"),
        ("http://h:x/", "converted"),
        ("http://h:80:80/", "converted"),
        ("http://h:1_0/", "port is no number"),
        ("//h:+8/", "port is no number"),
        ("//h:\uff18/", "port"),
        ("//h: 8/", "port"),
        ("http://a%2fb/", "host"),
        ("http://a%00/", "host"),
        ("http://a b/", "host|' '"),
        ("http://h\\@other/", "backslash"),
        ("//h\\@other/", "backslash"),
        ("http://.a/", "host"),
        ("http://a..b/", "host|Host"),
        ("http://\u2100/", "netloc"),
        ("http://\udcff/", "host"),
        ("/x\x00y", "control characters"),
        ("/x\r\nSet-Cookie: a=1", "control characters"),
        ("\x7f", "control characters"),
        ("http://h\t/", "control characters"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(location: str, reason: str, requote: bool) -> None:
    with pytest.raises(InvalidUrlRedirectClientError, match=reason) as caught:
        target(location, requote=requote)
    assert isinstance(caught.value, RedirectClientError)
    assert isinstance(caught.value, InvalidURL)
    assert caught.value.url == location


@pytest.mark.parametrize("requote", [True, False])
@pytest.mark.parametrize(
    "location",
    [
        "ftp://h/",
        "javascript:alert(1)",
        "mailto:x",
        "file:///etc/passwd",
        "localhost:80/",
        "ws://h/",
    ],
)
def test_another_scheme_is_refused(location: str, requote: bool) -> None:
    with pytest.raises(NonHttpUrlRedirectClientError, match="neither http nor https"):
        target(location, requote=requote)


@pytest.mark.parametrize(
    "location", ["//u:secret@h:99999/", "http://u:secret@[/", "ftp://u:secret@h"]
)
def test_no_password_is_in_the_text_of_an_error(location: str) -> None:
    with pytest.raises(RedirectClientError) as caught:
        target(location)
    assert "secret" not in str(caught.value) + repr(caught.value)


def test_a_long_one_takes_linear_time() -> None:
    with pytest.raises(InvalidUrlRedirectClientError):
        target("//" + "h:" * 100_000)
    with pytest.raises(InvalidUrlRedirectClientError):
        target("//h:" + "1" * 4000)
    assert target("/" + "x" * 100_000) is not None
