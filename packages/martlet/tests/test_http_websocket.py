import martlet_websocket
from martlet import http_websocket

NAMES: dict[str, object] = {
    "WSCloseCode": martlet_websocket.WSCloseCode,
    "WSMessage": martlet_websocket.WSMessage,
    "WSMsgType": martlet_websocket.WSMsgType,
    "WebSocketError": martlet_websocket.WebSocketError,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(http_websocket, name) for name in http_websocket.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(http_websocket.__all__) == sorted(NAMES)
    public = {name for name in vars(http_websocket) if not name.startswith("_")}
    assert public <= set(NAMES)
