"""Makes frames of messages (RFC 6455 section 5)."""

import os
import zlib
from collections.abc import Callable
from struct import Struct
from typing import Final

from ._deflate_parameters import DeflateParameters
from ._deflater import Deflater
from ._frame_rules import FIN, RSV1
from ._masking import ShortMasks, mask_keys, masked_frame
from ._message_type import WSMsgType
from ._zlib_backend import ZlibBackend

_SHORT: Final = Struct(">BB").pack
_MEDIUM: Final = Struct(">BBH").pack
_LARGE: Final = Struct(">BBQ").pack
_SHORT_MASKS: Final = ShortMasks()
# Half the time of looking it up each time.
_from_bytes: Final = int.from_bytes
_MAX_CONTROL: Final = 125


class FrameWriter:
    """Writes the frames of one end of a connection.

    Args:
        client: Whether this is the client's end, which masks what it sends.
        deflate: What was agreed on for permessage-deflate; None for no compression.
        level: zlib's level of compression, 1 (fastest) to 9 (smallest).
        zlib_backend: What compresses: ``zlib``, or a module of its shape.
        random: Gives as many random octets as it is asked for; for tests.

    Raises:
        TypeError: The backend is none.
        ValueError: The level is none.
    """

    __slots__ = ("_deflater", "_keys", "_mask_bit")

    def __init__(
        self,
        *,
        client: bool,
        deflate: DeflateParameters | None = None,
        level: int = 1,
        zlib_backend: ZlibBackend = zlib,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        if not 1 <= level <= 9:
            raise ValueError(f"a level of compression is 1 to 9, not {level}")
        self._mask_bit = 0x80 if client else 0
        self._keys = mask_keys(random)
        self._deflater = (
            None if deflate is None else _deflater(deflate, level, zlib_backend, client=client)
        )

    def message(
        self,
        data: bytes | bytearray | memoryview,
        opcode: WSMsgType,
        compress: bool | int | None = None,
        *,
        fragment_size: int = 0,
    ) -> bytes:
        """Write a message of text or binary data.

        Args:
            data: Text is UTF-8 already.
            opcode: TEXT or BINARY.
            compress: Whether to compress it, if that was agreed on: yes if None or True, no if
                False or 0, with this level if 1 to 9; 10 to 15, windows in aiohttp, are yes.
            fragment_size: Octets of a frame's payload at most; 0 for one frame.

        Raises:
            TypeError: The data is no octets.
            ValueError: There is no such level.
        """
        payload = data if data.__class__ is bytes else _octets(data)
        first: int = opcode
        if self._deflater is not None and compress != 0:
            level = None if compress is None else _level(compress)
            payload = self._deflater.deflate(payload, level)
            first |= RSV1
        if not 0 < fragment_size < len(payload):
            return self.frame(first | FIN, payload)
        frames = []
        for start in range(0, len(payload), fragment_size):
            last = start + fragment_size >= len(payload)
            piece = payload[start : start + fragment_size]
            frames.append(self.frame(first | FIN if last else first, piece))
            first = WSMsgType.CONTINUATION
        return b"".join(frames)

    def control(self, opcode: WSMsgType, data: bytes | bytearray | memoryview = b"") -> bytes:
        """Write a PING, PONG or CLOSE.

        Raises:
            TypeError: The data is no octets.
            ValueError: It has more than 125 octets.
        """
        payload = _octets(data)
        if len(payload) > _MAX_CONTROL:
            text = f"a control frame has at most {_MAX_CONTROL} octets, not {len(payload)}"
            raise ValueError(text)
        return self.frame(opcode | FIN, payload)

    def frame(self, first: int, payload: bytes) -> bytes:
        """Write a frame as it is, legal or not.

        Args:
            first: Its first octet: FIN, reserved bits, opcode.
            payload: Before masking.
        """
        length = len(payload)
        mask_bit = self._mask_bit
        if length < 126:
            if mask_bit:
                head, repeat, cut, size = _SHORT_MASKS[first][length]
                plain = _from_bytes(head + payload, "little")
                return (plain ^ (next(self._keys) * repeat & cut)).to_bytes(size, "little")
            return _SHORT(first, length) + payload
        if length < 1 << 16:
            head = _MEDIUM(first, 126 | mask_bit, length)
        else:
            head = _LARGE(first, 127 | mask_bit, length)
        if not mask_bit:
            return head + payload
        key = next(self._keys).to_bytes(4, "little")
        return masked_frame(head, key, payload)


def _level(compress: bool | int) -> int | None:
    if compress is True or 9 < compress <= 15:
        return None
    if 1 <= compress <= 9:
        return compress
    raise ValueError(f"compress is None, a bool, a level of 1 to 9 or 0, not {compress}")


def _octets(data: object) -> bytes:
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    raise TypeError(f"data is bytes, bytearray or memoryview, not {type(data).__name__}")


def _deflater(
    deflate: DeflateParameters, level: int, backend: ZlibBackend, *, client: bool
) -> Deflater:
    if client:
        bits, fresh = deflate.client_max_window_bits, deflate.client_no_context_takeover
    else:
        bits, fresh = deflate.server_max_window_bits, deflate.server_no_context_takeover
    return Deflater(bits, fresh=fresh, level=level, backend=backend)
