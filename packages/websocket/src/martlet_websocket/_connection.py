"""One end of an open WebSocket: what may be sent, what is answered, when it is over.

There is no I/O here. Whoever has the transport
- gives what it reads to ``receive_data`` and its end to ``receive_eof``;
- writes what the ``send_…`` methods, ``ping``, ``pong`` and ``close`` return, in the order of the
  calls;
- writes what ``answers`` returns after each ``receive_data``;
- closes it when the state is CLOSED.
"""

import os
import zlib
from collections.abc import Callable
from typing import Final

from ._close_code import NO_STATUS, WSCloseCode
from ._close_payload import serialize_close
from ._deflate_parameters import DeflateParameters
from ._errors import WebSocketStateError
from ._frame_rules import FIN
from ._frame_writer import FrameWriter
from ._limits import MAX_MSG_SIZE, MAX_PONGS
from ._message import WSMessage
from ._message_parser import MessageParser
from ._message_type import WSMsgType
from ._states import TRANSITIONS, Step, WSState
from ._zlib_backend import ZlibBackend

_WHOLE_TEXT: Final = FIN | WSMsgType.TEXT
_WHOLE_BINARY: Final = FIN | WSMsgType.BINARY
# Looked up once: attributes of an enumeration take their time.
_TEXT: Final = WSMsgType.TEXT
_BINARY: Final = WSMsgType.BINARY
_PONG: Final = WSMsgType.PONG
_DATA: Final = frozenset({_TEXT, _BINARY})


