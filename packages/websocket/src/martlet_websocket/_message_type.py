"""What a message is (RFC 6455 section 5.2)."""

from enum import IntEnum


class WSMsgType(IntEnum):
    """The kind of a message: the opcode of its frame, or an event that no frame stands for.

    CLOSING, CLOSED and ERROR are what a connection tells its user; they are never sent. Each name
    has an alias in lower case.
    """

    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    PING = 0x9
    PONG = 0xA
    CLOSE = 0x8

    CLOSING = 0x100
    CLOSED = 0x101
    ERROR = 0x102

    text = TEXT
    binary = BINARY
    ping = PING
    pong = PONG
    close = CLOSE
    closing = CLOSING
    closed = CLOSED
    error = ERROR
