from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_websocket import (
    DeflateParameters,
    MessageParser,
    WebSocketConnection,
    WebSocketError,
    WebSocketStateError,
    WSCloseCode,
    WSMsgType,
    WSState,
)
from martlet_websocket._limits import MAX_PONGS

CLOSE_1000 = b"\x88\x02\x03\xe8"


def server(*, autoping: bool = True, autoclose: bool = True) -> WebSocketConnection:
    return WebSocketConnection(client=False, autoping=autoping, autoclose=autoclose)


def client(*, autoping: bool = True, autoclose: bool = True) -> WebSocketConnection:
    return WebSocketConnection(client=True, autoping=autoping, autoclose=autoclose)


@pytest.mark.parametrize("deflate", [None, DeflateParameters()])
def test_messages_go_both_ways(deflate: DeflateParameters | None) -> None:
    ends = [WebSocketConnection(client=side, deflate=deflate) for side in (True, False)]
    for here, there in (ends, ends[::-1]):
        octets = here.send_text("ä") + here.send_text(b"\xc3\xa4") + here.send_bytes(b"\xff")
        octets += here.send_frame(b"b", WSMsgType.TEXT) + here.send_bytes(memoryview(b"c"), False)
        assert there.receive_data(octets) == [
            (WSMsgType.TEXT, "ä", ""),
            (WSMsgType.TEXT, "ä", ""),
            (WSMsgType.BINARY, b"\xff", ""),
            (WSMsgType.TEXT, "b", ""),
            (WSMsgType.BINARY, b"c", ""),
        ]
        assert there.answers() == b""


def test_options_reach_parser_and_writer() -> None:
    end = WebSocketConnection(client=True, max_msg_size=3, decode_text=False, random=bytes)
    assert end.receive_data(b"\x81\x03abc") == [(WSMsgType.TEXT, b"abc", "")]
    assert end.send_text("a") == b"\x81\x81\0\0\0\0a"
    (message,) = end.receive_data(b"\x81\x04abcd")
    assert message.data.code == 1009
    with pytest.raises(ValueError, match="1 to 9"):
        WebSocketConnection(client=True, level=0)
    with pytest.raises(ValueError, match="max_msg_size is 0 or more, not -1"):
        WebSocketConnection(client=True, max_msg_size=-1)


def test_pings_are_answered_and_not_shown() -> None:
    here, there = client(), server()
    assert here.receive_data(there.send_text("a") + there.ping("q") + there.pong()) == [
        (WSMsgType.TEXT, "a", "")
    ]
    assert there.receive_data(here.answers()) == []
    assert here.answers() == b""
    assert MessageParser(client=False).feed(here.pong("ä")) == [(WSMsgType.PONG, "ä".encode(), "")]


def test_a_ping_after_the_close_frame_is_not_answered() -> None:
    here = client()
    here.receive_data(b"\x89\0")
    here.close()
    assert here.answers() == b""
    here.receive_data(b"\x89\0")
    assert here.answers() == b""


def test_each_of_some_pings_is_answered() -> None:
    here, there = client(), server()
    texts = [f"{number}".encode() for number in range(MAX_PONGS)]
    assert here.receive_data(b"".join(there.ping(text) for text in texts)) == []
    pongs = MessageParser(client=False).feed(here.answers())
    assert pongs == [(WSMsgType.PONG, text, "") for text in texts]
    assert here.answers() == b""


def test_of_many_pings_some_are_answered_and_the_last() -> None:
    here = client()
    assert here.receive_data(b"\x89\0" * 100_000 + b"\x89\x01z") == []
    pongs = MessageParser(client=False).feed(here.answers())
    assert [pong.data for pong in pongs] == [b""] * (MAX_PONGS - 1) + [b"z"]


def test_without_autoping_the_user_sees_them() -> None:
    here = client(autoping=False)
    assert here.receive_data(b"\x89\x01q\x8a\0") == [
        (WSMsgType.PING, b"q", ""),
        (WSMsgType.PONG, b"", ""),
    ]
    assert here.answers() == b""


