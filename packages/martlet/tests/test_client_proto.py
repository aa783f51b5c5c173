from martlet import client_proto
from martlet._response_handler import ResponseHandler

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {"ResponseHandler": ResponseHandler}


def test_each_name_is_what_it_is_elsewhere() -> None:
    assert offered(client_proto) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(client_proto, NAMES)
