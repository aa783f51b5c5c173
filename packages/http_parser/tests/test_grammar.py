import re
import string

import pytest

from martlet_http_parser import _grammar
from martlet_http_parser._grammar import (
    AUTHORITY,
    CHUNK_EXTENSIONS,
    CHUNK_LINE,
    CHUNK_LINE_START,
    CONTROLS,
    HOST,
    REQUEST_LINE,
    STATUS_LINE,
    SURROGATES,
    TOKEN,
)

# RFC 9110 section 5.6.2, written as it stands there.
TCHARS = frozenset("!#$%&'*+-.^_`|~" + string.digits + string.ascii_letters)


def test_a_token_is_made_of_exactly_the_characters_of_the_rfc() -> None:
    accepted = {chr(code) for code in range(0x3000) if TOKEN.fullmatch(chr(code))}
    assert accepted == TCHARS


@pytest.mark.parametrize("text", ["", "a b", "a\n", "a:", "é", "a\u212a"])
def test_what_is_no_token_does_not_match(text: str) -> None:
    assert TOKEN.fullmatch(text) is None


def test_controls_are_all_of_ascii_but_the_tab() -> None:
    found = {code for code in range(0x3000) if CONTROLS.search(chr(code))}
    assert found == {*range(0x20), 0x7F} - {0x09}


def test_surrogates_are_exactly_what_utf8_cannot_encode() -> None:
    for code in (0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDC80, 0xDFFF, 0xE000, 0x10FFFF):
        text = chr(code)
        encodes = text.encode("utf-8", "ignore") != b""
        assert (SURROGATES.search(text) is None) == encodes


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        ("HTTP/1.1 200 OK", ("1", "200", " ", "OK")),
        ("HTTP/1.0 404 Not Found", ("0", "404", " ", "Not Found")),
        ("HTTP/1.1 200 ", ("1", "200", " ", "")),
        ("HTTP/1.1 200", ("1", "200", None, None)),
        ("HTTP/1.1 999 \tx y", ("1", "999", " ", "\tx y")),
    ],
)
def test_a_status_line_is_taken_apart(line: str, groups: tuple[str | None, ...]) -> None:
    match = STATUS_LINE.fullmatch(line)
    assert match is not None
    assert match.groups() == groups


@pytest.mark.parametrize(
    "line",
    ["HTTP/1.1 099 A", "HTTP/1.1 20 A", "HTTP/1.1 2000", "HTTP/1.2 200 A", "HTTP/1.1 ٢٠٠ A"],
)
def test_a_status_has_three_ascii_digits(line: str) -> None:
    assert STATUS_LINE.fullmatch(line) is None


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        (b"0\r\n", (b"0", b"", b"")),
        (b"fFfFfFfFfFfFfFfF\r\n", (b"fFfFfFfFfFfFfFfF", b"", b"")),
        (b"5 \t\r\n", (b"5", b" \t", b"")),
        (b"5;a=b\r\n", (b"5", b"", b";a=b")),
        (b'5 ;a="b;c"\r\n', (b"5", b" ", b';a="b;c"')),
    ],
)
def test_a_chunk_line_is_taken_apart(line: bytes, groups: tuple[bytes, ...]) -> None:
    match = CHUNK_LINE.fullmatch(line)
    assert match is not None
    assert match.groups() == groups


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        ("GET / HTTP/1.1", ("GET", "/", "1")),
        ("!#$%&'*+-.^_`|~ * HTTP/1.0", ("!#$%&'*+-.^_`|~", "*", "0")),
        ("get a:1 HTTP/1.1", ("get", "a:1", "1")),
        ("GET !~ HTTP/1.1", ("GET", "!~", "1")),
    ],
)
def test_a_request_line_is_taken_apart(line: str, groups: tuple[str, ...]) -> None:
    match = REQUEST_LINE.fullmatch(line)
    assert match is not None
    assert match.groups() == groups


@pytest.mark.parametrize(
    "line",
    [
        "",
        "GET /",
        "GET  / HTTP/1.1",
        "GET /  HTTP/1.1",
        "GET / HTTP/1.1 ",
        " GET / HTTP/1.1",
        "GET\t/ HTTP/1.1",
        "G(T / HTTP/1.1",
        "GET /\x7f HTTP/1.1",
        "GET /é HTTP/1.1",
        "GET / HTTP/1.2",
        "GET / HTTP/1.1\n",
        "GET / http/1.1",
    ],
)
def test_what_is_no_request_line_does_not_match(line: str) -> None:
    assert REQUEST_LINE.fullmatch(line) is None


@pytest.mark.parametrize(
    "host",
    ["", "a", "a.example:80", "a:", "127.0.0.1:1", "[::1]", "[v1.a:b]:80", "a%20b", "a_b", ":80"],
)
def test_a_host_may_have_a_port(host: str) -> None:
    assert HOST.fullmatch(host) is not None


@pytest.mark.parametrize(
    "host",
    [
        "a b",
        "a/b",
        "u@a",
        "a:b",
        "a:1:2",
        "[::1",
        "::1",
        "[]",
        "[a]b",
        "a?b",
        "a#b",
        "é",
        "a\n",
        "a\\b",
        "<a>",
    ],
)
def test_what_is_no_host_does_not_match(host: str) -> None:
    assert HOST.fullmatch(host) is None


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("a:443", True),
        ("[::1]:443", True),
        ("a.b-c:1", True),
        ("a", False),
        ("a:", False),
        (":443", False),
        ("", False),
        ("u@a:443", False),
        ("a:443/", False),
    ],
)
def test_an_authority_is_a_host_and_a_port(text: str, matches: bool) -> None:
    assert (AUTHORITY.fullmatch(text) is not None) is matches


@pytest.mark.parametrize(
    ("start", "matches"),
    [
        (b"5", True),
        (b"f" * 16, True),
        (b"5;", True),
        (b"5 ", True),
        (b"5\t", True),
        (b"5\r", True),
        (b"f" * 17, False),
        (b"", False),
        (b"x", False),
        (b" 5", False),
        (b"5x", False),
        (b"5\n", False),
    ],
)
def test_the_beginning_of_a_chunk_line_is_told_from_that_of_none(
    start: bytes, matches: bool
) -> None:
    assert (CHUNK_LINE_START.match(start) is not None) is matches


@pytest.mark.parametrize(
    ("extensions", "matches"),
    [
        (b"", True),
        (b";a", True),
        (b";a=b;c=d", True),
        (b';a="b;\\"c\xff"', True),
        (b';a=""', True),
        (b";", False),
        (b";a=", False),
        (b"; a", False),
        (b";a =b", False),
        (b';a="b', False),
        (b';a="\0"', False),
        (b';a="\\\x01"', False),
        (b";a;;b", False),
        (b"a", False),
    ],
)
def test_chunk_extensions_are_those_of_the_rfc_without_blanks(
    extensions: bytes, matches: bool
) -> None:
    assert (CHUNK_EXTENSIONS.fullmatch(extensions) is not None) is matches


def test_no_quantifier_over_what_a_peer_sends_can_backtrack() -> None:
    patterns: dict[str, re.Pattern[str] | re.Pattern[bytes]] = {
        name: getattr(_grammar, name) for name in _grammar.__all__
    }
    for name, pattern in patterns.items():
        source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
        # Within brackets and after a backslash they are themselves.
        open_ended = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "x", source)
        possessive = re.sub(r"(\+|\*|\})\+", "", open_ended)
        assert not re.search(r"[+*]", possessive), name
