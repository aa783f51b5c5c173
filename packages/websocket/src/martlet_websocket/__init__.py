"""The WebSocket protocol without I/O (RFC 6455, 7692), for both ends."""

from ._client_handshake import Agreement, ClientHandshake
from ._close_code import WSCloseCode
from ._connection import WebSocketConnection
from ._deflate_parameters import DeflateOffer, DeflateParameters
from ._errors import HandshakeError, WebSocketError, WebSocketStateError, WSMessageTypeError
from ._extensions import Extension, parse_extensions
from ._frame_writer import FrameWriter
from ._limits import MAX_MSG_SIZE
from ._message import WSMessage
from ._message_parser import MessageParser
from ._message_type import WSMsgType
from ._server_handshake import Acceptance, accept_handshake
from ._states import WSState
from ._zlib_backend import ZlibBackend, can_deflate

__all__ = [
    "MAX_MSG_SIZE",
    "Acceptance",
    "Agreement",
    "ClientHandshake",
    "DeflateOffer",
    "DeflateParameters",
    "Extension",
    "FrameWriter",
    "HandshakeError",
    "MessageParser",
    "WSCloseCode",
    "WSMessage",
    "WSMessageTypeError",
    "WSMsgType",
    "WSState",
    "WebSocketConnection",
    "WebSocketError",
    "WebSocketStateError",
    "ZlibBackend",
    "accept_handshake",
    "can_deflate",
    "parse_extensions",
]

__version__ = "0.1.0"
