import pytest

from martlet_websocket import WSCloseCode
from martlet_websocket._frame_rules import BETWEEN, BETWEEN_DEFLATED, WITHIN, refusal


def test_what_may_come() -> None:
    assert sorted(BETWEEN) == [0x01, 0x02, 0x81, 0x82, 0x88, 0x89, 0x8A]
    assert sorted(BETWEEN_DEFLATED - BETWEEN) == [0x41, 0x42, 0xC1, 0xC2]
    assert sorted(WITHIN) == [0x00, 0x80, 0x88, 0x89, 0x8A]


@pytest.mark.parametrize(
    ("first", "within", "deflate", "text"),
    [
        (0x83, False, False, "unknown opcode 0x3"),
        (0x87, True, False, "unknown opcode 0x7"),
        (0x8B, False, True, "unknown opcode 0xb"),
        (0x8F, False, False, "unknown opcode 0xf"),
        (0xC1, False, False, "reserved bits"),
        (0xA1, False, True, "reserved bits"),
        (0x91, False, True, "reserved bits"),
        (0xE1, False, True, "reserved bits"),
        (0xC9, False, False, "reserved bits"),
        (0xC9, False, True, "marked as compressed"),
        (0xC0, True, True, "marked as compressed"),
        (0xC1, True, True, "before the last one ended"),
        (0x09, False, False, "control frame is fragmented"),
        (0x08, True, True, "control frame is fragmented"),
        (0x81, True, False, "before the last one ended"),
        (0x80, False, False, "begins with a continuation"),
    ],
)
def test_why_a_frame_is_refused(first: int, within: bool, deflate: bool, text: str) -> None:
    error = refusal(first, within=within, deflate=deflate)
    assert text in str(error)
    assert error.code == WSCloseCode.PROTOCOL_ERROR
