import pytest
from multidict import CIMultiDict

from martlet_http_parser import IncomingRequest
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11

Fields = list[tuple[str, str]]


def request(
    fields: Fields, method: str = "GET", version: HttpVersion = HttpVersion11
) -> IncomingRequest:
    return IncomingRequest(method, "/", version, CIMultiDict(fields))


def test_it_has_what_stood_in_the_head_and_nothing_else() -> None:
    headers = CIMultiDict([("Host", "a"), ("A", "b"), ("a", "c")])
    head = IncomingRequest("GET", "/b?c", HttpVersion11, headers)
    assert (head.method, head.target, head.version) == ("GET", "/b?c", HttpVersion11)
    assert head.headers is headers
    assert repr(head) == "<IncomingRequest GET /b?c>"
    assert not hasattr(head, "__dict__")


@pytest.mark.parametrize(
    ("values", "expects"),
    [
        ([], False),
        (["100-continue"], True),
        (["100-Continue"], True),
        (["x, \t100-continue "], True),
        (["x", "100-continue"], True),
        (["100-continued"], False),
        (['"100-continue"'], False),
        ([""], False),
    ],
)
def test_a_client_may_wait_for_100_since_http_11(values: list[str], expects: bool) -> None:
    fields = [("eXpect", value) for value in values]
    assert request(fields).expects_continue is expects
    assert request(fields, version=HttpVersion10).expects_continue is False


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ([("Connection", "upgrade"), ("Upgrade", "websocket")], True),
        ([("connection", "keep-alive, UPGRADE"), ("upgrade", "x")], True),
        ([("Connection", "x"), ("Connection", "Upgrade"), ("Upgrade", "x")], True),
        ([("Upgrade", "x")], False),
        ([("Connection", "upgrade")], False),
        ([("Connection", "close"), ("Upgrade", "x")], False),
        ([], False),
    ],
)
def test_a_client_may_ask_to_upgrade_since_http_11(fields: Fields, asks: bool) -> None:
    assert request(fields).asks_to_upgrade is asks
    assert request(fields, version=HttpVersion10).asks_to_upgrade is False


@pytest.mark.parametrize("version", [HttpVersion10, HttpVersion11])
def test_connect_asks_for_something_else_whatever_its_fields_say(version: HttpVersion) -> None:
    assert request([], "CONNECT", version).asks_to_upgrade is True
    assert request([], "connect", version).asks_to_upgrade is False
