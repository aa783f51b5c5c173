import martlet_client_session
from martlet import client_ws

NAMES: dict[str, object] = {
    "ClientWSTimeout": martlet_client_session.ClientWSTimeout,
    "ClientWebSocketResponse": martlet_client_session.ClientWebSocketResponse,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(client_ws, name) for name in client_ws.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(client_ws.__all__) == sorted(NAMES)
    public = {name for name in vars(client_ws) if not name.startswith("_")}
    assert public <= set(NAMES)
