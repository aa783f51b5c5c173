import inspect

from martlet_client_session import ClientSession, RequestOptions


def test_request_options_are_what_a_request_takes() -> None:
    taken = inspect.signature(ClientSession._request).parameters.values()
    keywords = {p.name for p in taken if p.kind is inspect.Parameter.KEYWORD_ONLY}
    assert set(RequestOptions.__annotations__) == keywords


def test_no_request_option_is_required() -> None:
    assert RequestOptions.__required_keys__ == frozenset()
