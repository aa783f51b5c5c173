import codecs
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._text import decode_text, find_encoding


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        (b"", None, "utf-8"),
        (b"abc", "latin-1", "latin-1"),
        # What is declared goes before what the body seems to be.
        (codecs.BOM_UTF8 + b"abc", "latin-1", "latin-1"),
        ("ä".encode(), "latin-1", "latin-1"),
        (codecs.BOM_UTF8 + b"abc", None, "utf-8-sig"),
        (codecs.BOM_UTF8 + b"abc", "no-such", "utf-8-sig"),
        ("ab".encode("utf-16"), None, "utf-16"),
        (codecs.BOM_UTF16_BE + "ab".encode("utf-16-be"), None, "utf-16"),
        ("ab".encode("utf-32"), None, "utf-32"),
        (codecs.BOM_UTF32_BE + "ab".encode("utf-32-be"), None, "utf-32"),
        ("ä€".encode(), None, "utf-8"),
        # UTF-8 is not believed to be anything else.
        ('<meta charset="latin-1">ä'.encode(), None, "utf-8"),
        (b'<meta charset="iso-8859-2">\xe4', None, "iso-8859-2"),
        (b"<META CHARSET = 'koi8-r' >\xe4", None, "koi8-r"),
        (
            b'<meta http-equiv=Content-Type content="text/html; charset=gbk">\xe4',
            "bogus",
            "gbk",
        ),
        (b'<meta charset="no-such">\xe4', None, "cp1252"),
        (b'<meta charset="undefined">\xe4', None, "cp1252"),
        (b" " * 1024 + b'<meta charset="koi8-r">\xe4', None, "cp1252"),
        (b"\xe4", None, "cp1252"),
    ],
)
def test_encoding_is_declared_or_marked_or_utf_8_or_named_or_cp1252(
    body: bytes, charset: str | None, expected: str
) -> None:
    assert find_encoding(body, charset) == expected


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        (b"{}", None, "utf-8"),
        (b'"\xe4"', None, "utf-8"),
        (b'"<meta charset=gbk>\xe4"', None, "utf-8"),
        (b'"\xe4"', "latin-1", "latin-1"),
        (codecs.BOM_UTF8 + b"{}", None, "utf-8-sig"),
    ],
)
def test_json_that_says_nothing_is_utf_8(body: bytes, charset: str | None, expected: str) -> None:
    assert find_encoding(body, charset, is_json=True) == expected


@pytest.mark.parametrize(
    "body", [b"", b"abc", b"\xe4", "ä".encode(), codecs.BOM_UTF8, b'<meta charset="gbk">\xe4']
)
@pytest.mark.parametrize("charset", [None, "no-such"])
def test_resolver_is_asked_before_the_body_if_no_known_charset_is_declared(
    body: bytes, charset: str | None
) -> None:
    asked: list[bytes] = []

    def resolver(body: bytes) -> str:
        asked.append(body)
        return "koi8-r"

    assert find_encoding(body, charset, resolver=resolver) == "koi8-r"
    assert asked == [body]


@pytest.mark.parametrize("name", ["no-such", "", None, "idna", "base64", "utf-8\0"])
def test_unknown_answer_of_the_resolver_falls_through(name: str | None) -> None:
    def resolver(_body: bytes) -> str | None:
        return name

    assert find_encoding(b"abc", None, resolver=resolver) == "utf-8"
    assert find_encoding(b"<meta charset=gbk>\xe4", None, resolver=resolver) == "gbk"


@pytest.mark.parametrize("answer", [b"utf-8", 5, ("utf-8",)])
def test_resolver_that_answers_no_string_is_wrong(answer: Any) -> None:
    def resolver(_body: bytes) -> str:
        return answer  # type: ignore[no-any-return]  # the caller's mistake

    with pytest.raises(TypeError, match="fallback_charset_resolver must return the name"):
        find_encoding(b"abc", None, resolver=resolver)


def test_what_the_resolver_raises_comes_out() -> None:
    def resolver(_body: bytes) -> str:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        find_encoding(b"abc", None, resolver=resolver)


@pytest.mark.parametrize(("charset", "is_json"), [("latin-1", False), (None, True), ("x", True)])
def test_resolver_is_asked_neither_of_a_declared_charset_nor_of_json(
    charset: str | None, is_json: bool
) -> None:
    def resolver(_body: bytes) -> str:
        raise AssertionError

    find_encoding(b"abc", charset, is_json=is_json, resolver=resolver)


@pytest.mark.parametrize(
    ("body", "encoding", "errors", "expected"),
    [
        (b"a\xff", "utf-8", None, "a\ufffd"),
        (b"a\x81", "cp1252", None, "a\ufffd"),
        (b"a\xff", "utf-8", "ignore", "a"),
        (b"\xe4", "latin-1", "strict", "ä"),
    ],
)
def test_what_cannot_be_decoded_is_replaced_unless_said_otherwise(
    body: bytes, encoding: str, errors: str | None, expected: str
) -> None:
    assert decode_text(body, encoding, errors) == expected


def test_strict_decoding_raises() -> None:
    with pytest.raises(UnicodeDecodeError):
        decode_text(b"\xff", "utf-8", "strict")


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=20)))
def test_any_body_with_any_charset_can_be_decoded(body: bytes, charset: str | None) -> None:
    assert isinstance(decode_text(body, find_encoding(body, charset), None), str)


# Every text codec that Python has (those of one platform aside) is one a peer may declare.
CODECS = sorted({*__import__("encodings.aliases").aliases.aliases.values()} - {"mbcs", "oem"})


@pytest.mark.parametrize("name", CODECS)
def test_every_charset_that_can_be_declared_decodes_anything(name: str) -> None:
    body = bytes(range(256)) + b"\\x \\d \\N{ xn--a.xn--\xff"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode_text(body, find_encoding(body, name), None)
