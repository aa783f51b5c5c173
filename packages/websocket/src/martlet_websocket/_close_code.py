"""Why a connection is closed (RFC 6455 section 7.4, and IANA's registry of close codes)."""

from enum import IntEnum
from typing import Final

# Registered, and allowed in a close frame; 1004, 1005, 1006 and 1015 are for no frame.
_REGISTERED: Final = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015)})

NO_STATUS: Final = 1005  # what stands for a close frame without a code; never sent


class WSCloseCode(IntEnum):
    """The codes of close frames that have a name.

    ABNORMAL_CLOSURE is never sent: it stands for a connection that ended without a close frame.
    Codes from 3000 to 4999 are legal too, and are for libraries (3000 to 3999) and applications.
    """

    OK = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    ABNORMAL_CLOSURE = 1006
    INVALID_TEXT = 1007
    POLICY_VIOLATION = 1008
    MESSAGE_TOO_BIG = 1009
    MANDATORY_EXTENSION = 1010
    INTERNAL_ERROR = 1011
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013
    BAD_GATEWAY = 1014


def is_sendable(code: int, /) -> bool:
    """Tell whether a close frame may carry the code."""
    return code in _REGISTERED or 3000 <= code <= 4999
