import pytest

from martlet_websocket import WSCloseCode
from martlet_websocket._close_code import is_sendable


def test_the_names_are_those_of_aiohttp() -> None:
    assert {code.name: code.value for code in WSCloseCode} == {
        "OK": 1000,
        "GOING_AWAY": 1001,
        "PROTOCOL_ERROR": 1002,
        "UNSUPPORTED_DATA": 1003,
        "ABNORMAL_CLOSURE": 1006,
        "INVALID_TEXT": 1007,
        "POLICY_VIOLATION": 1008,
        "MESSAGE_TOO_BIG": 1009,
        "MANDATORY_EXTENSION": 1010,
        "INTERNAL_ERROR": 1011,
        "SERVICE_RESTART": 1012,
        "TRY_AGAIN_LATER": 1013,
        "BAD_GATEWAY": 1014,
    }


@pytest.mark.parametrize("code", [1000, 1003, 1007, 1014, 3000, 4999])
def test_what_a_frame_may_carry(code: int) -> None:
    assert is_sendable(code)


@pytest.mark.parametrize(
    "code", [-1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535, 1 << 40]
)
def test_what_no_frame_may_carry(code: int) -> None:
    assert not is_sendable(code)
