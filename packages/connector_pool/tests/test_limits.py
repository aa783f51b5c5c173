import pytest

from martlet_connector_pool._key import host_key
from martlet_connector_pool._limits import Slots

from .fakes import key

A = host_key(key("a"))
B = host_key(key("b"))


def test_it_is_full_at_the_limit_and_not_before() -> None:
    slots = Slots(2, 0)
    seen = [slots.full]

    for change, host in [(slots.take, A), (slots.take, B), (slots.give_back, A)]:
        change(host)
        seen.append(slots.full)

    assert seen == [False, False, True, False]


def test_a_host_is_full_at_its_own_limit() -> None:
    slots = Slots(0, 2)

    slots.take(A)
    slots.take(B)
    assert not slots.host_full(A)
    slots.take(A)
    assert slots.host_full(A)
    assert not slots.host_full(B)
    slots.give_back(A)
    assert not slots.host_full(A)


def test_a_limit_of_zero_is_none() -> None:
    slots = Slots(0, 0)

    for _ in range(1000):
        slots.take(A)

    assert not slots.full
    assert not slots.host_full(A)


def test_a_host_without_connections_is_forgotten() -> None:
    slots = Slots(0, 0)

    slots.take(A)
    slots.take(A)
    slots.give_back(A)
    assert slots.used_by_host == {A: 1}
    slots.give_back(A)

    assert slots.used_by_host == {}
    assert slots.used == 0


def test_giving_back_what_nobody_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        Slots(0, 0).give_back(A)
