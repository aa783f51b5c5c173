import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_exceptions import (
    NO_REQUEST,
    BadHttpMessage,
    HttpProcessingError,
    PayloadEncodingError,
)
from martlet_interfaces import RequestInfo

KINDS: list[type[BadHttpMessage | PayloadEncodingError]] = [BadHttpMessage, PayloadEncodingError]


def test_processing_error() -> None:
    headers = CIMultiDict({"A": "1"})
    error = HttpProcessingError(code=431, message="too large", headers=headers)
    assert (error.code, error.message, error.headers) == (431, "too large", headers)
    assert str(error) == "431, message='too large'"
    assert repr(error) == "HttpProcessingError('too large')"


def test_processing_error_defaults() -> None:
    error = HttpProcessingError()
    assert (error.code, error.message, error.headers) == (0, "", None)


def test_bad_message_has_no_request_at_first() -> None:
    error = BadHttpMessage("no token", offset=17, excerpt=b"Fo o: 1")
    assert error.request_info is NO_REQUEST
    assert error.history == ()
    assert error.status == error.code == 400
    assert error.message == "no token"
    assert error.headers is None
    assert error.args == ("no token",)
    assert str(error) == "no token at byte 17: b'Fo o: 1'"


def test_bad_message_names_its_request_once_it_is_known() -> None:
    error = BadHttpMessage("no token")
    url = URL("http://u:p@example.org/")
    error.request_info = RequestInfo(url, "GET", CIMultiDictProxy(CIMultiDict()))
    assert str(error) == "no token, url='http://example.org/'"
    assert repr(error) == f"BadHttpMessage({str(error)!r})"


def test_payload_error() -> None:
    error = PayloadEncodingError("no chunk size", offset=0, excerpt=b"0x5\r\n")
    assert (error.code, error.message, error.headers) == (400, "no chunk size", None)
    assert error.args == ("no chunk size",)
    assert str(error) == r"no chunk size at byte 0: b'0x5\r\n'"
    assert repr(error) == f"PayloadEncodingError({str(error)!r})"


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_place_the_text_is_the_message(
    kind: type[BadHttpMessage | PayloadEncodingError],
) -> None:
    error = kind("what")
    assert (error.offset, error.excerpt) == (None, b"")
    assert str(error) == "what"


@pytest.mark.parametrize("kind", KINDS)
def test_the_excerpt_is_short_and_hides_cookies(
    kind: type[BadHttpMessage | PayloadEncodingError],
) -> None:
    error = kind("what", excerpt=b"Set-Cookie: a=secret\r\n" + b"\x00\xff" * 100)
    assert len(error.excerpt) == 100
    assert type(error.excerpt) is bytes
    assert "secret" not in str(error)
    assert r"b'Set-Cookie: ***\r\n\x00\xff" in str(error)


@pytest.mark.parametrize("kind", KINDS)
@given(message=st.text(), offset=st.none() | st.integers(0), excerpt=st.binary(max_size=300))
def test_texts_are_printable_and_short(
    kind: type[BadHttpMessage | PayloadEncodingError],
    message: str,
    offset: int | None,
    excerpt: bytes,
) -> None:
    text = str(kind(message, offset=offset, excerpt=excerpt))
    assert text.isprintable()
    assert len(text) <= 300
