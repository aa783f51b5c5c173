"""The numbers in the tests' names are the steps of RFC 6265bis section 5.1.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_cookiejar._path import default_path, path_match

PATHS = st.text("/aA%b", max_size=12).map(lambda rest: f"/{rest}")


@pytest.mark.parametrize("path", ["", "a", "a/b", "a/b/", " /a/b", "*", "\\a\\b", "%2Fa%2Fb"])
def test_2_the_default_of_a_path_that_does_not_begin_with_a_slash_is_a_slash(path: str) -> None:
    assert default_path(path) == "/"


@pytest.mark.parametrize("path", ["/", "/a", "/a%2Fb", "/index.html", "/\xe4", "/a;b=c", "/ "])
def test_3_the_default_of_a_path_with_one_slash_is_a_slash(path: str) -> None:
    assert default_path(path) == "/"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/", "/a"),
        ("/a/b", "/a"),
        ("/a/b/", "/a/b"),
        ("/a/b/c.html", "/a/b"),
        ("/a//", "/a/"),
        ("/a//b", "/a/"),
        ("//a/b", "//a"),
        ("///", "//"),
        ("/a/%2F", "/a"),
        ("/A/b", "/A"),
        ("/a/../b", "/a/.."),
        ("/\xe4/\udcff", "/\xe4"),
        # Nothing is left of these, and a path has to begin with a slash.
        ("//", "/"),
        ("//a", "/"),
    ],
)
def test_4_the_default_is_the_path_up_to_its_last_slash(path: str, expected: str) -> None:
    assert default_path(path) == expected


@pytest.mark.parametrize("path", ["/", "/a", "/a/", "/a/b", "//", "/a%2Fb", "/\xe4"])
def test_a_path_matches_itself(path: str) -> None:
    assert path_match(path, path)


@pytest.mark.parametrize(
    ("path", "cookie_path"),
    [
        ("/a", "/"),
        ("/a/b", "/"),
        ("/a/b", "/a/"),
        ("/a/b/c", "/a/b/"),
        ("//", "/"),
        ("/a//b", "/a/"),
    ],
)
def test_a_path_matches_a_prefix_that_ends_in_a_slash(path: str, cookie_path: str) -> None:
    assert path_match(path, cookie_path)


@pytest.mark.parametrize(
    ("path", "cookie_path"),
    [("/a/", "/a"), ("/a/b", "/a"), ("/a/b/c", "/a/b"), ("/a//", "/a"), ("/a/%2F", "/a")],
)
def test_a_path_matches_a_prefix_that_a_slash_follows(path: str, cookie_path: str) -> None:
    assert path_match(path, cookie_path)


@pytest.mark.parametrize(
    ("path", "cookie_path"),
    [
        ("/", "/a"),
        ("/a", "/a/"),
        ("/ab", "/a"),
        ("/ab/c", "/a"),
        ("/b", "/a"),
        ("/b/a", "/a"),
        ("/A", "/a"),
        ("/a%2Fb", "/a"),
        ("/%61", "/a"),
        ("/a;b", "/a"),
        ("/a?b", "/a"),
        ("/a\\b", "/a"),
        ("/a.b", "/a"),
        ("", "/"),
        ("*", "/"),
    ],
)
def test_other_paths_do_not_match(path: str, cookie_path: str) -> None:
    assert not path_match(path, cookie_path)


@given(PATHS, PATHS)
def test_paths_match_by_whole_segments(path: str, cookie_path: str) -> None:
    segments, wanted = path.split("/"), cookie_path.removesuffix("/").split("/")
    expected = path == cookie_path or (
        segments[: len(wanted)] == wanted and len(segments) > len(wanted)
    )
    assert path_match(path, cookie_path) is expected


@given(PATHS)
def test_a_path_matches_its_default(path: str) -> None:
    assert path_match(path, default_path(path))


@given(st.text(st.characters()))
def test_the_default_of_anything_is_a_path(path: str) -> None:
    default = default_path(path)
    assert default.startswith("/")
    assert default == "/" or path.startswith(f"{default}/")
