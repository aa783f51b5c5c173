"""The phases of a dial, by a clock that is set by hand."""

from martlet_connector_pool._dial_clock import DialClock


def test_each_phase_counts_from_the_end_of_the_one_before() -> None:
    times = iter([100.0, 100.5, 100.5, 103.0])
    clock = DialClock(lambda: next(times))

    assert clock.phases == {}
    clock.lap("dns")
    clock.lap("connect")
    clock.lap("tls")

    assert list(clock.phases.items()) == [("dns", 0.5), ("connect", 0.0), ("tls", 2.5)]
