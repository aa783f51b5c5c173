import pytest

from martlet_websocket import (
    DeflateParameters,
    FrameWriter,
    MessageParser,
    WebSocketError,
    WSMessage,
    WSMsgType,
)

SIZES = [0, 1, 125, 126, 127, 400, 65535, 65536, 100_000]


def shown(messages: list[WSMessage]) -> list[tuple[str, object]]:
    return [
        (m.type.name, m.data.code if isinstance(m.data, WebSocketError) else m.data)
        for m in messages
    ]


def fed(data: str, *, client: bool = True, max_msg_size: int = 0) -> list[tuple[str, object]]:
    parser = MessageParser(client=client, max_msg_size=max_msg_size)
    return shown(parser.feed(bytes.fromhex(data)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("81 05 48 65 6c 6c 6f", ("TEXT", "Hello")),
        ("01 03 48 65 6c 80 02 6c 6f", ("TEXT", "Hello")),
        ("89 05 48 65 6c 6c 6f", ("PING", b"Hello")),
        ("8a 00", ("PONG", b"")),
        ("82 7e 01 00" + "61" * 256, ("BINARY", b"a" * 256)),
        ("82 7f 00 00 00 00 00 01 00 00" + "61" * 65536, ("BINARY", b"a" * 65536)),
    ],
)
def test_the_examples_of_the_rfc(data: str, message: tuple[str, object]) -> None:
    assert fed(data) == [message]


def test_the_masked_examples_of_the_rfc() -> None:
    assert fed("81 85 37 fa 21 3d 7f 9f 4d 51 58", client=False) == [("TEXT", "Hello")]
    assert fed("8a 85 37 fa 21 3d 7f 9f 4d 51 58", client=False) == [("PONG", b"Hello")]