class WebSocketConnection:
    """A connection after its opening handshake.

    Args:
        client: Whether this is the client's end.
        deflate: What was agreed on for permessage-deflate; None for no compression.
        max_msg_size: Octets of a received message at most, before and after decompression; 0 for
            any.
        decode_text: Whether text is given as ``str``; else it is checked and given as ``bytes``.
        autoping: Whether PINGs are answered, and they and PONGs kept from the user.
        autoclose: Whether ``answers`` answers the peer's CLOSE; else ``close`` has to.
        level: zlib's level for what is sent, 1 (fastest) to 9 (smallest).
        zlib_backend: What compresses and decompresses: ``zlib``, or a module of its shape.
        random: Gives random octets for masks; for tests.

    Raises:
        TypeError: The backend is none.
        ValueError: The level is none, or ``max_msg_size`` is negative.
    """

    __slots__ = (
        "_answer",
        "_autoclose",
        "_autoping",
        "_parser",
        "_plain",
        "_pongs",
        "_sealed",
        "_state",
        "_writer",
        "close_code",
        "close_reason",
        "eventful",
        "receive_whole",
    )

    eventful: bool
    """Whether ``receive_data`` has last brought anything but text and binary messages; if not, its
    state is as it was, and there are no answers."""

    def __init__(
        self,
        *,
        client: bool,
        deflate: DeflateParameters | None = None,
        max_msg_size: int = MAX_MSG_SIZE,
        decode_text: bool = True,
        autoping: bool = True,
        autoclose: bool = True,
        level: int = 1,
        zlib_backend: ZlibBackend = zlib,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        if max_msg_size < 0:
            raise ValueError(f"max_msg_size is 0 or more, not {max_msg_size}")
        self._parser = MessageParser(
            client=client,
            deflate=deflate,
            max_msg_size=max_msg_size,
            decode_text=decode_text,
            zlib_backend=zlib_backend,
        )
        self.receive_whole: Callable[[bytes], WSMessage | None] = self._parser.whole
        """Gives the message that is all of what was read, if it is one; else None, and nothing
        happened.

        A shorter way than ``receive_data`` for what comes most: one frame that is a message of up
        to 64 KiB, neither compressed nor masked. The state is as it was, and there are no answers.
        """
        self._writer = FrameWriter(
            client=client, deflate=deflate, level=level, zlib_backend=zlib_backend, random=random
        )
        self._autoping = autoping
        self._autoclose = autoclose
        self._plain = deflate is None  # nothing has to be asked for each message
        self._state = WSState.OPEN
        self.eventful = False
        self._sealed = False  # a close frame went out, or nothing can
        self._pongs: list[bytes] = []
        self._answer: bytes | None = None  # a close frame's payload
        self.close_code: int | None = None
        """Why it was closed: the code that the peer sent (1005 if its close frame had none); 1006
        if the transport ended without a close frame; that of an error. None before."""
        self.close_reason: str = ""
        """What the peer gave as its reason."""

    def __repr__(self) -> str:
        code = "" if self.close_code is None else f", {self.close_code}"
        return f"<{type(self).__name__}: {self._state.value}{code}>"

    @property
    def state(self) -> WSState:
        """Where the connection is in its life."""
        return self._state

    def receive_data(self, data: bytes | bytearray | memoryview) -> list[WSMessage]:
        """Take what was read; call ``answers`` next.

        Returns:
            The messages that are complete. The last may be a CLOSE, or of type ERROR with a
            ``WebSocketError`` as its data; whatever comes after one of these is ignored.
        """
        parser = self._parser
        messages = parser.feed(data)
        if not parser.eventful:
            self.eventful = False
            return messages
        self.eventful = True
        for message in messages:
            if message.type is WSMsgType.PING:
                # Only the last has to be answered (5.5.3), so that a flood takes no memory.
                if len(self._pongs) == MAX_PONGS:
                    self._pongs.pop()
                self._pongs.append(message.data)
            elif message.type is WSMsgType.CLOSE:
                self._receive_close(message)
            elif message.type is WSMsgType.ERROR:
                self._fail(message.data.code)
        if not self._autoping:
            self._pongs.clear()
            return messages
        return [
            message
            for message in messages
            if message.type is not WSMsgType.PING and message.type is not WSMsgType.PONG
        ]

    def receive_eof(self) -> None:
        """Take the end of the transport, or its loss; nothing can be sent any more."""
        if self._state is not WSState.CLOSED:
            if self.close_code is None:
                self.close_code = WSCloseCode.ABNORMAL_CLOSURE.value
            self._step(Step.LOSE)
        self._parser.stop()
        self._pongs.clear()
        self._answer = None

    def answers(self) -> bytes:
        """Give what has to be written because of what was received; empty if there is nothing.

        The peer's CLOSE is answered here, and what breaks the protocol; between ``receive_data``
        and this, messages that came before it may still be replied to.
        """
        answer, self._answer = self._answer, None
        octets = b""
        if self._pongs:
            if answer is not None or not self._sealed:
                # Nothing may follow the close frame that was sent.
                octets = b"".join(self._writer.control(_PONG, data) for data in self._pongs)
            self._pongs.clear()
        if answer is None:
            return octets
        self._step(Step.SEND_CLOSE)
        return octets + self._writer.control(WSMsgType.CLOSE, answer)

    def send_text(self, data: str | bytes, compress: bool | int | None = None) -> bytes:
        """Give a text message's frame.

        Args:
            data: The text, or its UTF-8, which is not checked.
            compress: Whether to compress it, if that was agreed on: yes if None or True, no if
                False or 0, with this level if 1 to 9.

        Raises:
            TypeError: The data is neither.
            ValueError: The text has surrogates, or there is no such level.
            WebSocketStateError: Nothing can be sent any more.
        """
        if self._sealed:
            raise self._over()
        payload = data.encode() if isinstance(data, str) else data
        if self._plain and payload.__class__ is bytes:
            return self._writer.frame(_WHOLE_TEXT, payload)
        return self._writer.message(payload, _TEXT, compress)

    def send_bytes(
        self, data: bytes | bytearray | memoryview, compress: bool | int | None = None
    ) -> bytes:
        """Give a binary message's frame; as ``send_text``."""
        if self._sealed:
            raise self._over()
        if self._plain and data.__class__ is bytes:
            return self._writer.frame(_WHOLE_BINARY, data)
        return self._writer.message(data, _BINARY, compress)

    def send_frame(
        self,
        data: bytes | bytearray | memoryview,
        opcode: WSMsgType,
        compress: bool | int | None = None,
    ) -> bytes:
        """Give a message of any kind but CLOSE, for which there is ``close``.

        Raises:
            TypeError: The data is no octets.
            ValueError: It is too long for a control frame; the opcode is none of TEXT, BINARY,
                PING and PONG.
            WebSocketStateError: Nothing can be sent any more.
        """
        if self._sealed:
            raise self._over()
        if opcode in _DATA:
            return self._writer.message(data, opcode, compress)
        if opcode in {WSMsgType.PING, WSMsgType.PONG}:
            return self._writer.control(opcode, data)
        raise ValueError(f"send TEXT, BINARY, PING or PONG, not {opcode!r}")

    def ping(self, data: str | bytes = b"") -> bytes:
        """Give a PING of 125 octets at most; as ``send_frame``."""
        return self.send_frame(_encoded(data), WSMsgType.PING)

    def pong(self, data: str | bytes = b"") -> bytes:
        """Give a PONG of 125 octets at most; as ``send_frame``."""
        return self.send_frame(_encoded(data), WSMsgType.PONG)

    def close(self, code: int = WSCloseCode.OK, reason: str | bytes = b"") -> bytes:
        """Give a close frame; nothing but it can be sent from now on.

        Returns:
            Empty if there is none to send any more.

        Raises:
            TypeError, ValueError: The code is none that may be sent, the reason is longer than 123
                octets or not UTF-8.
        """
        payload = serialize_close(code, reason)
        if self._sealed:
            return b""
        self._step(Step.SEND_CLOSE)
        self._answer = None
        return self._writer.control(WSMsgType.CLOSE, payload)

    def _receive_close(self, message: WSMessage) -> None:
        code: int = message.data
        self.close_code = code or NO_STATUS
        self.close_reason = message.extra or ""
        self._step(Step.RECEIVE_CLOSE)
        if self._autoclose and not self._sealed:
            # With its own code (5.5.1).
            self._answer = serialize_close(code) if code else b""

    def _fail(self, code: int) -> None:
        self.close_code = int(code)
        if self._sealed:
            self._step(Step.LOSE)
        else:
            # As after a close frame: what came before the error can still be replied to.
            self._answer = serialize_close(code)
            self._step(Step.RECEIVE_CLOSE)

    def _step(self, step: Step) -> None:
        self._state = TRANSITIONS[self._state, step]
        self._sealed = self._sealed or step is not Step.RECEIVE_CLOSE

    def _over(self) -> WebSocketStateError:
        return WebSocketStateError(f"nothing can be sent, the state is {self._state.value!r}")


def _encoded(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data
