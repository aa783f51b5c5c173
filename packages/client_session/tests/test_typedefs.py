import inspect

from martlet_client_session import ClientSession, RequestOptions


def test_request_options_are_what_a_request_takes() -> None:
    taken = list(inspect.signature(ClientSession._request).parameters)
    assert taken[:3] == ["self", "method", "str_or_url"]
    assert set(RequestOptions.__annotations__) == set(taken[3:])


def test_no_request_option_is_required() -> None:
    assert RequestOptions.__required_keys__ == frozenset()
