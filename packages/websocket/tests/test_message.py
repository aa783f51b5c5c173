import pytest

from martlet_websocket import WSMessage, WSMsgType


def test_it_is_a_tuple_of_type_data_and_extra() -> None:
    message = WSMessage(WSMsgType.TEXT, "a", "")
    kind, data, extra = message
    assert (kind, data, extra) == (message.type, message.data, message.extra)
    assert message._fields == ("type", "data", "extra")
    assert repr(message) == "WSMessage(type=<WSMsgType.TEXT: 1>, data='a', extra='')"


def test_json_of_text_and_of_octets() -> None:
    assert WSMessage(WSMsgType.TEXT, '{"a": 1}', "").json() == {"a": 1}
    assert WSMessage(WSMsgType.BINARY, b"[2]", "").json() == [2]
    assert WSMessage(WSMsgType.TEXT, "a", "").json(loads=str.upper) == "A"


def test_json_of_what_is_none() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        WSMessage(WSMsgType.TEXT, "a", "").json()
    with pytest.raises(TypeError):
        WSMessage(WSMsgType.CLOSED, None, None).json()
