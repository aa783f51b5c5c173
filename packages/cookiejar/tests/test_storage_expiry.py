"""What has expired goes, found by a heap that does not grow."""

from math import inf

import pytest

from martlet_cookiejar._cookie import Cookie
from martlet_cookiejar._limits import DEFAULT_LIMITS, CookieLimits
from martlet_cookiejar._storage import CookieStorage

NOW = 1_700_000_000.0


@pytest.fixture
def storage() -> CookieStorage:
    return CookieStorage(DEFAULT_LIMITS)


def ending(seconds: float | None, name: str = "a", domain: str = "example.com") -> Cookie:
    return Cookie(name, "", domain, expires=None if seconds is None else NOW + seconds)


def names_at(storage: CookieStorage, seconds: float) -> str:
    storage.expire(NOW + seconds)
    return " ".join(cookie.name for cookie in storage)


def test_each_goes_at_its_time(storage: CookieStorage) -> None:
    for name, seconds in (("a", 30.0), ("b", 10.0), ("c", None), ("d", 20.0), ("e", 20.0)):
        storage.put(ending(seconds, name), NOW)
    assert names_at(storage, 9.999) == "a b c d e"
    assert names_at(storage, 10) == "a c d e"
    assert names_at(storage, 20) == "a c"
    assert names_at(storage, 1e9) == "c"


@pytest.mark.parametrize(
    ("ends", "last"),
    [
        ((10, 20), 20),
        ((20, 10), 10),
        ((10, 20, 10), 10),
        ((20, 10, 20), 20),
        ((20, 10, 30, 15), 15),
        ((10, None, 20), 20),
        ((None, 10), 10),
        ((10, 10), 10),
    ],
)
def test_the_last_word_on_the_end_counts(
    storage: CookieStorage, ends: tuple[float | None, ...], last: float
) -> None:
    for end in ends:
        storage.put(ending(end), NOW)
    assert names_at(storage, last - 0.001) == "a"
    assert names_at(storage, last) == ""


@pytest.mark.parametrize("ends", [(10, None), (10, 20, None), (20, 10, None), (10, inf)])
def test_an_end_may_be_taken_away(storage: CookieStorage, ends: tuple[float | None, ...]) -> None:
    for end in ends:
        storage.put(ending(end), NOW)
    assert names_at(storage, 1e12) == "a"


def test_the_end_is_moved_again_after_its_alarm(storage: CookieStorage) -> None:
    storage.put(ending(10), NOW)
    storage.put(ending(100), NOW)
    assert names_at(storage, 50) == "a"
    storage.put(ending(70), NOW + 50)
    assert names_at(storage, 70) == ""
    storage.put(ending(90), NOW + 70)
    assert names_at(storage, 89) == "a"
    assert names_at(storage, 100) == ""


def test_an_end_that_was_taken_away_is_set_again(storage: CookieStorage) -> None:
    for end in (10, None):
        storage.put(ending(end), NOW)
    storage.put(ending(20, "b"), NOW)
    # One alarm finds nothing to do, the next one does.
    assert names_at(storage, 50) == "a"
    storage.put(ending(70), NOW + 50)
    assert names_at(storage, 69) == "a"
    assert names_at(storage, 70) == ""


def test_a_cookie_that_was_removed_and_came_back_is_another(storage: CookieStorage) -> None:
    storage.put(ending(10), NOW)
    storage.remove(ending(None))
    storage.put(ending(20), NOW)
    assert names_at(storage, 10) == "a"
    assert names_at(storage, 20) == ""


def test_equal_ends_need_no_order_of_cookies(storage: CookieStorage) -> None:
    for number in range(40):
        storage.put(ending(10, f"c{number}"), NOW)
    assert names_at(storage, 10) == ""


def test_all_ways_to_look_let_expired_ones_go(storage: CookieStorage) -> None:
    storage.put(ending(10), NOW)
    assert storage.matching(("example.com", ""), "/", secure=True, now=NOW + 10) == []
    assert len(storage) == 0
    storage.put(ending(10), NOW)
    storage.put(ending(20, "b"), NOW + 10)
    assert len(storage) == 1


def test_an_expired_one_hands_down_no_time_of_creation(storage: CookieStorage) -> None:
    storage.put_all([ending(10)], NOW)
    storage.put_all([ending(30)], NOW + 20)
    assert [cookie.created for cookie in storage] == [NOW + 20]


def test_an_end_after_the_year_9999_is_moved_before_it(storage: CookieStorage) -> None:
    storage.put_all([Cookie("a", "", expires=inf), Cookie("b", "", expires=1e300)], NOW)
    assert {cookie.expires for cookie in storage} == {253402300799.0}


def heap_size(storage: CookieStorage) -> int:
    return len(storage._expiring)


@pytest.mark.parametrize("step", [0.0, 1.0, -1.0])
def test_setting_a_cookie_over_and_over_does_not_fill_the_heap(
    storage: CookieStorage, step: float
) -> None:
    for number in range(5000):
        storage.put(ending(1e6 + step * number), NOW)
        assert heap_size(storage) <= 2 * 1 + 64
    last = 1e6 + step * 4999
    assert names_at(storage, last - 0.5) == "a"
    assert names_at(storage, last) == ""


def test_an_end_that_goes_to_and_fro_does_not_fill_the_heap(storage: CookieStorage) -> None:
    for number in range(1000):
        now = NOW + 2 * number
        storage.put(ending(1e6), now)
        storage.put(ending(2 * number + 1), now)
        storage.put(ending(1e6), now)
        storage.expire(now + 1)
        assert heap_size(storage) <= 2 * 1 + 64
    assert names_at(storage, 1e6 - 1) == "a"
    assert names_at(storage, 1e6) == ""


def test_cookies_that_come_and_go_do_not_fill_the_heap() -> None:
    storage = CookieStorage(CookieLimits(per_domain=10, total=20))
    for number in range(5000):
        storage.put(ending(1e6 - number % 7, f"c{number}", f"{number % 5}.example"), NOW)
        assert heap_size(storage) <= 2 * 21 + 64
    assert len(storage) == 20
    assert names_at(storage, 1e6) == ""


def test_removing_many_leaves_no_more_than_there_was(storage: CookieStorage) -> None:
    for number in range(1000):
        storage.put(ending(1e6, "a", f"{number}.example"), NOW)
    for cookie in storage:
        storage.remove(cookie)
    for number in range(100):
        storage.put(ending(1e5 + number, f"c{number % 40}"), NOW)
    assert heap_size(storage) <= 2 * 40 + 64
    assert names_at(storage, 1e6) == ""
