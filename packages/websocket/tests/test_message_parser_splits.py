"""Wherever the octets are cut: the same messages, the same error."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import (
    DeflateParameters,
    FrameWriter,
    MessageParser,
    WebSocketError,
    WSMessage,
    WSMsgType,
)
from martlet_websocket._close_payload import serialize_close

DEFLATES = st.sampled_from(
    [
        None,
        DeflateParameters(),
        DeflateParameters(
            server_no_context_takeover=True,
            client_no_context_takeover=True,
            server_max_window_bits=9,
            client_max_window_bits=8,
        ),
    ]
)
DATA = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=100).map(str.encode),
    st.integers(0, 5000).map(lambda size: b"ab\xc3\xa9" * size),
)
FIRSTS = st.one_of(
    st.sampled_from([0x00, 0x01, 0x02, 0x41, 0x42, 0x80, 0x81, 0x82, 0x89, 0x8A, 0xC1, 0xC2]),
    st.integers(0, 255),
)
KINDS = st.sampled_from([WSMsgType.TEXT, WSMsgType.BINARY])


def shown(messages: list[WSMessage]) -> list[object]:
    return [
        ("ERROR", message.data.code) if isinstance(message.data, WebSocketError) else message
        for message in messages
    ]


def in_pieces(parser: MessageParser, data: bytes, cuts: list[int]) -> list[object]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    found: list[WSMessage] = []
    for start, stop in pairwise(places):
        found += parser.feed(data[start:stop])
    return shown(found)


@given(
    client=st.booleans(),
    deflate=DEFLATES,
    limit=st.sampled_from([0, 10, 200, 4000]),
    frames=st.lists(st.tuples(FIRSTS, DATA), max_size=6),
    noise=st.binary(max_size=20),
    cuts=st.lists(st.integers(min_value=0)),
)
def test_frames_of_any_kind(
    client: bool,
    deflate: DeflateParameters | None,
    limit: int,
    frames: list[tuple[int, bytes]],
    noise: bytes,
    cuts: list[int],
) -> None:
    writer = FrameWriter(client=not client, random=lambda size: b"\x01\xfe\x37\x80" * (size // 4))
    data = b"".join(writer.frame(first, payload) for first, payload in frames) + noise
    whole, cut, each = (
        MessageParser(client=client, deflate=deflate, max_msg_size=limit, max_small_fragments=3)
        for _ in range(3)
    )
    wanted = shown(whole.feed(data))
    assert in_pieces(cut, data, cuts) == wanted
    assert in_pieces(each, data, list(range(len(data)))[:5000]) == wanted


@given(
    client=st.booleans(),
    deflate=DEFLATES,
    messages=st.lists(
        st.tuples(DATA, KINDS, st.sampled_from([None, True, False, 1, 9, 15]), st.integers(0, 70))
    ),
    close=st.none() | st.sampled_from([1000, 1014, 3000, 4999]),
    cuts=st.lists(st.integers(min_value=0)),
)
def test_what_is_written_is_read(
    client: bool,
    deflate: DeflateParameters | None,
    messages: list[tuple[bytes, WSMsgType, int | None, int]],
    close: int | None,
    cuts: list[int],
) -> None:
    writer = FrameWriter(client=not client, deflate=deflate)
    octets = [
        writer.message(data, kind, compress, fragment_size=size)
        for data, kind, compress, size in messages
    ]
    wanted: list[object] = [(kind, data, "") for data, kind, _, _ in messages]
    if close is not None:
        octets.append(writer.control(WSMsgType.CLOSE, serialize_close(close, "bye")))
        wanted.append((WSMsgType.CLOSE, close, "bye"))
    parser = MessageParser(client=client, deflate=deflate, decode_text=False)
    found = in_pieces(parser, b"".join(octets), cuts)
    # Text need not be text to be written.
    last = found[-1] if found else None
    if last == ("ERROR", 1007):
        assert found[:-1] == wanted[: len(found) - 1]
        data, kind, _, _ = messages[len(found) - 1]
        assert kind is WSMsgType.TEXT
        with pytest.raises(UnicodeDecodeError):
            data.decode()
    else:
        assert found == wanted


@given(client=st.booleans(), deflate=DEFLATES, pieces=st.lists(st.binary()))
def test_any_octets_give_messages(
    client: bool, deflate: DeflateParameters | None, pieces: list[bytes]
) -> None:
    parser = MessageParser(client=client, deflate=deflate, max_msg_size=1000)
    ended = False
    for piece in pieces:
        messages = parser.feed(piece)
        assert not (ended and messages)
        for message in messages:
            assert isinstance(message, WSMessage)
            assert not ended
            ended = message.type in {WSMsgType.CLOSE, WSMsgType.ERROR}
        assert len(parser._rest) < 14 + 126
