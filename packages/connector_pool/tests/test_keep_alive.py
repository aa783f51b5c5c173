import pytest

from martlet_connector_pool._keep_alive import idle_limit


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("timeout=5", 4.0),
        ("timeout=5, max=100", 4.0),
        ("max=100, timeout=60", 59.0),
        ("Timeout=5", 4.0),
        # Half of a time that a second would take too much of.
        ("timeout=2", 1.0),
        ("timeout=1", 0.5),
        ("timeout=0", 0.0),
        # No other request is welcome.
        ("max=0", 0.0),
        ("timeout=5, max=0", 0.0),
        # Nothing is promised, and the pool's own time counts.
        ("max=1", None),
        ("", None),
        ("timeout", None),
        ("timeout=soon", None),
        ("300", None),
        # Of a time beyond measure only the end is cut off.
        ("timeout=" + "9" * 1000, 9_999_999_998.0),
        # What comes after the first 200 characters is not read.
        ("x=" + "y" * 200 + ", timeout=5", None),
    ],
)
def test_how_long_a_promise_is_good_for(field: str, limit: float | None) -> None:
    assert idle_limit(field) == limit


def test_promises_are_remembered_but_not_without_end() -> None:
    for number in range(1000):
        idle_limit(f"timeout={number}")

    assert idle_limit.cache_info().currsize == idle_limit.cache_info().maxsize == 64
