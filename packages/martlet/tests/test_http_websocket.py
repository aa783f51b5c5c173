import martlet_websocket
from martlet import http_websocket

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "WSCloseCode": martlet_websocket.WSCloseCode,
    "WSMessage": martlet_websocket.WSMessage,
    "WSMsgType": martlet_websocket.WSMsgType,
    "WebSocketError": martlet_websocket.WebSocketError,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(http_websocket) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(http_websocket, NAMES)
