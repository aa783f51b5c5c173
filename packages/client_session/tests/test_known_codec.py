import codecs

import pytest

from martlet_client_session._known_codec import known_codec


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "latin-1", "iso-8859-15", "shift_jis", "cp1252"])
def test_codec_that_python_knows_is_known(name: str) -> None:
    assert known_codec(name) == name


@pytest.mark.parametrize("name", [None, "", "no-such", "utf-8\0", "\ud800", "é", "a" * 41])
def test_name_that_python_does_not_know_is_not(name: str | None) -> None:
    assert known_codec(name) is None


@pytest.mark.parametrize("name", ["base64", "zip", "rot13", "hex", "bz2", "uu", "quopri"])
def test_codec_that_makes_no_text_of_bytes_is_not_for_peers(name: str) -> None:
    codecs.lookup(name)
    assert known_codec(name) is None


@pytest.mark.parametrize(
    "name",
    ["idna", "IDNA", "punycode", "raw_unicode_escape", "Unicode-Escape", "undefined"],
)
def test_codec_of_pythons_own_is_not_for_peers(name: str) -> None:
    codecs.lookup(name)
    assert known_codec(name) is None