def test_a_close_from_here() -> None:
    here, there = client(), server()
    sent = here.close(4000, "bye")
    assert repr(here) == "<WebSocketConnection: close sent>"
    assert there.receive_data(sent) == [(WSMsgType.CLOSE, 4000, "bye")]
    assert (there.close_code, there.close_reason) == (4000, "bye")
    assert repr(there) == "<WebSocketConnection: close received, 4000>"
    # Data that was on its way is still taken.
    assert here.receive_data(b"\x81\x01a") == [(WSMsgType.TEXT, "a", "")]
    assert here.receive_data(there.answers()) == [(WSMsgType.CLOSE, 4000, "")]
    assert here.state is WSState.CLOSED
    assert here.close_code == 4000
    assert here.answers() == b""


def test_a_close_from_there() -> None:
    here = server()
    octets = client().close(1001)
    assert here.receive_data(octets + b"\xff") == [(WSMsgType.CLOSE, 1001, "")]
    assert here.send_text("a") == b"\x81\x01a"
    assert here.answers() == b"\x88\x02\x03\xe9"
    assert here.state is WSState.CLOSED
    assert here.close() == b""
    assert here.receive_data(b"\xff") == []


def test_a_close_from_there_that_the_user_answers() -> None:
    here = server()
    here.receive_data(client().close(1001))
    assert here.close(4000) == b"\x88\x02\x0f\xa0"
    assert here.state is WSState.CLOSED
    assert here.answers() == b""


def test_a_close_without_a_code() -> None:
    here = client()
    assert here.receive_data(b"\x88\0") == [(WSMsgType.CLOSE, 0, "")]
    assert here.close_code == 1005
    assert MessageParser(client=False).feed(here.answers()) == [(WSMsgType.CLOSE, 0, "")]


def test_a_pong_goes_before_the_close() -> None:
    here = server()
    there = client()
    here.receive_data(there.ping(b"q") + there.close())
    assert here.answers() == b"\x8a\x01q" + CLOSE_1000


def test_without_autoclose_the_user_closes() -> None:
    here = server(autoclose=False)
    here.receive_data(client().close(1001, b"bye"))
    assert here.answers() == b""
    assert repr(here) == "<WebSocketConnection: close received, 1001>"
    assert here.send_text("a") == b"\x81\x01a"
    assert here.close() == CLOSE_1000
    assert here.state is WSState.CLOSED
    assert here.close_code == 1001
    assert here.close() == b""


def test_both_close_at_once() -> None:
    here, there = client(), server()
    from_here, from_there = here.close(3000), there.close(3001)
    assert here.receive_data(from_there)[0].data == 3001
    assert there.receive_data(from_here)[0].data == 3000
    assert here.state is there.state is WSState.CLOSED
    assert here.answers() == there.answers() == b""


def test_nothing_is_sent_after_a_close() -> None:
    here = client()
    here.close()
    sends: list[Callable[[], bytes]] = [
        lambda: here.send_text("a"),
        lambda: here.send_bytes(b"a"),
        lambda: here.send_frame(b"a", WSMsgType.TEXT),
        lambda: here.ping(),
        lambda: here.pong(),
    ]
    for send in sends:
        with pytest.raises(WebSocketStateError, match="the state is 'close sent'"):
            send()
    assert here.close(1001) == b""


def test_a_broken_protocol_is_told_to_the_peer() -> None:
    here = server()
    first, second = here.receive_data(client().send_text("a") + b"\x83\x80")
    assert first.data == "a"
    assert second.type is WSMsgType.ERROR
    assert isinstance(second.data, WebSocketError)
    assert here.close_code == WSCloseCode.PROTOCOL_ERROR
    assert here.send_text("a") == b"\x81\x01a"  # a reply to what came before
    assert here.receive_data(client().send_text("b")) == []
    assert here.answers() == b"\x88\x02\x03\xea"
    assert here.state is WSState.CLOSED
    with pytest.raises(WebSocketStateError, match="'closed'"):
        here.send_text("a")


