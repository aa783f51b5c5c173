"""Puts one message together: fragments, decompression, UTF-8, limits.

What comes in more than one piece is kept in one buffer, so that memory is in proportion to the
message and not to the number of its pieces. A message that is too big is noticed from a frame's
head, before its payload is there; a text that is none at the piece where it stops being one.
"""

import sys
import zlib
from typing import Final

from ._close_code import WSCloseCode
from ._deflate_parameters import DeflateParameters
from ._errors import WebSocketError
from ._frame_rules import OPCODE, RSV1
from ._inflater import Inflater
from ._limits import SMALL_FRAGMENT
from ._message import WSMessage
from ._message_type import WSMsgType
from ._utf8_check import Utf8Check
from ._zlib_backend import ZlibBackend

_TEXT_OPCODE: Final = 0x01
# Half the time of the constructor, and of the enumeration's attributes.
_new: Final = tuple.__new__
_BINARY: Final = WSMsgType.BINARY
_TEXT: Final = WSMsgType.TEXT


class MessageAssembly:
    """The message that is being received, and those after it.

    Args:
        client: Whether the receiver is the client.
        deflate: What was agreed on; None for no compression.
        max_msg_size: Octets of a message at most, before and after decompression; 0 for any.
        max_small_fragments: Fragments of less than 1 KiB that a message may have.
        decode_text: Whether text is given as ``str``.
        zlib_backend: What decompresses.
    """

    __slots__ = (
        "_buffer",
        "_compressed",
        "_decode_text",
        "_inflater",
        "_limit",
        "_max_small",
        "_small",
        "_text",
        "_utf8",
        "_wire",
    )

    def __init__(
        self,
        *,
        client: bool,
        deflate: DeflateParameters | None,
        max_msg_size: int,
        max_small_fragments: int,
        decode_text: bool,
        zlib_backend: ZlibBackend = zlib,
    ) -> None:
        self._limit = max_msg_size or sys.maxsize
        self._max_small = max_small_fragments
        self._decode_text = decode_text
        self._inflater = (
            None if deflate is None else _inflater(deflate, zlib_backend, client=client)
        )
        self._utf8 = Utf8Check()
        self._buffer: bytes | bytearray = b""
        self._text = self._compressed = False
        self._wire = self._small = 0

    def begin(self, first: int, length: int) -> None:
        """Take a frame's first octet and its length, before its payload.

        Raises:
            WebSocketError: The message is too big, or has too many small fragments (1009).
        """
        opcode = first & OPCODE
        if opcode:
            self._text = opcode == _TEXT_OPCODE
            self._compressed = first & RSV1 > 0
            self._wire = self._small = 0
        self._wire += length
        self._check_size(self._wire)
        if length < SMALL_FRAGMENT:
            self._small += 1
            if self._small > self._max_small:
                text = f"a message has more than {self._max_small} small fragments"
                raise WebSocketError(WSCloseCode.MESSAGE_TOO_BIG, text)

    def whole(self, first: int, payload: bytes) -> WSMessage:
        """Take a compressed message that came in one frame, and give it.

        Raises:
            WebSocketError: As ``begin`` and ``add``.
            UnicodeDecodeError: It is no UTF-8.
        """
        text = first & OPCODE == _TEXT_OPCODE
        self._text = text
        self._compressed = True
        if len(payload) > self._limit:
            self._check_size(len(payload))
        assert self._inflater is not None
        data = self._inflater.inflate_whole(payload, self._keep, self._limit)
        if data is None:
            return self.finish()
        if not text:
            return _new(WSMessage, (_BINARY, data, ""))
        decoded = data.decode()
        return _new(WSMessage, (_TEXT, decoded if self._decode_text else data, ""))

    def add(self, data: bytes, *, last: bool) -> None:
        """Take a part of a payload; ``last`` if the message ends with it.

        Raises:
            WebSocketError: It is not compressed as it says, or no UTF-8 (1007), or too big (1009).
        """
        if self._inflater is not None and self._compressed:
            room = self._limit - len(self._buffer)
            self._inflater.inflate(data, self._keep, room, last=last)
        else:
            self._keep(data)

    def finish(self) -> WSMessage:
        """Give the message, after its last part."""
        buffer, self._buffer = self._buffer, b""
        if not self._text:
            return WSMessage(WSMsgType.BINARY, bytes(buffer), "")
        try:
            self._utf8.finish()
        except UnicodeDecodeError as exc:
            raise not_utf8(exc) from exc
        return WSMessage(
            WSMsgType.TEXT, buffer.decode() if self._decode_text else bytes(buffer), ""
        )

    def _keep(self, piece: bytes) -> int:
        """Take a piece, and give how many octets may follow."""
        room = self._limit - len(self._buffer)
        if self._text:
            try:
                # What is beyond the limit is not looked at: where the pieces are cut must not
                # matter for which of both is wrong.
                self._utf8.add(piece if len(piece) <= room else piece[:room])
            except UnicodeDecodeError as exc:
                raise not_utf8(exc) from exc
        if len(piece) > room:
            raise self._too_big()
        if not self._buffer:
            self._buffer = piece
        elif isinstance(self._buffer, bytes):
            self._buffer = bytearray(self._buffer + piece)
        else:
            self._buffer += piece
        return room - len(piece)

    def _check_size(self, size: int) -> None:
        """Refuse a message whose payloads have too many octets."""
        # What cannot be compressed grows a little.
        limit = self._limit + (self._limit >> 3) + 64 if self._compressed else self._limit
        if size > limit:
            raise self._too_big()

    def _too_big(self) -> WebSocketError:
        text = f"a message has more than {self._limit} octets"
        return WebSocketError(WSCloseCode.MESSAGE_TOO_BIG, text)


def not_utf8(exc: UnicodeDecodeError, /) -> WebSocketError:
    """Make the error of a text that is none."""
    text = f"a text message is not UTF-8: {exc.reason}"
    return WebSocketError(WSCloseCode.INVALID_TEXT, text)


def _inflater(deflate: DeflateParameters, backend: ZlibBackend, *, client: bool) -> Inflater:
    fresh = deflate.server_no_context_takeover if client else deflate.client_no_context_takeover
    return Inflater(fresh=fresh, backend=backend)
