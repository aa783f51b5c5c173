"""Makes messages of the octets that a peer sends (RFC 6455 section 5).

Most pieces are one frame each, which is a whole message: ``whole`` and ``_alone`` take it, without
a look at any state but one. Most other frames are whole messages of less than 126 octets: one loop
takes them, with nothing called for each but what makes the message. The rest goes through
``_frame``. Payloads of more than 125 octets are passed on as they come; frames below that, control
frames among them, wait until they are complete.
"""

import sys
import zlib
from codecs import utf_8_decode
from typing import Final

from ._close_code import WSCloseCode
from ._close_payload import parse_close
from ._deflate_parameters import DeflateParameters
from ._errors import WebSocketError
from ._frame_rules import BETWEEN, BETWEEN_DEFLATED, FIN, OPCODE, RSV1, WITHIN, refusal
from ._limits import MAX_MSG_SIZE, MAX_SMALL_FRAGMENTS
from ._masking import apply_mask
from ._message import WSMessage
from ._message_assembly import MessageAssembly, not_utf8
from ._message_type import WSMsgType
from ._zlib_backend import ZlibBackend

_TEXT: Final = 0x81
_BINARY: Final = 0x82
_WHOLE: Final = frozenset({_TEXT, _BINARY})
# With RSV1; allowed only where compression was agreed on.
_WHOLE_COMPRESSED: Final = frozenset({_TEXT | RSV1, _BINARY | RSV1})
# A text's first frame that is not compressed, whole or not.
_TEXT_BITS: Final = 0x7F
_TEXT_OPCODE: Final = 0x01
# Half the time of the constructor, and of the enumeration's attributes.
_new: Final = tuple.__new__
_BINARY_TYPE: Final = WSMsgType.BINARY
_TEXT_TYPE: Final = WSMsgType.TEXT
_MASKED: Final = 0x80
_FIRST_CONTROL: Final = 0x8
# The length is in the next 2 octets, or 8.
_MEDIUM: Final = 126
_LARGE: Final = 127


