import pytest

from martlet_connector_pool._idle import IdleCache
from martlet_connector_pool._key import host_key

from .fakes import Fake, key


def cache(keepalive: float | None = 10) -> IdleCache[Fake]:
    return IdleCache(keepalive)


def test_the_newest_is_taken_first_and_tells_since_when() -> None:
    idle = cache()
    old, new = Fake(key()), Fake(key())
    idle.put(old, 1.0)
    idle.put(new, 2.0)

    assert idle.take(key()) == (new, 2.0)
    assert idle.take(key()) == (old, 1.0)
    assert idle.take(key()) is None
    assert len(idle) == 0


def test_only_the_same_key_is_taken() -> None:
    idle = cache()
    idle.put(Fake(key("a")), 1.0)

    assert idle.take(key("b")) is None
    assert idle.take(key("a", is_ssl=True)) is None
    assert idle.take(key("a", 81)) is None
    assert len(idle) == 1


def test_the_oldest_of_all_is_named() -> None:
    idle = cache()
    first, second = Fake(key("a")), Fake(key("b"))
    idle.put(first, 1.0)
    idle.put(second, 2.0)

    assert idle.oldest() is first
    idle.discard(first)
    assert idle.oldest() is second
    idle.discard(second)
    assert idle.oldest() is None


def test_what_is_put_back_is_the_newest_again() -> None:
    idle = cache()
    one, other = Fake(key("a")), Fake(key("b"))
    idle.put(one, 1.0)
    idle.put(other, 2.0)
    idle.take(key("a"))
    idle.put(one, 3.0)

    assert idle.all() == [other, one]


def test_discarding_leaves_the_others() -> None:
    idle = cache()
    one, other = Fake(key()), Fake(key())
    idle.put(one, 1.0)
    idle.put(other, 2.0)

    idle.discard(one)
    idle.discard(one)

    assert one not in idle
    assert other in idle
    assert idle.take(key()) == (other, 2.0)


def test_a_connection_of_the_host_is_found_whatever_else_its_key_says() -> None:
    idle = cache()
    pinned = Fake(key("a")._replace(server_hostname="x"))
    idle.put(Fake(key("b")), 1.0)
    idle.put(pinned, 2.0)

    assert idle.any_of_host(host_key(key("a"))) is pinned
    assert idle.any_of_host(host_key(key("a", is_ssl=True))) is None


def test_of_one_key_the_oldest_is_given_up_first() -> None:
    idle = cache()
    old, new = Fake(key()), Fake(key())
    idle.put(old, 1.0)
    idle.put(new, 2.0)

    assert idle.any_of_host(host_key(key())) is old


def test_those_idle_for_too_long_are_named() -> None:
    idle = cache(10)
    fakes = [Fake(key(), number) for number in range(3)]
    for number, fake in enumerate(fakes):
        idle.put(fake, float(number))

    assert idle.expired(9.9) == []
    assert idle.expired(10.0) == fakes[:1]
    assert idle.expired(11.5) == fakes[:2]
    assert idle.expired(100.0) == fakes
    assert idle.next_expiry() == 10.0


@pytest.mark.parametrize("since", [0.1, 0.3, 1e9 + 0.1, 1234.567])
@pytest.mark.parametrize("keepalive", [0.1, 0.7, 15.0])
def test_at_its_expiry_it_is_expired_in_spite_of_rounding(since: float, keepalive: float) -> None:
    idle = cache(keepalive)
    fake = Fake(key())
    idle.put(fake, since)
    when = idle.next_expiry()
    assert when is not None

    assert idle.expired(when) == [fake]


def test_without_a_limit_nothing_expires() -> None:
    idle = cache(None)
    idle.put(Fake(key()), 0.0)

    assert idle.expired(1e12) == []
    assert idle.next_expiry() is None


def test_without_connections_nothing_expires() -> None:
    assert cache(10).next_expiry() is None
