"""Which frames may come next, as a table of first octets (RFC 6455 section 5.2, 5.4, 5.5).

A frame's first octet is FIN, three reserved bits and the opcode. Between messages a new one or a
control frame may come; within a message its continuation or a control frame. RSV1 marks a
compressed message, on its first frame only (RFC 7692 section 6). What is not in the table is
refused, and only then is it asked why.
"""

from typing import Final

from ._close_code import WSCloseCode
from ._errors import WebSocketError

FIN: Final = 0x80
RSV1: Final = 0x40
OPCODE: Final = 0x0F

_CONTROL: Final = frozenset({0x88, 0x89, 0x8A})
_BEGIN: Final = frozenset({0x01, 0x02, 0x81, 0x82})

WITHIN: Final = _CONTROL | {0x00, 0x80}
BETWEEN: Final = _CONTROL | _BEGIN
BETWEEN_DEFLATED: Final = BETWEEN | {first | RSV1 for first in _BEGIN}


def refusal(first: int, *, within: bool, deflate: bool) -> WebSocketError:
    """Say why a frame that is not in the table is none that may come."""
    opcode = first & OPCODE
    reserved = first & 0x70
    if opcode in {0x3, 0x4, 0x5, 0x6, 0x7} or opcode > 0xA:
        text = f"a frame has the unknown opcode {opcode:#x}"
    elif reserved == RSV1 and deflate and opcode not in {0x1, 0x2}:
        text = "a frame other than a message's first is marked as compressed"
    elif reserved and not (reserved == RSV1 and deflate):
        text = "a frame has reserved bits set"
    elif opcode >= 0x8:
        text = "a control frame is fragmented"
    elif within:
        text = "a message begins before the last one ended"
    else:
        text = "a message begins with a continuation"
    return WebSocketError(WSCloseCode.PROTOCOL_ERROR, text)
