"""What a close frame carries (RFC 6455 section 5.5.1)."""

from typing import Final

from ._close_code import WSCloseCode, is_sendable
from ._errors import WebSocketError

# A control frame has 125 octets at most (5.5), of which the code takes two.
MAX_REASON: Final = 123


def parse_close(payload: bytes, /) -> tuple[int, str]:
    """Read code and reason; without a code they are 0 and empty.

    Raises:
        WebSocketError: The code is none that is sent, or half of one (1002); the reason is not
            UTF-8 (1007).
    """
    if not payload:
        return 0, ""
    code = int.from_bytes(payload[:2])
    if len(payload) == 1 or not is_sendable(code):
        text = f"a close frame has no legal code: {payload[:2].hex(' ')}"
        raise WebSocketError(WSCloseCode.PROTOCOL_ERROR, text)
    try:
        return code, payload[2:].decode()
    except UnicodeDecodeError as exc:
        text = f"the reason in a close frame is not UTF-8: {exc}"
        raise WebSocketError(WSCloseCode.INVALID_TEXT, text) from exc


def serialize_close(code: int, reason: str | bytes = b"", /) -> bytes:
    """Write a close frame's payload.

    Raises:
        TypeError, ValueError: The code is none that may be sent, the reason is longer than 123
            octets or not UTF-8.
    """
    if not isinstance(code, int):
        raise TypeError(f"a close code is an int, not {type(code).__name__}")
    if not is_sendable(code):
        text = "send 1000 to 1003, 1007 to 1014 or 3000 to 4999"
        raise ValueError(f"{code} is no code of a close frame; {text}")
    octets = reason.encode() if isinstance(reason, str) else bytes(reason)
    if len(octets) > MAX_REASON:
        raise ValueError(f"a reason has at most {MAX_REASON} octets, this one {len(octets)}")
    octets.decode()
    return code.to_bytes(2) + octets
