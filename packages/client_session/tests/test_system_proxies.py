import pytest
from yarl import URL

from martlet_client_session._system_proxies import SystemProxies


class System:
    """What urllib finds in the settings."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.proxies: dict[str, str] = {}
        self.bypassed: set[str] = set()
        self.asked: list[str] = []
        monkeypatch.setattr("urllib.request.getproxies", self.proxies.copy)
        monkeypatch.setattr("urllib.request.proxy_bypass", self._bypasses)

    def _bypasses(self, host: str) -> int:
        self.asked.append(host)
        return int(host in self.bypassed)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    return System(monkeypatch)


@pytest.mark.parametrize(
    ("scheme", "expected"), [("http", "p"), ("https", "q"), ("ws", "p"), ("wss", "w")]
)
def test_scheme(system: System, scheme: str, expected: str) -> None:
    system.proxies |= {"http": "p", "https": "q", "wss": "w", "ftp": "f"}
    assert SystemProxies().find(URL(f"{scheme}://a.test/")) == expected


def test_none(system: System) -> None:
    system.proxies |= {"https": "q", "http": ""}
    assert SystemProxies().find(URL("http://a.test/")) is None
    assert system.asked == []


def test_they_are_read_once(system: System) -> None:
    system.proxies["all"] = "p"
    proxies = SystemProxies()
    system.proxies["all"] = "q"
    assert proxies.find(URL("http://a.test/")) == "p"


def test_exceptions_are_asked_for_once(system: System) -> None:
    system.proxies["http"] = "p"
    system.bypassed.add("b.test")
    proxies = SystemProxies()
    for _ in range(2):
        assert proxies.find(URL("http://a.test/")) == "p"
        assert proxies.find(URL("http://b.test:8080/")) is None
    assert system.asked == ["a.test", "b.test"]


def test_it_remembers_no_more_than_a_thousand(system: System) -> None:
    system.proxies["http"] = "p"
    proxies = SystemProxies()
    for number in range(1001):
        proxies.find(URL(f"http://a{number}.test/"))
    assert len(proxies._bypassed) == 1