@pytest.mark.parametrize("client", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_messages_of_all_sizes(client: bool, size: int) -> None:
    writer = FrameWriter(client=not client)
    data = b"x" * size
    frames = writer.message(data, WSMsgType.TEXT) + writer.message(data, WSMsgType.BINARY)
    for decode_text, text in ((True, data.decode()), (False, data)):
        parser = MessageParser(client=client, decode_text=decode_text)
        wanted = [(WSMsgType.TEXT, text, ""), (WSMsgType.BINARY, data, "")]
        for _ in range(2):
            messages = parser.feed(frames)
            assert messages == wanted
            assert [type(message) for message in messages] == [WSMessage, WSMessage]
        for kind in (bytearray, memoryview):
            assert parser.feed(kind(frames)) == wanted


def test_control_frames_come_between_fragments() -> None:
    assert fed("01 01 61 89 01 62 8a 00 00 00 80 01 63") == [
        ("PING", b"b"),
        ("PONG", b""),
        ("TEXT", "ac"),
    ]


def test_a_close_frame_is_the_last() -> None:
    parser = MessageParser(client=True)
    assert shown(parser.feed(bytes.fromhex("81 00 88 02 03 e8 81 00"))) == [
        ("TEXT", ""),
        ("CLOSE", 1000),
    ]
    assert parser.feed(b"\x81\0") == []
    assert fed("88 00") == [("CLOSE", 0)]
    assert MessageParser(client=True).feed(b"\x88\x05\x0f\xa0bye") == [
        (WSMsgType.CLOSE, 4000, "bye")
    ]


def test_what_is_eventful() -> None:
    parser = MessageParser(client=True)
    for data, eventful in (
        (b"\x81\0\x82\0", False),
        (b"\x8a\0", True),
        (b"\x81\0", False),
        (b"\x81\0\xff\0", True),
        (b"\x81\0", False),
    ):
        parser.feed(data)
        assert parser.eventful is eventful


def test_after_a_stop_everything_is_ignored() -> None:
    parser = MessageParser(client=True)
    assert parser.feed(b"\x81") == []
    parser.stop()
    assert parser.feed(b"\0\x81\0") == []


@pytest.mark.parametrize(
    "data",
    [
        "81 80 00 00 00 00",  # masked, from a server
        "83 00",  # unknown opcodes
        "8b 00",
        "c1 00",  # reserved bits
        "a1 00",
        "99 00",
        "80 00",  # nothing to continue
        "01 00 81 00",  # not finished
        "01 00 02 00",
        "09 00",  # control frames
        "08 02 03 e8",
        "89 7e 00 7e",
        "88 7f",
        "81 7e 00 7d",  # lengths that are not the shortest
        "81 7e 00 00",
        "81 7f 00 00 00 00 00 00 ff ff",
        "81 7f 80 00 00 00 00 01 00 00",  # 64 bits
        "88 01 03",  # close codes
        "88 02 03 e7",
        "88 02 03 ed",
    ],
)
def test_what_breaks_the_protocol(data: str) -> None:
    assert fed("81 01 61" + data + "81 01 62") == [("TEXT", "a"), ("ERROR", 1002)]


def test_what_breaks_the_protocol_of_a_client() -> None:
    assert fed("81 00", client=False) == [("ERROR", 1002)]
    assert fed("81 7e 00 7e", client=False) == [("ERROR", 1002)]


@pytest.mark.parametrize(
    "data",
    [
        "81 01 ff",
        "81 7e 00 7e" + "ff" * 126,
        "81 7e 00 7e 61 ff",  # before the frame is complete
        "01 01 c3 00 01 28",  # before the message is
        "01 01 c3 80 00",
        "88 03 03 e8 ff",
    ],
)
def test_what_is_no_text(data: str) -> None:
    assert fed(data) == [("ERROR", 1007)]


@pytest.mark.parametrize(
    "data",
    [
        "82 0b",  # from the head alone
        "82 7e 00 7e",
        "82 7f 00 00 00 00 00 01 00 00",
        "82 7f 7f ff ff ff ff ff ff ff",
        "02 0a" + "61" * 10 + "00 01",
    ],
)
def test_what_is_too_big(data: str) -> None:
    complete = data + "61" * 0x7E
    assert fed(complete, max_msg_size=10) == [("ERROR", 1009)]
    assert fed("82 0a" + "61" * 10, max_msg_size=10) == [("BINARY", b"a" * 10)]


def test_a_text_that_is_none_has_its_cause() -> None:
    (message,) = MessageParser(client=True).feed(b"\x81\x01\xff")
    assert isinstance(message.data.__cause__, UnicodeDecodeError)
    assert message.extra is None


@pytest.mark.parametrize("data", [b"\x81\x01\xff", b"\x01\x01\xff", b"\xc1\x02\xff\xff", b"\xff\0"])
def test_an_error_keeps_nothing_alive(data: bytes) -> None:
    (message,) = MessageParser(client=True, deflate=DeflateParameters()).feed(data)
    error: BaseException | None = message.data
    while error is not None:
        assert error.__traceback__ is None
        error = error.__cause__ or error.__context__


def test_compressed_messages_and_others() -> None:
    deflate = DeflateParameters()
    writer = FrameWriter(client=False, deflate=deflate)
    text = b"to be or not to be " * 40
    frames = b"".join(
        (
            writer.message(text, WSMsgType.TEXT),
            writer.message(text, WSMsgType.TEXT, compress=False),
            writer.message(text, WSMsgType.BINARY, fragment_size=7),
        )
    )
    parser = MessageParser(client=True, deflate=deflate)
    assert parser.feed(frames) == [
        (WSMsgType.TEXT, text.decode(), ""),
        (WSMsgType.TEXT, text.decode(), ""),
        (WSMsgType.BINARY, text, ""),
    ]
    assert shown(MessageParser(client=True).feed(frames)) == [("ERROR", 1002)]


def test_compressed_data_that_is_none() -> None:
    parser = MessageParser(client=True, deflate=DeflateParameters())
    assert shown(parser.feed(b"\xc1\x02\xff\xff")) == [("ERROR", 1007)]


@pytest.mark.parametrize("client", [True, False])
def test_a_head_may_come_octet_by_octet(client: bool) -> None:
    writer = FrameWriter(client=not client)
    for size in (0, 126, 65536):
        frame = writer.message(b"a" * size, WSMsgType.BINARY)
        parser = MessageParser(client=client)
        head = len(frame) - size
        found: list[WSMessage] = []
        for place in range(head):
            found += parser.feed(frame[place : place + 1])
        found += parser.feed(frame[head:])
        assert found == [(WSMsgType.BINARY, b"a" * size, "")]


@pytest.mark.parametrize("first", [b"\x81", b"\x01"])
def test_what_is_no_text_is_told_before_a_small_frame_is_complete(first: bytes) -> None:
    parser = MessageParser(client=True)
    assert parser.feed(first + b"\x05a\xc3") == []
    assert shown(parser.feed(b"\xff")) == [("ERROR", 1007)]


def test_so_it_is_when_it_is_masked() -> None:
    parser = MessageParser(client=False)
    assert parser.feed(b"\x81\x85\1\2\3\4" + bytes([0x61 ^ 1, 0xC3 ^ 2])) == []
    assert shown(parser.feed(bytes([0xFF ^ 3]))) == [("ERROR", 1007)]


def test_what_is_too_long_is_too_long_all_the_same() -> None:
    parser = MessageParser(client=True, max_msg_size=4)
    assert parser.feed(b"\x81\x05\xff\xff") == []
    assert shown(parser.feed(b"\xff\xff\xff")) == [("ERROR", 1009)]
