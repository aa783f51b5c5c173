"""Rules may come from anywhere, and so may hosts: neither takes longer than it is long."""

from functools import partial

import pytest
from yarl import URL

from linear_time import Work, grows_linearly
from martlet_connector_pool._proxy_bypass import ProxyBypass

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


@pytest.mark.parametrize("case", LONG)
def test_reading_takes_time_in_proportion(case: str) -> None:
    piece, size = LONG[case]
    assert grows_linearly(lambda n: partial(ProxyBypass, piece * n), size)


@pytest.mark.parametrize("host", ["a.b.c.d.test", "10.2.3.4", "[fe80::1]"])
def test_matching_does_not_take_longer_with_more_rules(host: str) -> None:
    url = URL(f"http://{host}/")

    def matching(count: int) -> Work:
        names = ",".join(f"h{i}.test,*.g{i}.test:80" for i in range(count))
        hosts = ",".join(f"192.0.{i // 250}.{i % 250}/32,2001:db8::{i:x}" for i in range(count))
        bypass = ProxyBypass(f"{names},{hosts}")

        def work() -> None:
            for _ in range(200):
                assert not bypass.matches(url)

        return work

    assert grows_linearly(matching, 10, factor=1_000, bound=5)


def test_a_long_host_takes_no_longer_than_it_is_long() -> None:
    bypass = ProxyBypass("b.test,10.0.0.0/8")

    def matching(length: int) -> Work:
        url = URL("http://" + "a." * length + "test/")
        assert url.raw_host

        def work() -> None:
            for _ in range(20):
                assert not bypass.matches(url)

        return work

    assert grows_linearly(matching, 20_000)
