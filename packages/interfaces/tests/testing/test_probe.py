"""`Probe`: how checks use a connector, and what they say when it does not work."""

import asyncio

import pytest
from yarl import URL

from martlet_interfaces import Receiver, RequestBody, RequestHead, Timeouts
from martlet_interfaces.testing import ConnectorUnderTest, FakeConnector, conformance_origin
from martlet_interfaces.testing._conformance_error import ViolationError
from martlet_interfaces.testing._probe import Probe, told


def make_probe(connector: FakeConnector | None = None) -> Probe:
    connector = connector or FakeConnector(conformance_origin)
    return Probe(ConnectorUnderTest(connector, "http://origin.test:8080"), ConnectionError)


def test_the_base_url_may_be_text() -> None:
    subject = ConnectorUnderTest(FakeConnector(), "http://origin.test")
    assert subject.base_url == URL("http://origin.test")
    assert subject.early_responses


async def test_an_exchange_is_fetched_whole() -> None:
    probe = make_probe()
    recording = await probe.fetch("/status/404")
    assert recording.head.status == 404
    assert recording.calls == ["on_head", "eof"]
    assert recording.in_time


async def test_an_echo_tells_what_arrived() -> None:
    seen = await make_probe().echo(
        "/echo?q=1", method="PUT", body=b"body", headers=[("X", "1"), ("x", "2")]
    )
    assert (seen.method, seen.target, seen.body) == ("PUT", "/echo?q=1", b"body")
    assert seen.values("x") == ["1", "2"]
    assert seen.values("host") == ["origin.test:8080"]


async def test_the_outcome_of_a_send_is_what_it_returns_or_raises() -> None:
    probe = make_probe()
    assert not isinstance(await probe.outcome(probe.start("/echo")), BaseException)
    assert isinstance(await probe.outcome(probe.start("/break-before-head")), ConnectionError)
    sending = probe.start("/hang")
    sending.task.cancel()
    assert isinstance(await probe.outcome(sending), asyncio.CancelledError)


async def test_a_send_that_raises_is_no_exchange() -> None:
    probe = make_probe()
    text = r"^GET /break-before-head raised ConnectionError\('The connection was lost'\)$"
    with pytest.raises(ViolationError, match=text) as caught:
        await probe.fetch("/break-before-head")
    assert isinstance(caught.value.__cause__, ConnectionError)


async def test_a_body_that_fails_is_not_fetched() -> None:
    probe = make_probe()
    text = "^the body of GET /break-in-body failed with ConnectionError"
    with pytest.raises(ViolationError, match=text) as caught:
        await probe.fetch("/break-in-body")
    assert isinstance(caught.value.__cause__, ConnectionError)


async def test_an_error_is_demanded_of_a_send() -> None:
    probe = make_probe()
    assert isinstance(await probe.error(probe.start("/break-before-head")), ConnectionError)
    with pytest.raises(ViolationError, match=r"^GET /echo raised nothing$"):
        await probe.error(probe.start("/echo"))
    probe = make_probe(FakeConnector(conformance_origin, error=LookupError))
    text = r"raised LookupError\('The connection was lost'\), which is no ConnectionError$"
    with pytest.raises(ViolationError, match=text):
        await probe.error(probe.start("/break-before-head"))


async def test_cancelling_waits_until_the_send_has_noticed() -> None:
    probe = make_probe()
    sending = probe.start("/hang")
    await probe.turns(3)
    await probe.cancel(sending)
    assert sending.task.cancelled()


async def test_answers_of_others_are_noticed() -> None:
    connector = FakeConnector()
    connector.respond(
        "GET",
        "http://origin.test:8080/echo?again=0",
        conformance_origin("GET", "/echo?other", [], b""),
    )
    with pytest.raises(ViolationError, match=r"^the next request got another's answer$"):
        await make_probe(connector).demand_usable()


async def test_it_says_what_it_waits_for() -> None:
    probe = make_probe()
    assert probe.step == "nothing"
    await probe.fetch("/echo")
    assert probe.step == "the end of the response to GET /echo"
    await probe.turns(1)
    assert probe.step == "the event loop"
    await probe.close()
    assert probe.step == "what close() returned"


async def test_nothing_is_left_when_it_has_cleaned_up() -> None:
    probe = make_probe()
    await probe.clean_up()
    sendings = [probe.start(path) for path in ("/hang", "/echo", "/break-before-head")]
    await probe.turns(3)
    await probe.clean_up()
    assert [sending.task.done() for sending in sendings] == [True] * 3
    assert sendings[0].task.cancelled()


class Silent(FakeConnector):
    """Calls nobody."""

    async def send(  # type: ignore[override]  # the fault: it returns nothing
        self,
        request: RequestHead,
        body: bytes | RequestBody | None,
        receiver: Receiver,
        *,
        timeouts: Timeouts,
        observer: object = None,
    ) -> None:
        return None


async def test_a_send_that_returns_without_a_head_is_no_exchange() -> None:
    probe = make_probe(Silent())
    text = r"^GET /echo returned before on_head was called$"
    with pytest.raises(ViolationError, match=text):
        await probe.exchange(probe.start("/echo"))


async def test_outcomes_can_be_told() -> None:
    probe = make_probe()
    assert told(await probe.outcome(probe.start("/echo"))) == "returned"
    assert told(LookupError("lost")) == "raised LookupError('lost')"
