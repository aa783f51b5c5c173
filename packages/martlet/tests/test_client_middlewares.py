import martlet_client_session
from martlet import client_middlewares

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "ClientHandlerType": martlet_client_session.ClientHandlerType,
    "ClientMiddlewareType": martlet_client_session.ClientMiddlewareType,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(client_middlewares) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(client_middlewares, NAMES)
