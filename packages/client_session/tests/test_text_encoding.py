import pytest

from martlet_client_session._text_encoding import text_encoding

PLAIN = "text/plain; charset=utf-8"
KOI8 = "text/html; charset=koi8-r"


@pytest.mark.parametrize(
    ("encoding", "content_type", "headers", "expected"),
    [
        (None, None, None, ("utf-8", PLAIN)),
        (None, None, {}, ("utf-8", PLAIN)),
        ("utf-16", None, None, ("utf-16", "text/plain; charset=utf-16")),
        (None, "text/html", None, ("utf-8", "text/html")),
        (None, KOI8, None, ("koi8-r", KOI8)),
        (None, 'text/html; charset="koi8-r"', None, ("koi8-r", 'text/html; charset="koi8-r"')),
        ("utf-8", KOI8, None, ("utf-8", KOI8)),
        (None, None, {"content-type": KOI8}, ("koi8-r", "text/plain; charset=koi8-r")),
        (None, "text/css", [("Content-Type", KOI8)], ("koi8-r", "text/css")),
    ],
)
def test_an_encoding_is_found(
    encoding: str | None,
    content_type: str | None,
    headers: dict[str, str] | list[tuple[str, str]] | None,
    expected: tuple[str, str],
) -> None:
    found, media_type, fields = text_encoding(encoding, content_type, headers)
    assert (found, media_type) == expected
    assert fields == dict(headers or {})


@pytest.mark.parametrize("bad", ["nope", "", "base64", "utf\r\n8", "utf 8", "idna", "x" * 100])
def test_unknown_encodings_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="Text cannot be sent in the encoding"):
        text_encoding(bad, None, None)


def test_unknown_charsets_are_refused() -> None:
    with pytest.raises(ValueError, match="'nope'"):
        text_encoding(None, "text/plain; charset=nope", None)
