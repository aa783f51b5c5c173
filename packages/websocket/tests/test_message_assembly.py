import sys

import pytest

from martlet_websocket import DeflateParameters, WebSocketError, WSMessage, WSMsgType
from martlet_websocket._deflater import Deflater
from martlet_websocket._message_assembly import MessageAssembly, not_utf8

CONTINUED, LAST = 0x00, 0x80
TEXT, BINARY, PACKED_TEXT, PACKED_BINARY = 0x01, 0x02, 0x41, 0x42


def assembly(
    *,
    client: bool = True,
    deflate: DeflateParameters | None = None,
    max_msg_size: int = 0,
    max_small_fragments: int = 10,
    decode_text: bool = True,
) -> MessageAssembly:
    return MessageAssembly(
        client=client,
        deflate=deflate,
        max_msg_size=max_msg_size,
        max_small_fragments=max_small_fragments,
        decode_text=decode_text,
    )


def assembled(made: MessageAssembly, first: int, *pieces: bytes) -> WSMessage:
    for number, piece in enumerate(pieces, 1):
        made.begin(first, len(piece))
        made.add(piece, last=number == len(pieces))
        first = CONTINUED
    return made.finish()


def packed(data: bytes) -> bytes:
    return Deflater(15, fresh=True, level=9).deflate(data)


@pytest.mark.parametrize("pieces", [[b""], [b"ab"], [b"a", b"b"], [b"", b"a", b"", b"b", b"c"]])
def test_a_message_is_its_pieces(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    made = assembly()
    for _ in range(2):
        assert assembled(made, BINARY, *pieces) == (WSMsgType.BINARY, whole, "")
        assert assembled(made, TEXT, *pieces) == (WSMsgType.TEXT, whole.decode(), "")
    raw = assembled(assembly(decode_text=False), TEXT, *pieces)
    assert type(raw.data) is bytes
    assert raw == (WSMsgType.TEXT, whole, "")


def test_memory_is_in_proportion_to_the_message() -> None:
    made = assembly(max_small_fragments=sys.maxsize)
    made.begin(BINARY, 100_000)
    for _ in range(100_000):
        made.add(b"a", last=False)
    assert sys.getsizeof(made._buffer) < 150_000
    assert assembled(made, CONTINUED, b"") == (WSMsgType.BINARY, b"a" * 100_000, "")


def test_characters_may_be_cut() -> None:
    text = "aé€𝄞"
    octets = text.encode()
    pieces = [octets[place : place + 1] for place in range(len(octets))]
    message = assembled(assembly(), TEXT, *pieces)
    assert message.data == text


@pytest.mark.parametrize("pieces", [[b"a\xff"], [b"\xc3", b"("], [b"a", b"\xe2\x82"]])
def test_what_is_no_text(pieces: list[bytes]) -> None:
    with pytest.raises(WebSocketError, match="not UTF-8: ") as caught:
        assembled(assembly(), TEXT, *pieces)
    assert caught.value.code == 1007
    assert isinstance(caught.value.__cause__, UnicodeDecodeError)


def test_a_size_is_refused_before_the_payload_is_there() -> None:
    made = assembly(max_msg_size=10)
    assert assembled(made, BINARY, b"a" * 4, b"b" * 6).data == b"aaaabbbbbb"
    made.begin(BINARY, 4)
    with pytest.raises(WebSocketError, match="more than 10 octets") as caught:
        made.begin(CONTINUED, 7)
    assert caught.value.code == 1009


def test_small_fragments_are_counted_in_each_message() -> None:
    made = assembly(max_small_fragments=3)
    for _ in range(3):
        assert assembled(made, BINARY, b"", b"a", b"b", b"c" * 1024, b"d" * 2000).data
    with pytest.raises(WebSocketError, match="more than 3 small fragments") as caught:
        assembled(made, BINARY, b"", b"a", b"b", b"c" * 1023)
    assert caught.value.code == 1009


def test_a_compressed_message_has_the_limit_before_and_after() -> None:
    made = assembly(deflate=DeflateParameters(), max_msg_size=1000)
    assert assembled(made, PACKED_TEXT, packed(b"a" * 1000)).data == "a" * 1000
    with pytest.raises(WebSocketError, match="more than 1000 octets") as caught:
        assembled(made, PACKED_BINARY, packed(b"a" * 1001))
    assert caught.value.code == 1009
    made = assembly(deflate=DeflateParameters(), max_msg_size=1000)
    made.begin(PACKED_BINARY, 1189)
    with pytest.raises(WebSocketError, match="more than 1000 octets"):
        made.begin(CONTINUED, 1)


def test_a_text_that_is_both_bad_and_too_big_is_bad_if_that_comes_first() -> None:
    for data, code in ((b"\xff" + b"a" * 1000, 1007), (b"a" * 1000 + b"\xff", 1009)):
        made = assembly(deflate=DeflateParameters(), max_msg_size=1000)
        with pytest.raises(WebSocketError) as caught:
            assembled(made, PACKED_TEXT, packed(data))
        assert caught.value.code == code


def test_without_the_mark_a_message_is_not_compressed() -> None:
    made = assembly(deflate=DeflateParameters())
    assert assembled(made, PACKED_TEXT, packed(b"ab")).data == "ab"
    assert assembled(made, TEXT, b"ab").data == "ab"


@pytest.mark.parametrize("client", [True, False])
def test_the_peers_parameters_are_used(client: bool) -> None:
    deflate = DeflateParameters(
        server_no_context_takeover=client, client_no_context_takeover=not client
    )
    made = assembly(client=client, deflate=deflate)
    takes_over = Deflater(15, fresh=False, level=9)
    assert assembled(made, PACKED_TEXT, takes_over.deflate(b"Hello" * 9)).data == "Hello" * 9
    with pytest.raises(WebSocketError, match="cannot be decompressed"):
        assembled(made, PACKED_TEXT, takes_over.deflate(b"Hello" * 9))


def test_the_error_of_a_text_says_why() -> None:
    error = not_utf8(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))
    assert str(error) == "a text message is not UTF-8: invalid start byte"
    assert error.code == 1007
