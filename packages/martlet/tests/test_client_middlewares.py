import martlet_client_session
from martlet import client_middlewares

NAMES: dict[str, object] = {
    "ClientHandlerType": martlet_client_session.ClientHandlerType,
    "ClientMiddlewareType": martlet_client_session.ClientMiddlewareType,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(client_middlewares, name) for name in client_middlewares.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(client_middlewares.__all__) == sorted(NAMES)
    public = {name for name in vars(client_middlewares) if not name.startswith("_")}
    assert public <= set(NAMES)
