import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import WebSocketError, WSCloseCode
from martlet_websocket._close_code import is_sendable
from martlet_websocket._close_payload import parse_close, serialize_close


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (b"", (0, "")),
        (b"\x03\xe8", (1000, "")),
        (b"\x03\xe9bye", (1001, "bye")),
        (b"\x0f\xa0\xc3\xa4", (4000, "ä")),
    ],
)
def test_code_and_reason(payload: bytes, found: tuple[int, str]) -> None:
    assert parse_close(payload) == found


@pytest.mark.parametrize("payload", [b"\x03", b"\0\0", b"\x03\xed", b"\x03\xee", b"\xff\xff"])
def test_codes_that_are_none(payload: bytes) -> None:
    with pytest.raises(WebSocketError, match="no legal code: ") as caught:
        parse_close(payload)
    assert caught.value.code == WSCloseCode.PROTOCOL_ERROR


def test_a_reason_that_is_no_text() -> None:
    with pytest.raises(WebSocketError, match="not UTF-8") as caught:
        parse_close(b"\x03\xe8\xff")
    assert caught.value.code == WSCloseCode.INVALID_TEXT


@given(
    code=st.integers(0, 65535).filter(is_sendable),
    reason=st.text(max_size=30).map(lambda text: text if len(text.encode()) < 124 else ""),
)
def test_what_is_written_is_read(code: int, reason: str) -> None:
    assert parse_close(serialize_close(code, reason)) == (code, reason)
    assert parse_close(serialize_close(code, reason.encode())) == (code, reason)


@pytest.mark.parametrize("code", [0, 999, 1005, 1006, 1015, 2999, 5000, 1 << 20])
def test_the_callers_code_is_none(code: int) -> None:
    with pytest.raises(ValueError, match=f"{code} is no code of a close frame; send 1000"):
        serialize_close(code)


def test_the_callers_code_is_no_number() -> None:
    with pytest.raises(TypeError, match="not str"):
        serialize_close("1000")  # type: ignore[arg-type]  # the subject


def test_the_callers_reason_is_too_long_or_no_text() -> None:
    assert len(serialize_close(1000, "a" * 123)) == 125
    with pytest.raises(ValueError, match="at most 123 octets, this one 124"):
        serialize_close(1000, "ä" * 62)
    with pytest.raises(UnicodeDecodeError):
        serialize_close(1000, b"\xff")
    with pytest.raises(UnicodeEncodeError):
        serialize_close(1000, "\ud800")
