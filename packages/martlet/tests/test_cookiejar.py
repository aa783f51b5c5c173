import martlet_cookiejar
from martlet import cookiejar

from .name_only import assert_no_others, offered

NAMES: dict[str, object] = {
    "CookieJar": martlet_cookiejar.CookieJar,
    "DummyCookieJar": martlet_cookiejar.DummyCookieJar,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert offered(cookiejar) == NAMES


def test_there_are_no_others() -> None:
    assert_no_others(cookiejar, NAMES)
