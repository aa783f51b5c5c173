import pickle

import pytest

from martlet_websocket import (
    HandshakeError,
    WebSocketError,
    WebSocketStateError,
    WSCloseCode,
    WSMessageTypeError,
)


def test_a_websocket_error_is_its_message_and_has_a_code() -> None:
    error = WebSocketError(WSCloseCode.PROTOCOL_ERROR, "odd")
    assert str(error) == "odd"
    assert error.code is WSCloseCode.PROTOCOL_ERROR
    assert error.args == (1002, "odd")


def test_a_handshake_error_says_what_a_server_answers() -> None:
    assert HandshakeError("odd").status == 400
    error = HandshakeError("old", 426, (("Sec-WebSocket-Version", "13"),))
    assert str(error) == error.message == "old"
    assert (error.status, error.fields) == (426, (("Sec-WebSocket-Version", "13"),))


@pytest.mark.parametrize("error", [WebSocketError(1002, "odd"), HandshakeError("old", 426)])
def test_errors_survive_pickling(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)


def test_errors_are_caught_as_what_they_are() -> None:
    assert issubclass(WSMessageTypeError, TypeError)
    assert issubclass(WebSocketStateError, RuntimeError)
    assert not issubclass(WebSocketError, ValueError)
