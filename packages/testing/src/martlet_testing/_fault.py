"""What goes wrong on the way, by name, and the errors that a real connector raises for it."""

import errno
import os
from enum import Enum
from typing import Final

from yarl import URL

from martlet_exceptions import (
    BadStatusLine,
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ServerDisconnectedError,
    TransferEncodingError,
)
from martlet_interfaces import ConnectionKey

__all__ = ["GARBAGE", "Fault", "failure_before_head", "failure_in_body"]

GARBAGE: Final = b"this is no HTTP\r\n\r\n"
"""What a peer says that is out of its mind."""
_SECURE: Final = frozenset({"https", "wss"})


class Fault(Enum):
    """What happens in place of an answer or, as a piece of a stream, of the rest of a body."""

    REFUSED = "refused"
    """No connection can be opened: `ClientConnectorError`. Not in a body."""
    DISCONNECT = "disconnect"
    """The connection is lost: `ServerDisconnectedError`, in a body `ClientPayloadError`."""
    MALFORMED = "malformed"
    """What comes is no HTTP: `BadStatusLine`, in a body `TransferEncodingError`."""
    HANG = "hang"
    """Nothing more comes, until a timeout of the client, or the client itself, ends it."""


def failure_before_head(fault: Fault, url: URL) -> ClientError:
    """Give the error of a *fault* other than HANG that comes before the head of a response."""
    if fault is Fault.REFUSED:
        key = ConnectionKey(url.raw_host or "", url.port, url.scheme in _SECURE)
        code = errno.ECONNREFUSED
        return ClientConnectorError(key, ConnectionRefusedError(code, os.strerror(code)))
    if fault is Fault.DISCONNECT:
        return ServerDisconnectedError()
    return BadStatusLine("The response has no status line", offset=0, excerpt=GARBAGE)


def failure_in_body(fault: Fault) -> ClientError:
    """Give the error of a *fault* other than HANG that comes inside the body of a response.

    Raises `ValueError` for REFUSED: there is a connection already.
    """
    if fault is Fault.REFUSED:
        raise ValueError("A connection cannot be refused inside a body: give Fault.DISCONNECT")
    if fault is Fault.DISCONNECT:
        return ClientPayloadError("The connection was lost before the end of the body")
    return TransferEncodingError("The chunk's size is no number", offset=0, excerpt=GARBAGE)
