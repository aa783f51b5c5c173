"""Reading the messages of a WebSocket, and checking each one by itself."""

from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import TypeAlias

from martlet_websocket import (
    DeflateParameters,
    MessageParser,
    WebSocketConnection,
    WebSocketError,
    WSMessage,
    WSMsgType,
    WSState,
)

from ._target import FindingError

__all__ = ["DEFLATES", "Event", "converse", "facts", "masks", "read", "size_of"]

Event: TypeAlias = tuple[str, object, object]

# What may be agreed on, in the ways that matter to who reads.
DEFLATES = (
    None,
    DeflateParameters(),
    DeflateParameters(server_no_context_takeover=True, client_no_context_takeover=True),
    DeflateParameters(server_max_window_bits=9, client_max_window_bits=8),
)
_CODES = (1002, 1007, 1009)
_MOST_CONTROL = 125
# The longest texts show 60 octets, each escaped as four characters.
_LONGEST_TEXT = 1_000
_ENDS = (WSMsgType.CLOSE, WSMsgType.ERROR)
_ANSWERS = (WSMsgType.PONG, WSMsgType.CLOSE)
_MASK = b"\x37\xfa\x21\x3d\0\0\0\0\xff\x80\x7f\x01"


def masks(size: int) -> bytes:
    """Octets for masks that are the same each time: some that hide, and one that does not."""
    source: Iterator[int] = cycle(_MASK)
    return bytes(next(source) for _ in range(size))


def read(parser: MessageParser, pieces: Iterable[bytes], limit: int) -> list[WSMessage]:
    """Feed *pieces*; look at each message; *limit*: how long one may be, 0 for any."""
    found: list[WSMessage] = []
    for piece in pieces:
        messages = parser.feed(piece)
        if parser.eventful != any(
            message.type not in {WSMsgType.TEXT, WSMsgType.BINARY} for message in messages
        ):
            raise FindingError(f"eventful is {parser.eventful} after {messages!r:.300}")
        if messages and found and found[-1].type in _ENDS:
            raise FindingError(f"{messages!r:.300} follows the end {found[-1]!r:.300}")
        found += messages
    for place, message in enumerate(found):
        _check(message, limit)
        if message.type in _ENDS and place < len(found) - 1:
            raise FindingError(f"messages follow the end {message!r:.300}")
    return found


def _check(message: WSMessage, limit: int) -> None:
    data, kind = message.data, message.type
    if kind is WSMsgType.ERROR:
        if not isinstance(data, WebSocketError) or data.code not in _CODES:
            raise FindingError(f"an error that is not documented: {data!r:.300}")
        if max(len(str(data)), len(repr(data))) > _LONGEST_TEXT:
            raise FindingError(f"the text of an error is long: {data!r:.2000}")
    elif kind is WSMsgType.CLOSE:
        if not isinstance(data, int) or not isinstance(message.extra, str):
            raise FindingError(f"a close frame is {message!r:.300}")
    else:
        size = size_of(message)
        control = kind in {WSMsgType.PING, WSMsgType.PONG}
        if size > _MOST_CONTROL if control else limit and size > limit:
            raise FindingError(f"{kind!r} of {size} octets, with a limit of {limit}")


def size_of(message: WSMessage) -> int:
    """How many octets a message has; 0 for what is no data."""
    data = message.data
    if isinstance(data, str):
        return len(data.encode())
    return len(data) if isinstance(data, bytes) else 0


def facts(messages: Iterable[WSMessage]) -> list[Event]:
    """All of the messages that has to be the same, however they were cut."""
    return [
        (message.type.name, getattr(message.data, "code", message.data), message.extra)
        for message in messages
    ]


def converse(connection: WebSocketConnection, pieces: Iterable[bytes], *, client: bool) -> None:
    """Let one end live through *pieces*: what it answers, its peer has to understand."""
    peer = MessageParser(client=not client)
    answers: list[WSMessage] = []
    for piece in pieces:
        connection.receive_data(piece)
        answers += read(peer, [connection.answers()], 0)
    if any(answer.type not in _ANSWERS for answer in answers):
        raise FindingError(f"it answers {answers!r:.300}")
    closed = bool(answers) and answers[-1].type is WSMsgType.CLOSE
    if closed != (connection.state is WSState.CLOSED):
        raise FindingError(f"{connection!r} after the answers {answers!r:.300}")
    connection.receive_eof()
    if connection.state is not WSState.CLOSED or connection.close_code is None:
        raise FindingError(f"{connection!r} after the end")
    if connection.answers() or connection.close():
        raise FindingError(f"{connection!r} sends after the end")
