import martlet_cookiejar
from martlet import cookiejar

NAMES: dict[str, object] = {
    "CookieJar": martlet_cookiejar.CookieJar,
    "DummyCookieJar": martlet_cookiejar.DummyCookieJar,
}


def test_each_name_is_what_a_part_offers() -> None:
    assert {name: getattr(cookiejar, name) for name in cookiejar.__all__} == NAMES


def test_there_are_no_others() -> None:
    assert sorted(cookiejar.__all__) == sorted(NAMES)
    public = {name for name in vars(cookiejar) if not name.startswith("_")}
    assert public <= set(NAMES)