class MessageParser:
    """Reads messages, in pieces of any size.

    Args:
        client: Whether this is the client's end, to which frames come unmasked.
        deflate: What was agreed on for permessage-deflate; None for no compression.
        max_msg_size: Octets of a message at most, before and after decompression; 0 for any.
        max_small_fragments: Fragments of less than 1 KiB that a message may have.
        decode_text: Whether text is given as ``str``; else it is checked and given as ``bytes``.
        zlib_backend: What decompresses: ``zlib``, or a module of its shape.

    Raises:
        TypeError: The backend is none.

    Attributes:
        eventful: Whether the last call of ``feed`` gave anything but text and binary messages.
    """

    __slots__ = (
        "_allowed",
        "_assembly",
        "_between",
        "_clear",
        "_decode_text",
        "_done",
        "_fin",
        "_key",
        "_longest",
        "_mask_bit",
        "_messages",
        "_missing",
        "_quick",
        "_rest",
        "eventful",
    )

    def __init__(
        self,
        *,
        client: bool,
        deflate: DeflateParameters | None = None,
        max_msg_size: int = MAX_MSG_SIZE,
        max_small_fragments: int = MAX_SMALL_FRAGMENTS,
        decode_text: bool = True,
        zlib_backend: ZlibBackend = zlib,
    ) -> None:
        self._assembly = MessageAssembly(
            client=client,
            deflate=deflate,
            max_msg_size=max_msg_size,
            max_small_fragments=max_small_fragments,
            decode_text=decode_text,
            zlib_backend=zlib_backend,
        )
        self._decode_text = decode_text
        self._mask_bit = 0 if client else _MASKED
        self._longest = max_msg_size or sys.maxsize
        self._quick = min(self._longest, 125)
        self._between = BETWEEN if deflate is None else BETWEEN_DEFLATED
        self._allowed = self._between
        self._messages: list[WSMessage] = []
        self._rest = b""  # the beginning of a frame, less than a head and 125 octets
        self._missing = 0  # octets of a payload that is passed on as it comes
        self._key = b""
        self._fin = False
        self._done = False
        self._clear = client  # whether a frame begins next, of a new message, which is unmasked
        self.eventful: bool = False

    def feed(self, data: bytes | bytearray | memoryview) -> list[WSMessage]:
        """Take what came, and give the messages that it completes.

        An error is the last message: of type ERROR, with a ``WebSocketError`` as its data. After
        it, and after a CLOSE, whatever comes is ignored.
        """
        messages: list[WSMessage] = []
        if self._done:
            self.eventful = False
            return messages
        self._messages = messages
        self.eventful = False
        try:
            # (The attribute is faster than a call of `type`.)
            if data.__class__ is not bytes:
                data = bytes(data)
            if not self._clear or not self._alone(data, messages):
                self._frames(data, messages)
        except WebSocketError as exc:
            self._fail(exc)
        except UnicodeDecodeError as exc:
            error = not_utf8(exc)
            error.__cause__ = exc
            self._fail(error)
        return messages

    def stop(self) -> None:
        """Ignore whatever comes from now on."""
        self._done = True
        self._clear = False
        self._rest = b""

    def _fail(self, error: WebSocketError) -> None:
        # Tracebacks would keep this parser and what it was fed alive, in a circle.
        cause: BaseException | None = error
        while cause is not None:
            cause.__traceback__ = None
            cause = cause.__cause__
        self._messages.append(WSMessage(WSMsgType.ERROR, error, None))
        self.eventful = True
        self.stop()

    def whole(self, data: bytes) -> WSMessage | None:
        """Give the message that is all of what came, if it is one; else None, and nothing happened.

        That is a message in one frame, of up to 64 KiB, neither compressed nor masked, with
        nothing before it that is not complete. Whatever is None goes to ``feed``.
        """
        start = _payload_of_lone_frame(data)
        if not start or len(data) - start > self._longest or not self._clear:
            return None
        first = data[0]
        payload = data[start:]
        if first == _BINARY:
            return _new(WSMessage, (_BINARY_TYPE, payload, ""))
        if first != _TEXT:
            return None
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            return None
        return _new(WSMessage, (_TEXT_TYPE, text if self._decode_text else payload, ""))

    def _alone(self, data: bytes, messages: list[WSMessage]) -> bool:
        """Read a compressed message in one frame of up to 64 KiB, if that is all there is."""
        start = _payload_of_lone_frame(data)
        if not start or data[0] not in _WHOLE_COMPRESSED or data[0] not in self._between:
            return False
        messages.append(self._assembly.whole(data[0], data[start:]))
        return True

    def _frames(self, data: bytes, messages: list[WSMessage]) -> None:
        """Read all frames that are complete, and keep the rest."""
        position = 0
        if self._missing:
            position = self._payload(data, 0)
        elif self._rest:
            data = self._rest + data
        end = len(data)
        mask_bit, between, quick = self._mask_bit, self._between, self._quick
        head = 6 if mask_bit else 2
        while end - position > 1:
            first = data[position]
            length = data[position + 1] ^ mask_bit
            start = position + head
            stop = start + length
            if length <= quick and stop <= end and first in _WHOLE and self._allowed is between:
                payload = data[start:stop]
                if mask_bit:
                    payload = apply_mask(payload, data[position + 2 : start])
                position = stop
                if first == _BINARY:
                    messages.append(_new(WSMessage, (_BINARY_TYPE, payload, "")))
                else:
                    text = payload.decode()
                    messages.append(
                        _new(WSMessage, (_TEXT_TYPE, text if self._decode_text else payload, ""))
                    )
                continue
            after = self._frame(data, position)
            if self._done:
                return
            if after < 0:
                break
            position = after
        self._rest = data[position:]
        self._clear = position == end and not mask_bit and self._allowed is between

    def _frame(self, data: bytes, position: int) -> int:
        """Read a frame, or as much of a large one as there is.

        Returns:
            Where to go on; -1 if more is needed before anything can be done.
        """
        first = data[position]
        length = data[position + 1] ^ self._mask_bit
        if first not in self._allowed:
            within = self._allowed is WITHIN
            raise refusal(first, within=within, deflate=self._between is BETWEEN_DEFLATED)
        if length & _MASKED:
            is_ = "is not masked, from a client" if self._mask_bit else "is masked, from a server"
            raise _broken(f"a frame {is_}")
        control = first & OPCODE >= _FIRST_CONTROL
        position += 2
        if length >= _MEDIUM:
            if control:
                raise _broken("a control frame has more than 125 octets")
            size = 2 if length == _MEDIUM else 8
            if len(data) - position < size:
                return -1
            length = int.from_bytes(data[position : position + size])
            position += size
            if length < _MEDIUM or size == 8:
                _check_length(length, size)
        start = position + 4 if self._mask_bit else position
        stop = start + length
        if len(data) < start:
            return -1
        self._key = data[position:start]
        if length < _MEDIUM and len(data) < stop:
            if first & _TEXT_BITS == _TEXT_OPCODE and length <= self._longest:
                # What is no text is told as soon as it is there, here too.
                utf_8_decode(self._unmasked(data[start:]), "strict", False)
            return -1
        if control:
            self._control(first, self._unmasked(data[start:stop]))
            return stop
        if (
            stop <= len(data)
            and length <= self._longest
            and first in _WHOLE
            and self._allowed is self._between
        ):
            self._whole(first, self._unmasked(data[start:stop]))
            return stop
        if stop <= len(data) and first in _WHOLE_COMPRESSED and self._allowed is self._between:
            payload = self._unmasked(data[start:stop])
            self._messages.append(self._assembly.whole(first, payload))
            return stop
        self._assembly.begin(first, length)
        self._allowed = WITHIN
        self._fin = first & FIN > 0
        self._missing = length
        return self._payload(data, start)

    def _payload(self, data: bytes, start: int) -> int:
        """Pass on what there is of the payload, and give where it ends."""
        missing = self._missing
        stop = min(start + missing, len(data))
        piece = self._unmasked(data[start:stop])
        missing -= len(piece)
        self._missing = missing
        complete = self._fin and not missing
        self._assembly.add(piece, last=complete)
        if complete:
            self._allowed = self._between
            self._messages.append(self._assembly.finish())
        elif self._mask_bit:
            # The next piece begins in the middle of the key.
            turn = len(piece) & 3
            self._key = self._key[turn:] + self._key[:turn]
        return stop

    def _whole(self, first: int, payload: bytes) -> None:
        """Take a message that came in one piece."""
        if first == _BINARY:
            self._messages.append(_new(WSMessage, (_BINARY_TYPE, payload, "")))
            return
        text = payload.decode()
        data = text if self._decode_text else payload
        self._messages.append(_new(WSMessage, (_TEXT_TYPE, data, "")))

    def _control(self, first: int, payload: bytes) -> None:
        self.eventful = True
        kind = WSMsgType(first & OPCODE)
        if kind is WSMsgType.CLOSE:
            self._messages.append(WSMessage(kind, *parse_close(payload)))
            self.stop()
        else:
            self._messages.append(WSMessage(kind, payload, ""))

    def _unmasked(self, data: bytes) -> bytes:
        return apply_mask(data, self._key) if self._mask_bit else data


def _payload_of_lone_frame(data: bytes) -> int:
    """Tell where the payload begins, if all there is is one frame, as it is most of the time.

    0 if it is not; and for frames that are masked, empty, or of more than 64 KiB, and for lengths
    that are wrong, which are not looked into here.
    """
    length = len(data) - 2
    if 0 < length < _MEDIUM:
        return 2 if data[1] == length else 0
    length -= 2
    if length >= _MEDIUM and data[1] == _MEDIUM and data[2] << 8 | data[3] == length:
        return 4
    return 0


def _check_length(length: int, size: int) -> None:
    if length < _MEDIUM or (size == 8 and length < 1 << 16):
        raise _broken("a frame's length is not in its shortest form")
    if length >> 63:
        raise _broken("a frame's length has more than 63 bits")


def _broken(text: str) -> WebSocketError:
    return WebSocketError(WSCloseCode.PROTOCOL_ERROR, text)
