"""The spellings of how to verify: what each says, and what they may not say together."""

import itertools
import ssl
from typing import Any

import pytest

from martlet_interfaces import Fingerprint, merged_ssl

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
OTHER = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PIN = b"x" * 32
NONE_SAID: dict[str, Any] = {
    "ssl": None,
    "verify_ssl": None,
    "fingerprint": None,
    "ssl_context": None,
}
SAID: dict[str, Any] = {
    "ssl": CONTEXT,
    "verify_ssl": False,
    "fingerprint": PIN,
    "ssl_context": OTHER,
}


@pytest.mark.parametrize("value", [True, False, CONTEXT, Fingerprint(PIN)])
def test_the_modern_form(value: Any) -> None:
    assert merged_ssl(value) is value
    assert merged_ssl(**NONE_SAID | {"ssl": value}) is value


def test_nothing_said_verifies() -> None:
    assert merged_ssl(None) is True
    assert merged_ssl(**NONE_SAID) is True
    assert merged_ssl(**NONE_SAID | {"ssl": True, "verify_ssl": True}) is True


@pytest.mark.parametrize("value", [0, 1, "yes", b"x" * 32, object(), ssl.SSLContext])
def test_what_is_no_way_to_verify(value: Any) -> None:
    with pytest.raises(TypeError, match="ssl must be a bool, an SSLContext or a Fingerprint, not "):
        merged_ssl(value)
    with pytest.raises(TypeError, match=f"not {type(value).__name__}$"):
        merged_ssl(**NONE_SAID | {"ssl": value})


@pytest.mark.parametrize(
    ("name", "meaning"),
    [("verify_ssl", False), ("fingerprint", Fingerprint(PIN)), ("ssl_context", OTHER)],
)
@pytest.mark.parametrize("modern", [None, True])
def test_an_older_spelling(name: str, meaning: object, modern: bool | None) -> None:
    assert merged_ssl(**NONE_SAID | {"ssl": modern, name: SAID[name]}) == meaning


@pytest.mark.parametrize("names", list(itertools.combinations(SAID, 2)), ids=" ".join)
def test_two_that_contradict(names: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=f"^{names[0]} and {names[1]} contradict each other"):
        merged_ssl(**NONE_SAID | {name: SAID[name] for name in names})


def test_even_two_that_say_the_same() -> None:
    with pytest.raises(ValueError, match=r"^ssl and verify_ssl contradict"):
        merged_ssl(**NONE_SAID | {"ssl": False, "verify_ssl": False})


@pytest.mark.parametrize("value", [0, 1, "no", CONTEXT])
def test_a_verify_ssl_that_is_no_bool(value: Any) -> None:
    with pytest.raises(TypeError, match=f"^verify_ssl must be a bool, not {type(value).__name__}$"):
        merged_ssl(**NONE_SAID | {"verify_ssl": value})


@pytest.mark.parametrize("value", ["x" * 32, 32, Fingerprint(PIN)])
def test_a_fingerprint_that_is_no_bytes(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^fingerprint must be the digest as bytes, not "):
        merged_ssl(**NONE_SAID | {"fingerprint": value})


@pytest.mark.parametrize("value", [True, False, "x", Fingerprint(PIN)])
def test_a_context_that_is_none(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^ssl_context must be an SSLContext, not "):
        merged_ssl(**NONE_SAID | {"ssl_context": value})


@pytest.mark.parametrize("value", [b"", b"short", b"x" * 16, b"x" * 20])
def test_a_fingerprint_of_no_safe_length(value: bytes) -> None:
    with pytest.raises(ValueError, match=r"(?i)sha|digest|fingerprint"):
        merged_ssl(**NONE_SAID | {"fingerprint": value})
