from inspect import signature

from martlet_client_session import ClientSession
from martlet_client_session._one_ws_connect import ws_connect
from martlet_client_session._ws_options import WebSocketOptions


def test_they_are_those_of_ws_connect() -> None:
    known = list(signature(ClientSession.ws_connect).parameters)[2:]
    assert list(WebSocketOptions.__annotations__) == known


def test_the_function_has_them_too() -> None:
    ours = signature(ClientSession.ws_connect).parameters
    theirs = dict(signature(ws_connect).parameters)
    assert {theirs.pop("connector").default, theirs.pop("loop").default} == {None}
    assert list(theirs) == list(ours)[1:]
    assert all(theirs[name] == ours[name] for name in theirs)
