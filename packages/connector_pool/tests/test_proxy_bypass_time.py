"""Rules may come from anywhere, and so may hosts: neither takes longer than it is long."""

import time

import pytest
from yarl import URL

from martlet_connector_pool._proxy_bypass import ProxyBypass

# Linear work takes 8 times as long at 8 times the size, quadratic work 64 times.
FACTOR = 8
BOUND = 24
RUNS = 4

LONG: dict[str, tuple[str, int]] = {
    "names": ("a.test,", 5_000),
    "one name": ("a", 500_000),
    "one label after the other": ("a.", 500_000),
    "one name with an umlaut": ("ü", 200_000),
    "names with umlauts": ("ü.test ", 500),
    "addresses": ("10.0.0.1,", 3_000),
    "one address without end": ("1:", 500_000),
    "brackets": ("[", 500_000),
    "commas": (",", 500_000),
    "ports": ("a:1,", 5_000),
    "one port": (":1", 500_000),
    "slashes": ("/1", 500_000),
    "asterisks": ("*.", 500_000),
}


def duration(rules: str) -> float:
    start = time.process_time()
    ProxyBypass(rules)
    return time.process_time() - start


@pytest.mark.parametrize("case", LONG)
def test_reading_takes_time_in_proportion(case: str) -> None:
    piece, size = LONG[case]
    small, large = piece * size, piece * size * FACTOR
    bound = BOUND * max(0.0005, min(duration(small) for _ in range(RUNS)))
    assert any(duration(large) <= bound for _ in range(RUNS))


@pytest.mark.parametrize("host", ["a.b.c.d.test", "10.2.3.4", "[fe80::1]"])
def test_matching_does_not_take_longer_with_more_rules(host: str) -> None:
    def matching(count: int) -> float:
        names = ",".join(f"h{i}.test,*.g{i}.test:80" for i in range(count))
        hosts = ",".join(f"192.0.{i // 250}.{i % 250}/32,2001:db8::{i:x}" for i in range(count))
        bypass, url = ProxyBypass(f"{names},{hosts}"), URL(f"http://{host}/")
        best = 1.0
        for _ in range(RUNS):
            start = time.process_time()
            for _ in range(200):
                assert not bypass.matches(url)
            best = min(best, time.process_time() - start)
        return best

    assert matching(10_000) <= 5 * max(0.0005, matching(10))


def test_a_long_host_takes_no_longer_than_it_is_long() -> None:
    def matching(length: int) -> float:
        url = URL("http://" + "a." * length + "test/")
        assert url.raw_host
        start = time.process_time()
        for _ in range(20):
            assert not bypass.matches(url)
        return time.process_time() - start

    bypass = ProxyBypass("b.test,10.0.0.0/8")
    bound = BOUND * max(0.0005, min(matching(20_000) for _ in range(RUNS)))
    assert any(matching(20_000 * FACTOR) <= bound for _ in range(RUNS))
