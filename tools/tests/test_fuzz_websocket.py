"""The fuzzer's targets for WebSockets find what is planted."""

from collections.abc import Callable

import pytest

from fuzz import (
    _frame_targets,
    _handshake_targets,
    _inflate_target,
    _message_identity_target,
    _websocket_reading,
)
from fuzz._input import Input
from fuzz._target import FindingError
from fuzz._targets import TARGETS
from martlet_websocket import (
    Acceptance,
    DeflateParameters,
    Extension,
    FrameWriter,
    MessageParser,
    WebSocketConnection,
    WebSocketError,
    WSMessage,
    WSMsgType,
    accept_handshake,
)

HELLO = b"\x81\x05hello"
TEXT = WSMessage(WSMsgType.TEXT, "hello", "")
CLOSE = WSMessage(WSMsgType.CLOSE, 1000, "")
FRAMES = b"\x10\0\0\0"  # of no compression, without limits; octet by octet


class Tale(MessageParser):
    """Gives the messages that it is told to, one list for each call."""

    def __init__(self, *told: list[WSMessage], eventful: bool | None = None) -> None:
        super().__init__(client=True)
        self.told = list(told)
        self.pretended = eventful

    def feed(self, data: bytes | bytearray | memoryview) -> list[WSMessage]:
        messages = self.told.pop(0)
        data_only = {message.type for message in messages} <= {WSMsgType.TEXT, WSMsgType.BINARY}
        self.eventful = not data_only if self.pretended is None else self.pretended
        return messages


def read(parser: Tale, limit: int = 0) -> list[WSMessage]:
    return _websocket_reading.read(parser, [b"x"] * len(parser.told), limit)


def error(code: int, text: str = "short") -> WSMessage:
    return WSMessage(WSMsgType.ERROR, WebSocketError(code, text), None)


def test_there_is_a_target_for_each_part() -> None:
    wanted = {"ws-client", "ws-server", "ws-long", "ws-inflate", "ws-identity"}
    assert wanted | {"ws-response", "ws-request", "ws-agreement", "ws-extensions"} <= set(TARGETS)


def test_taking_some_bytes() -> None:
    source = Input(b"\x01abc")
    assert (source.byte(), source.take(2), source.take(2), source.rest()) == (1, b"ab", b"c", b"")


def test_a_reading_that_makes_sense() -> None:
    assert read(Tale([TEXT], [TEXT, CLOSE], [])) == [TEXT, TEXT, CLOSE]
    read(Tale([error(1002)]))
    read(Tale([TEXT]), 5)


@pytest.mark.parametrize(
    ("parser", "limit", "finding"),
    [
        (Tale([CLOSE], [TEXT]), 0, "follows the end"),
        (Tale([error(1009), TEXT]), 0, "messages follow the end"),
        (Tale([TEXT], eventful=True), 0, "eventful is True"),
        (Tale([CLOSE], eventful=False), 0, "eventful is False"),
        (Tale([TEXT]), 4, "5 octets, with a limit of 4"),
        (Tale([WSMessage(WSMsgType.PING, bytes(126), "")]), 0, "126 octets"),
        (Tale([error(1000)]), 0, "not documented"),
        (Tale([WSMessage(WSMsgType.ERROR, ValueError(), None)]), 0, "not documented"),
        (Tale([error(1002, "x" * 2000)]), 0, "text of an error is long"),
        (Tale([WSMessage(WSMsgType.CLOSE, 1000, None)]), 0, "a close frame is"),
    ],
)
def test_a_reading_that_makes_none(parser: Tale, limit: int, finding: str) -> None:
    with pytest.raises(FindingError, match=finding):
        read(parser, limit)


class Talkative(WebSocketConnection):
    """Answers what need not be answered."""

    def answers(self) -> bytes:
        return super().answers() or FrameWriter(client=True).frame(0x82, b"")


class Silent(WebSocketConnection):
    """Answers nothing."""

    def answers(self) -> bytes:
        super().answers()
        return b""


class Restless(WebSocketConnection):
    """Sends a close frame after the end."""

    def close(self, code: int = 1000, reason: str | bytes = b"") -> bytes:
        return b"\x88\0"


@pytest.mark.parametrize(
    ("kind", "finding"),
    [(Talkative, "it answers"), (Silent, "after the answers"), (Restless, "sends after the end")],
)
def test_an_end_that_breaks_the_protocol_is_found(
    kind: Callable[..., WebSocketConnection], finding: str
) -> None:
    with pytest.raises(FindingError, match=finding):
        _websocket_reading.converse(kind(client=True), [HELLO, b"\x88\0"], client=True)


