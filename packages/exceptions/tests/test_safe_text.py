import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from martlet_exceptions._safe_text import clipped, printable, public_url, shown_bytes

CANARY = "c4n4ry"
# Not among them: what ends an authority, for such a text may be a path with an "@".
IN_USERINFO = st.text(st.characters(exclude_characters="/\\?#"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://example.org/a@b?c@d#e@f", "http://example.org/a@b?c@d#e@f"),
        ("http://u:p@example.org/a@b", "http://example.org/a@b"),
        ("http://u:p@", "http://"),
        ("http://u@v:p@example.org", "http://example.org"),
        ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
        ("http://u:p@[::1]:80/", "http://[::1]:80/"),
        ("http://u:p/q@example.org/", "http://example.org/"),
        ("http://u:p#q@example.org/", "http://example.org/"),
        ("http:/u:p@example.org/", "http:/example.org/"),
        (r"http:\\u:p@example.org/", r"http:\\example.org/"),
        ("//u:p@example.org/", "//example.org/"),
        (" http://u:p@example.org/", " http://example.org/"),
        ("ht\ntp://u:p@example.org/", "example.org/"),
        ("u:p@example.org/", "example.org/"),
        ("u:p/q@example.org/", "example.org/"),
        ("/a@b", "/a@b"),
        ("?a@b", "?a@b"),
        ("#a@b", "#a@b"),
        ("", ""),
        ("http://exa\r\nmple.org/\u202e", r"http://exa\r\nmple.org/\u202e"),
    ],
)
def test_public_url(url: str, shown: str) -> None:
    assert public_url(url) == shown


@given(before=IN_USERINFO, after=IN_USERINFO, scheme=st.sampled_from(["http", "wss", "x+y"]))
def test_no_password_is_shown_however_malformed(before: str, after: str, scheme: str) -> None:
    assert CANARY not in public_url(f"{scheme}://{before}{CANARY}{after}@example.org/path")


@given(user=st.text(string.printable, min_size=1), password=st.text())
def test_no_userinfo_of_a_url_object_is_shown(user: str, password: str) -> None:
    url = URL.build(scheme="http", host="example.org", path="/p", user=user, password=password)
    assert public_url(url) == "http://example.org/p"


def test_long_urls_are_cut() -> None:
    assert len(public_url("http://example.org/" + "a" * 10_000)) == 2000


@pytest.mark.parametrize(
    ("text", "limit", "shown"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("", 3, "")]
)
def test_clipped(text: str, limit: int, shown: str) -> None:
    assert clipped(text, limit) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("héllo wörld", "héllo wörld"),
        ("a\r\n\x00\x7f", r"a\r\n\x00\x7f"),
        ("\ud800\u2028é", r"\ud800\u2028é"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "name",
    [
        b"Cookie",
        b"Set-Cookie",
        b"set-cookie2",
        b"AUTHORIZATION",
        b"Proxy-Authorization",
        b"Authorization \t",
    ],
)
def test_values_of_secret_fields_are_hidden(name: bytes) -> None:
    shown = shown_bytes(b"A: 1\r\n" + name + b": secret\r\nB: 2")
    assert "secret" not in shown
    assert shown.endswith(r": ***\r\nB: 2'")
    assert shown.startswith(r"b'A: 1\r\n")


def test_folded_values_are_hidden_too() -> None:
    assert shown_bytes(b"Cookie: a\r\n\tsecret\n more\r\nB: 2") == r"b'Cookie: ***\r\nB: 2'"


@given(st.binary())
def test_bytes_are_shown_in_printable_ascii(data: bytes) -> None:
    shown = shown_bytes(data)
    assert shown.isascii()
    assert shown.isprintable()