def test_a_broken_protocol_after_the_close_frame() -> None:
    here = server()
    here.close()
    (message,) = here.receive_data(b"\x83\x80")
    assert message.data.code == here.close_code == 1002
    assert here.answers() == b""


def test_an_end_after_a_broken_protocol() -> None:
    for autoclose in (True, False):
        here = server(autoclose=autoclose)
        here.receive_data(b"\x83\x80")
        here.receive_eof()
        assert here.close_code == 1002
        assert here.state is WSState.CLOSED
        assert here.answers() == b""


def test_without_autoclose_a_broken_protocol_is_answered_too() -> None:
    here = server(autoclose=False)
    here.receive_data(b"\x83\x80")
    assert here.answers() == b"\x88\x02\x03\xea"
    assert here.state is WSState.CLOSED


def test_an_end_without_a_close_frame() -> None:
    here = client()
    here.receive_data(b"\x89\0\x81")
    here.receive_eof()
    assert here.close_code == 1006
    assert here.state is WSState.CLOSED
    assert here.answers() == here.close() == b""
    assert here.receive_data(b"\0") == []
    with pytest.raises(WebSocketStateError):
        here.ping()


def test_an_end_after_the_peers_close_frame() -> None:
    for autoclose in (True, False):
        here = client(autoclose=autoclose)
        here.receive_data(CLOSE_1000)
        here.receive_eof()
        here.receive_eof()
        assert here.close_code == 1000
        assert here.state is WSState.CLOSED
        assert here.answers() == b""


def test_what_is_no_message() -> None:
    here = client()
    for opcode in (WSMsgType.CLOSE, WSMsgType.CONTINUATION, WSMsgType.CLOSED):
        with pytest.raises(ValueError, match="send TEXT, BINARY, PING or PONG, not <WSMsgType"):
            here.send_frame(b"", opcode)
    with pytest.raises(TypeError):
        here.send_text(5)  # type: ignore[arg-type]  # the subject
    with pytest.raises(TypeError):
        here.send_bytes("a")  # type: ignore[arg-type]  # the subject
    with pytest.raises(TypeError):
        here.ping(5)  # type: ignore[arg-type]  # the subject
    with pytest.raises(ValueError, match="at most 125"):
        here.ping(b"a" * 126)
    with pytest.raises(UnicodeEncodeError):
        here.send_text("\ud800")
    with pytest.raises(ValueError, match="1005 is no code"):
        here.close(1005)
    assert here.state is WSState.OPEN
    assert MessageParser(client=False).feed(here.send_text("a"))[0].data == "a"


def test_its_state_is_shown() -> None:
    here = client()
    assert repr(here) == "<WebSocketConnection: open>"
    here.receive_data(CLOSE_1000)
    here.answers()
    assert repr(here) == "<WebSocketConnection: closed, 1000>"


@given(
    first=st.booleans(),
    steps=st.lists(
        st.tuples(
            st.booleans(),
            st.sampled_from(["text", "ping", "close", "bad", "deliver"]),
        )
    ),
)
def test_two_ends_always_come_to_an_end(first: bool, steps: list[tuple[bool, str]]) -> None:
    ends = (client(), server())
    wires = [b"", b""]  # to the end with this number

    def deliver(number: int) -> None:
        octets, wires[number] = wires[number], b""
        ends[number].receive_data(octets)
        wires[1 - number] += ends[number].answers()

    for side, step in steps:
        here = ends[side]
        if step == "deliver":
            deliver(side)
        elif step == "close":
            wires[1 - side] += here.close()
        elif step == "bad" and here.state is WSState.OPEN:
            wires[1 - side] += b"\xff\xff"
        elif step in {"text", "ping"} and here.state is WSState.OPEN:
            wires[1 - side] += here.send_text("a") if step == "text" else here.ping(b"q")
    wires[1 - first] += ends[first].close()
    for _ in range(3):
        deliver(first)
        deliver(1 - first)
    assert {end.state for end in ends} == {WSState.CLOSED}
    assert wires == [b"", b""]
