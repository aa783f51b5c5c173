"""Where the time went, from whatever a connector tells."""

from types import MappingProxyType

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from yarl import URL

from martlet_client_session import ClientResponse, ClientSession
from martlet_client_session._timings import Timings, timings_from

from .scripted import ScriptedConnector, ScriptedExchange, answer

NAMES = ["queued", "dns", "connect", "proxy", "tls", "sent", "first_byte", "done"]


def test_nothing_is_known_at_first() -> None:
    assert attrs.asdict(Timings()) == dict.fromkeys(NAMES)
    with pytest.raises(FrozenInstanceError):
        Timings().done = 1.0  # type: ignore[misc]  # what is tested


@pytest.mark.parametrize("name", NAMES)
def test_each_is_told_by_its_name(name: str) -> None:
    assert timings_from({name: 1.5}) == Timings(**{name: 1.5})
    assert timings_from(MappingProxyType({name: 0})) == Timings(**{name: 0})


def test_the_way_through_a_proxy_is_one() -> None:
    assert timings_from({"proxy_tls": 1.0, "proxy": 0.5}) == Timings(proxy=1.5)
    assert timings_from({"proxy_tls": 1.0}) == Timings(proxy=1.0)


@pytest.mark.parametrize("fact", [None, {}, {"else": 1.0}, {"done": "soon"}, [1.0], "x", 5])
def test_who_tells_nothing_of_use_tells_nothing(fact: object) -> None:
    assert timings_from(fact) == Timings()


async def test_they_are_there_after_the_release(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"x")
    async with session.get("http://h/") as response:
        assert response.timings == Timings()
        connector.exchange.facts = {"timings": {"sent": 1.0, "first_byte": 2.0}}
        assert response.timings == Timings(sent=1.0, first_byte=2.0)
        connector.exchange.facts = {"timings": {"sent": 1.0, "first_byte": 2.0, "done": 3.0}}
        await response.read()
    assert response.closed
    assert response.timings == Timings(sent=1.0, first_byte=2.0, done=3.0)


async def test_after_redirects_they_are_those_of_the_last_request(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async def script(exchange: ScriptedExchange) -> None:
        number = len(connector.exchanges)
        exchange.facts = {"timings": {"done": float(number)}}
        if number < 3:
            exchange.head(302, [("Location", "/next"), ("Content-Length", "0")])
        else:
            exchange.head()
        exchange.eof()

    connector.script = script
    async with session.get("http://h/") as response:
        assert response.timings == Timings(done=3.0)
        assert [hop.timings.done for hop in response.history] == [1.0, 2.0]


def test_a_response_that_was_made_by_hand_took_no_time() -> None:
    assert ClientResponse("GET", URL("http://h/")).timings == Timings()
