import martlet_client_session
from martlet import client_ws

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "ClientWSTimeout": martlet_client_session.ClientWSTimeout,
    "ClientWebSocketResponse": martlet_client_session.ClientWebSocketResponse,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(client_ws) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(client_ws, NAMES)
