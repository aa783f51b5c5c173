from martlet_websocket import WSMsgType


def test_kinds_of_frames_have_their_opcodes() -> None:
    assert [WSMsgType(opcode).name for opcode in (0, 1, 2, 8, 9, 10)] == [
        "CONTINUATION",
        "TEXT",
        "BINARY",
        "CLOSE",
        "PING",
        "PONG",
    ]


def test_events_have_numbers_that_no_opcode_has() -> None:
    assert (WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR) == (256, 257, 258)


def test_names_in_lower_case_are_the_same_members() -> None:
    for name in ("text", "binary", "ping", "pong", "close", "closing", "closed", "error"):
        assert getattr(WSMsgType, name) is WSMsgType[name.upper()]
