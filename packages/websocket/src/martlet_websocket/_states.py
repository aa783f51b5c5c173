"""The life of a connection, as a table (RFC 6455 section 7)."""

from enum import Enum
from typing import Final


class WSState(Enum):
    """Where a connection is in its life.

    CLOSE_RECEIVED is also the state after the peer has broken the protocol, until that is answered.
    After CLOSED the transport is to be closed: by the server at once; a client may wait a while
    for the server to do it (7.1.1).
    """

    OPEN = "open"
    CLOSE_SENT = "close sent"
    CLOSE_RECEIVED = "close received"
    CLOSED = "closed"


class Step(Enum):
    """What takes a connection from one state to another."""

    SEND_CLOSE = "send close"
    RECEIVE_CLOSE = "receive close"
    LOSE = "lose"  # the end of the transport, or a broken protocol while the peer has to close


# A step that is not here is impossible.
TRANSITIONS: Final = {
    (WSState.OPEN, Step.SEND_CLOSE): WSState.CLOSE_SENT,
    (WSState.OPEN, Step.RECEIVE_CLOSE): WSState.CLOSE_RECEIVED,
    (WSState.CLOSE_SENT, Step.RECEIVE_CLOSE): WSState.CLOSED,
    (WSState.CLOSE_RECEIVED, Step.SEND_CLOSE): WSState.CLOSED,
    (WSState.OPEN, Step.LOSE): WSState.CLOSED,
    (WSState.CLOSE_SENT, Step.LOSE): WSState.CLOSED,
    (WSState.CLOSE_RECEIVED, Step.LOSE): WSState.CLOSED,
}
