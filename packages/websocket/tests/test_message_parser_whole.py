"""What comes as one frame takes a shorter way; it must lead to the same place."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import DeflateParameters, FrameWriter, MessageParser, WSMsgType

from .test_message_parser_splits import DEFLATES, FIRSTS, shown

SERVER = FrameWriter(client=False)
SIZES = [1, 2, 125, 126, 127, 4000, 65_535]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("decode_text", [True, False])
def test_a_whole_message_is_given(size: int, decode_text: bool) -> None:
    parser = MessageParser(client=True, decode_text=decode_text)
    assert parser.whole(SERVER.frame(0x82, b"b" * size)) == (WSMsgType.BINARY, b"b" * size, "")
    text = "t" * size if decode_text else b"t" * size
    assert parser.whole(SERVER.frame(0x81, b"t" * size)) == (WSMsgType.TEXT, text, "")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x82",
        b"\x82\x00",
        b"\x82\x03ab",
        b"\x82\x01ab",
        b"\x02\x02ab",
        b"\x80\x02ab",
        b"\x89\x02ab",
        b"\x88\x02\x03\xe8",
        b"\xc2\x02ab",
        b"\x82\x82ab",
        b"\x82\x7e\x00\x05abcde",
        b"\x82\x7e\x00" + b"\x7d" + b"a" * 125,
        SERVER.frame(0x82, b"a" * 200)[:-1],
        SERVER.frame(0x82, b"a" * 200) + b"b",
        SERVER.frame(0x82, b"a" * 65_536),
        SERVER.frame(0x81, b"ab") * 2,
        b"\x81\x02\xe9\xe9",
    ],
)
def test_what_is_no_whole_message_leaves_no_trace(data: bytes) -> None:
    tried, other = (MessageParser(client=True, max_msg_size=0) for _ in range(2))
    assert tried.whole(data) is None
    assert shown(tried.feed(data)) == shown(other.feed(data))


def test_what_was_begun_has_to_be_ended_first() -> None:
    parser = MessageParser(client=True)
    message = SERVER.frame(0x82, b"ab")
    for begun, rest in [(b"\x82", b"\x01c"), (b"\x82\x7e", b"\x00\x7e" + b"c" * 126)]:
        parser.feed(begun)
        assert parser.whole(message) is None
        assert len(parser.feed(rest)) == 1
        assert parser.whole(message)
    parser.feed(b"\x02\x01c")
    assert parser.whole(message) is None
    assert parser.feed(b"\x80\x00") == [(WSMsgType.BINARY, b"c", "")]
    assert parser.whole(message)


def test_nothing_is_given_after_the_end() -> None:
    parser = MessageParser(client=True)
    parser.stop()
    assert parser.whole(SERVER.frame(0x82, b"ab")) is None


def test_a_limit_holds() -> None:
    parser = MessageParser(client=True, max_msg_size=200)
    assert parser.whole(SERVER.frame(0x82, b"a" * 200))
    assert parser.whole(SERVER.frame(0x82, b"a" * 201)) is None


def test_what_a_client_sends_is_masked_and_never_taken() -> None:
    parser = MessageParser(client=False)
    assert parser.whole(FrameWriter(client=True).frame(0x82, b"ab")) is None
    assert parser.whole(SERVER.frame(0x82, b"ab")) is None


@given(
    deflate=DEFLATES,
    limit=st.sampled_from([0, 10, 200]),
    pieces=st.lists(
        st.one_of(
            st.tuples(FIRSTS, st.binary(max_size=300)).map(lambda frame: SERVER.frame(*frame)),
            st.binary(max_size=10),
        ),
        max_size=6,
    ),
)
def test_the_messages_are_the_same(
    deflate: DeflateParameters | None, limit: int, pieces: list[bytes]
) -> None:
    tried, other = (
        MessageParser(client=True, deflate=deflate, max_msg_size=limit) for _ in range(2)
    )
    for piece in pieces:
        message = tried.whole(piece)
        found = tried.feed(piece) if message is None else [message]
        assert shown(found) == shown(other.feed(piece))


@pytest.mark.parametrize("size", [0, 1, 10, 200, 5000, 70_000, 200_000])
@pytest.mark.parametrize("kind", [WSMsgType.TEXT, WSMsgType.BINARY])
def test_a_compressed_message_alone_or_among_others(size: int, kind: WSMsgType) -> None:
    writer = FrameWriter(client=False, deflate=DeflateParameters())
    parser = MessageParser(client=True, deflate=DeflateParameters())
    data = bytes(ord("a") + number * number % 23 for number in range(size))
    wanted = (kind, data.decode() if kind is WSMsgType.TEXT else data, "")
    for count in (1, 2, 1):
        octets = b"".join(writer.message(data, kind) for _ in range(count))
        assert parser.whole(octets) is None
        assert parser.feed(octets) == [wanted] * count


def test_a_compressed_message_whose_payload_is_too_big_is_refused_before_it_is_inflated() -> None:
    parser = MessageParser(client=True, deflate=DeflateParameters(), max_msg_size=100)
    # What cannot be compressed may be an eighth and 64 octets more.
    (message,) = parser.feed(SERVER.frame(0xC2, b"\xff" * 177))
    assert "more than 100 octets" in str(message.data)


def test_a_compressed_message_of_more_than_64_kib_on_the_wire() -> None:
    writer = FrameWriter(client=False, deflate=DeflateParameters())
    parser = MessageParser(client=True, deflate=DeflateParameters())
    data = Random(1).randbytes(70_000)
    octets = writer.message(data, WSMsgType.BINARY)
    assert len(octets) > 70_000
    assert parser.feed(octets) == [(WSMsgType.BINARY, data, "")]


@pytest.mark.parametrize("data", [b"\xc2\x7e\x00\x05abcde", b"\xc2\x82\0\0\0\0ab"])
def test_a_compressed_message_in_a_frame_that_is_wrong(data: bytes) -> None:
    parser = MessageParser(client=True, deflate=DeflateParameters())
    assert shown(parser.feed(data)) == [("ERROR", 1002)]


def test_a_compressed_message_in_pieces() -> None:
    octets = FrameWriter(client=False, deflate=DeflateParameters()).message(b"a", WSMsgType.BINARY)
    parser = MessageParser(client=True, deflate=DeflateParameters())
    assert parser.feed(octets[:-1]) == []
    assert parser.feed(octets[-1:]) == [(WSMsgType.BINARY, b"a", "")]