class Deaf(MessageParser):
    """Loses what comes in pieces of one octet, if it is the octet `o`."""

    def feed(self, data: bytes | bytearray | memoryview) -> list[WSMessage]:
        return super().feed(b"0" if data == b"o" else data)


class Wordy(MessageParser):
    """Gives more than it got."""

    def feed(self, data: bytes | bytearray | memoryview) -> list[WSMessage]:
        return [
            message._replace(data="hello, hello!") if message.type is WSMsgType.TEXT else message
            for message in super().feed(data)
        ]


@pytest.mark.parametrize(("parser", "finding"), [(Deaf, "whole: "), (Wordy, "13 octets come out")])
def test_faults_of_a_parser_are_found(
    monkeypatch: pytest.MonkeyPatch, parser: type[MessageParser], finding: str
) -> None:
    assert _frame_targets.read_frames(True, FRAMES + HELLO) == 4 * 7 + 3 * 5
    monkeypatch.setattr(_frame_targets, "MessageParser", parser)
    with pytest.raises(FindingError, match=finding):
        _frame_targets.read_frames(True, FRAMES + HELLO)


def test_what_is_inflated_wrongly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    good = b"\x06\0\0\0" + bytes.fromhex("f2 48 cd c9 c9 07 00")
    assert _inflate_target.inflate(good) == 4 * 7 + 3 * 5 + 2 * (1 << 20)
    compare = _inflate_target._compare
    binary = WSMessage(WSMsgType.BINARY, b"hello", "")
    for found, payload, limit, finding in (
        ([], good[4:], 100, "gives nothing"),
        ([binary], good[4:], 100, "zlib gives b'Hello'"),
        ([binary], b"\xff" * 9, 100, "zlib refuses"),
        ([error(1007)], bytes.fromhex("ca 43 00"), 9, "more than 9 octets"),
    ):
        with pytest.raises(FindingError, match=finding):
            compare(found, payload, limit, text=False)
    compare([error(1007)], _inflate_target._packed(b"\xff"), 100, text=True)
    monkeypatch.setattr(_inflate_target, "_frames", lambda _first, parts: b"\x82\0" * len(parts))
    with pytest.raises(FindingError, match="whole: "):
        _inflate_target.inflate(good)


def test_what_is_written_wrongly_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\0" * 6 + b"\x01\0\x05hello"
    assert _message_identity_target.write_and_read(data) > 0
    monkeypatch.setattr(_message_identity_target, "_write", lambda *_: b"\x82\x80" + bytes(4))
    with pytest.raises(FindingError, match="written: "):
        _message_identity_target.write_and_read(data)


def accepting(deflate: DeflateParameters | None, value: str) -> Callable[..., Acceptance]:
    def accept(*args: object, **options: object) -> Acceptance:
        accepted = accept_handshake("GET", _handshake_targets._handshake().fields())
        fields = [*accepted.fields, ("Sec-WebSocket-Extensions", value)]
        return Acceptance(fields, None, deflate)

    return accept


def test_sides_that_do_not_agree_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _handshake_targets.agree(b"\0" * 5) == 0
    bits = DeflateParameters(client_max_window_bits=9)
    monkeypatch.setattr(
        _handshake_targets, "accept_handshake", accepting(bits, "permessage-deflate")
    )
    with pytest.raises(FindingError, match="client_max_window_bits=9"):
        _handshake_targets.agree(b"\0" * 5)


def test_a_line_that_a_client_puts_into_a_response_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_handshake_targets, "accept_handshake", accepting(None, "a\r\nb: c"))
    with pytest.raises(FindingError, match="a response has"):
        _handshake_targets.accept_request(b"\0")


def test_what_was_not_offered_may_not_be_granted() -> None:
    check = _handshake_targets._check_granted
    offer = _handshake_targets._OFFERS[2]
    check(offer, DeflateParameters())
    for wrong_offer, granted in (
        (None, DeflateParameters()),
        (offer, DeflateParameters(client_max_window_bits=10)),
        (_handshake_targets._OFFERS[3], DeflateParameters()),
    ):
        with pytest.raises(FindingError, match="is answered with"):
            check(wrong_offer, granted)


def test_extensions_that_are_written_otherwise_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _handshake_targets.read_extensions(b"\0\0\0a; b=c") == 12
    monkeypatch.setattr(Extension, "serialize", lambda self: "b")
    with pytest.raises(FindingError, match="is written as 'b'"):
        _handshake_targets.read_extensions(b"\0\0\0a; b=c")
