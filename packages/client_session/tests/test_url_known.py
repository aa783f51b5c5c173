"""URLs that a session remembers, and those that are relative to its base."""

import pytest
from yarl import URL

from martlet_client_session._url import KnownURLs, build_url, parsed_url
from martlet_exceptions import InvalidURL, InvalidUrlClientError, NonHttpUrlClientError

HTTP = frozenset({"http", "https"})
BASE = URL("http://h/a/")


def test_a_text_is_parsed_once() -> None:
    known = KnownURLs(HTTP, None)
    assert known.get("http://h/x") is known.get("http://h/x")


@pytest.mark.parametrize("text", ["http://u:p@h/", "http://h/?a=@", "http://h/" + "x" * 200])
def test_what_may_be_secret_or_is_long_is_not_kept(text: str) -> None:
    known = KnownURLs(HTTP, None)
    assert known.get(text) == known.get(text) == URL(text)
    assert not known._urls


def test_so_many_are_kept_and_no_more() -> None:
    known = KnownURLs(HTTP, BASE)
    for number in range(1000):
        assert str(known.get(f"{number}")) == f"http://h/a/{number}"
        assert 0 < len(known._urls) <= 64


@pytest.mark.parametrize("value", [URL("http://h/x"), type("Text", (str,), {})("http://h/x")])
def test_what_is_no_plain_text_is_not_kept(value: str | URL) -> None:
    known = KnownURLs(HTTP, None)
    assert str(known.get(value)) == "http://h/x"
    assert not known._urls


def test_what_is_refused_is_refused_again() -> None:
    known = KnownURLs(HTTP, None)
    for _ in range(2):
        with pytest.raises(NonHttpUrlClientError):
            known.get("ftp://h/")


@pytest.mark.parametrize("text", ["//", "///x", "//@/", "//:80/"])
def test_what_begins_like_a_host_and_has_none_is_not_taken_for_a_path(text: str) -> None:
    with pytest.raises(InvalidURL, match="host"):
        build_url(text, HTTP, BASE)


@pytest.mark.parametrize("text", ["http://[]@", "0://[]@", "//[]@", "http://[", "http://h:x/"])
def test_what_a_parser_cannot_take_apart_is_an_invalid_url(text: str) -> None:
    with pytest.raises(InvalidURL):
        parsed_url(text)


def test_without_a_base_a_path_is_refused() -> None:
    with pytest.raises(InvalidUrlClientError, match="no base_url"):
        build_url("/x", HTTP)
    assert parsed_url("/x") == URL("/x")
