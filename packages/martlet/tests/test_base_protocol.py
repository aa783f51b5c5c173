from martlet import base_protocol
from martlet._response_handler import BaseProtocol

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {"BaseProtocol": BaseProtocol}


def test_each_name_is_what_it_is_elsewhere() -> None:
    assert offered(base_protocol) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(base_protocol, NAMES)
