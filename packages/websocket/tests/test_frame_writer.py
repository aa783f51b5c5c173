import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import DeflateParameters, FrameWriter, MessageParser, WSMsgType

TEXT = b"to be or not to be " * 20


def fixed(size: int) -> bytes:
    return b"\x37\xfa\x21\x3d" * (size // 4)


def test_the_examples_of_the_rfc() -> None:
    server = FrameWriter(client=False)
    assert server.message(b"Hello", WSMsgType.TEXT).hex(" ") == "81 05 48 65 6c 6c 6f"
    assert server.control(WSMsgType.PING, b"Hello").hex(" ") == "89 05 48 65 6c 6c 6f"
    pieces = server.message(b"Hello", WSMsgType.TEXT, fragment_size=3)
    assert pieces.hex(" ") == "01 03 48 65 6c 80 02 6c 6f"
    client = FrameWriter(client=True, random=fixed)
    wanted = "81 85 37 fa 21 3d 7f 9f 4d 51 58"
    assert client.message(b"Hello", WSMsgType.TEXT).hex(" ") == wanted


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, "82 00"),
        (125, "82 7d"),
        (126, "82 7e 00 7e"),
        (65535, "82 7e ff ff"),
        (65536, "82 7f 00 00 00 00 00 01 00 00"),
    ],
)
def test_lengths_are_in_their_shortest_form(size: int, head: str) -> None:
    server, client = FrameWriter(client=False), FrameWriter(client=True, random=bytes)
    plain = bytes.fromhex(head)
    assert server.message(b"a" * size, WSMsgType.BINARY) == plain + b"a" * size
    masked = plain[:1] + bytes((plain[1] | 0x80,)) + plain[2:] + bytes(4)
    assert client.message(b"a" * size, WSMsgType.BINARY) == masked + b"a" * size


def test_each_frame_has_a_mask_of_its_own() -> None:
    writer = FrameWriter(client=True)
    frames = {writer.message(b"", WSMsgType.TEXT) for _ in range(1000)}
    assert len(frames) > 990


def test_data_of_all_kinds_is_octets() -> None:
    writer = FrameWriter(client=False)
    wide = memoryview(b"abcd").cast("H")
    for data in (b"abcd", bytearray(b"abcd"), memoryview(b"abcd"), wide):
        assert writer.message(data, WSMsgType.BINARY) == b"\x82\x04abcd"
        assert writer.control(WSMsgType.PONG, data) == b"\x8a\x04abcd"


@pytest.mark.parametrize("data", ["a", 5, None, [1]])
def test_data_that_is_none(data: bytes) -> None:
    writer = FrameWriter(client=False)
    with pytest.raises(TypeError, match="data is bytes, bytearray or memoryview, not"):
        writer.message(data, WSMsgType.BINARY)
    with pytest.raises(TypeError, match="data is bytes, bytearray or memoryview, not"):
        writer.control(WSMsgType.PING, data)


def test_a_control_frame_is_short() -> None:
    writer = FrameWriter(client=False)
    assert len(writer.control(WSMsgType.PING, b"a" * 125)) == 127
    with pytest.raises(ValueError, match="at most 125 octets, not 126"):
        writer.control(WSMsgType.PING, memoryview(bytes(126)).cast("H"))


@pytest.mark.parametrize("level", [0, 10, -1])
def test_a_level_is_1_to_9(level: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 9, not {level}"):
        FrameWriter(client=True, level=level)


@pytest.mark.parametrize("compress", [None, True, 1, 6, 9, 15])
def test_messages_are_compressed_where_that_was_agreed_on(compress: int | None) -> None:
    writer = FrameWriter(client=False, deflate=DeflateParameters(), level=9)
    frame = writer.message(TEXT, WSMsgType.TEXT, compress)
    assert frame[0] == 0xC1
    assert len(frame) < 60
    plain = FrameWriter(client=False).message(TEXT, WSMsgType.TEXT, compress)
    assert plain == b"\x81\x7e" + len(TEXT).to_bytes(2) + TEXT


@pytest.mark.parametrize("compress", [0, False])
def test_a_message_may_go_as_it_is(compress: int) -> None:
    writer = FrameWriter(client=False, deflate=DeflateParameters())
    assert writer.message(b"aaaa", WSMsgType.TEXT, compress) == b"\x81\x04aaaa"


@pytest.mark.parametrize("compress", [-1, 16])
def test_a_level_that_is_none(compress: int) -> None:
    writer = FrameWriter(client=False, deflate=DeflateParameters())
    with pytest.raises(ValueError, match=f"a level of 1 to 9 or 0, not {compress}"):
        writer.message(b"a", WSMsgType.TEXT, compress)


def test_a_level_of_its_own() -> None:
    data = bytes(number * number >> 4 & 0x3F for number in range(20_000))
    fast, small = (
        len(FrameWriter(client=False, deflate=DeflateParameters()).message(data, WSMsgType.TEXT, n))
        for n in (1, 9)
    )
    assert small < fast


def test_each_side_compresses_by_its_own_parameters() -> None:
    deflate = DeflateParameters(server_no_context_takeover=True)
    server = FrameWriter(client=False, deflate=deflate)
    client = FrameWriter(client=True, deflate=deflate, random=bytes)
    assert server.message(TEXT, WSMsgType.TEXT) == server.message(TEXT, WSMsgType.TEXT)
    first, second = (client.message(TEXT, WSMsgType.TEXT) for _ in range(2))
    assert len(second) < len(first)


@given(data=st.binary(max_size=200), size=st.integers(1, 201), deflated=st.booleans())
def test_fragments_are_as_long_as_asked(data: bytes, size: int, deflated: bool) -> None:
    deflate = DeflateParameters() if deflated else None
    frames = FrameWriter(client=False, deflate=deflate).message(
        data, WSMsgType.BINARY, fragment_size=size
    )
    firsts = []
    place = 0
    while place < len(frames):
        firsts.append(frames[place])
        length = frames[place + 1]
        place += 2
        if length == 126:
            length = int.from_bytes(frames[place : place + 2])
            place += 2
        assert length <= size
        place += length
    bits = 0x42 if deflated else 0x02
    if len(firsts) == 1:
        assert firsts == [0x80 | bits]
    else:
        assert firsts == [bits, *[0x00] * (len(firsts) - 2), 0x80]
    parser = MessageParser(client=True, deflate=deflate)
    assert parser.feed(frames) == [(WSMsgType.BINARY, data, "")]
