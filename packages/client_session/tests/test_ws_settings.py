from typing import Any

import pytest

from martlet_client_session import ClientTimeout, ClientWSTimeout
from martlet_client_session._ws_settings import WebSocketSettings, given_settings, window_bits
from martlet_interfaces import UNSET
from martlet_websocket import DeflateOffer, DeflateParameters


def given(**options: Any) -> WebSocketSettings:
    defaults: dict[str, Any] = {
        "protocols": (),
        "timeout": UNSET,
        "receive_timeout": None,
        "autoclose": True,
        "autoping": True,
        "heartbeat": None,
        "compress": 0,
        "max_msg_size": 4194304,
        "decode_text": True,
    }
    return given_settings(**defaults | options)


def test_defaults() -> None:
    assert given() == WebSocketSettings((), ClientWSTimeout(), True, True, None, 0, 4194304, True)


def test_protocols_are_read_once() -> None:
    assert given(protocols=iter(["a", "b"])).protocols == ("a", "b")


@pytest.mark.parametrize(
    ("options", "receive", "close"),
    [
        ({}, None, 10),
        ({"timeout": 5}, None, 5),
        ({"timeout": 5.5}, None, 5.5),
        ({"timeout": None}, None, None),
        ({"timeout": ClientWSTimeout(ws_receive=3)}, 3, 10),
        ({"timeout": ClientWSTimeout(ws_close=3)}, None, 3),
        ({"receive_timeout": 4}, 4, 10),
        ({"timeout": 5, "receive_timeout": 4}, 4, 5),
        ({"timeout": ClientWSTimeout(4), "receive_timeout": 4}, 4, 10),
    ],
)
def test_limits(options: dict[str, Any], receive: float | None, close: float | None) -> None:
    timeout = given(**options).timeout
    assert (timeout.ws_receive, timeout.ws_close) == (receive, close)


@pytest.mark.parametrize(
    ("compress", "offer"),
    [
        (0, None),
        (9, DeflateOffer(server_max_window_bits=9)),
        (14, DeflateOffer(server_max_window_bits=14)),
        (15, DeflateOffer()),
    ],
)
def test_offers(compress: int, offer: DeflateOffer | None) -> None:
    assert given(compress=compress).offer() == offer


def test_the_window_of_what_is_sent() -> None:
    assert window_bits(None) == 0
    assert window_bits(DeflateParameters(client_max_window_bits=11)) == 11


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"protocols": "chat"}, TypeError, r'\("chat",\)'),
        ({"timeout": ClientTimeout(1)}, TypeError, "ClientWSTimeout, or how many seconds"),
        ({"timeout": True}, TypeError, "not bool"),
        ({"timeout": -1}, ValueError, "negative"),
        ({"receive_timeout": -1}, ValueError, "negative"),
        ({"receive_timeout": "1"}, TypeError, "not str"),
        ({"timeout": ClientWSTimeout(3), "receive_timeout": 4}, ValueError, "differ"),
        ({"heartbeat": 0}, ValueError, "more than 0"),
        ({"heartbeat": -1}, ValueError, "heartbeat"),
        ({"heartbeat": "1"}, TypeError, "heartbeat"),
        ({"compress": True}, TypeError, "not bool"),
        ({"compress": "deflate"}, TypeError, "not str"),
        ({"compress": 8}, ValueError, "9 to 15"),
        ({"compress": 16}, ValueError, "9 to 15"),
        ({"compress": -1}, ValueError, "9 to 15"),
        ({"max_msg_size": None}, TypeError, "not NoneType"),
        ({"max_msg_size": -1}, ValueError, "0 .no limit."),
    ],
)
def test_mistakes(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        given(**options)
