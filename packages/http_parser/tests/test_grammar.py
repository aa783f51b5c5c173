import string

import pytest

from martlet_http_parser._grammar import CHUNK_LINE, CONTROLS, STATUS_LINE, SURROGATES, TOKEN

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


def test_no_quantifier_over_what_a_peer_sends_can_backtrack() -> None:
    for pattern in (TOKEN.pattern, STATUS_LINE.pattern):
        assert "+" not in pattern.replace("++", "").replace("*+", "")
    assert CHUNK_LINE.pattern.count(b"*") == CHUNK_LINE.pattern.count(b"*+")
