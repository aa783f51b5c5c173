import martlet_client_session
from martlet import formdata

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "FormData": martlet_client_session.FormData,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(formdata) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(formdata, NAMES)
