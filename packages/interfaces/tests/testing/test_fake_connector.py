"""`FakeConnector`: canned answers, what it writes down, and how it fails."""

import asyncio

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from martlet_interfaces import NO_TIMEOUTS, RequestBody, RequestHead, Timeouts
from martlet_interfaces.testing import FakeConnector, FakeExchange, OriginResponse, Then
from martlet_interfaces.testing._recording import Recording
from martlet_interfaces.testing._request_bodies import PiecesBody, StuckBody

PAGE = "http://origin.test/page"


def head(method: str = "GET", url: str = PAGE) -> RequestHead:
    return RequestHead(method, URL(url), CIMultiDictProxy(CIMultiDict({"Host": "origin.test"})))


async def send(
    connector: FakeConnector,
    request: RequestHead | None = None,
    body: bytes | RequestBody | None = None,
    timeouts: Timeouts = NO_TIMEOUTS,
) -> Recording:
    recording = Recording()
    await connector.send(request or head(), body, recording, timeouts=timeouts)
    return recording


async def test_it_gives_the_answer_for_method_and_url() -> None:
    connector = FakeConnector()
    connector.respond("GET", PAGE, OriginResponse(404, [("X", "1")], [b"not ", b"here"]))
    connector.respond("HEAD", PAGE, OriginResponse(204))
    got = await send(connector)
    assert (got.head.status, got.head.headers["x"], got.pieces) == (404, "1", [b"not ", b"here"])
    assert (await send(connector, head("HEAD"))).head.status == 204


async def test_answers_come_in_turn_and_the_last_one_stays() -> None:
    connector = FakeConnector()
    connector.respond("GET", PAGE, OriginResponse(503), OriginResponse(200))
    assert [(await send(connector)).head.status for _ in range(3)] == [503, 200, 200]


async def test_new_answers_replace_the_old() -> None:
    connector = FakeConnector()
    connector.respond("GET", PAGE, OriginResponse(503))
    connector.respond("GET", URL(PAGE), OriginResponse(200))
    assert (await send(connector)).head.status == 200


async def test_the_fragment_does_not_count() -> None:
    connector = FakeConnector()
    connector.respond("GET", PAGE, OriginResponse(204))
    assert (await send(connector, head(url=PAGE + "#part"))).head.status == 204


async def test_an_exception_is_raised_as_it_is() -> None:
    connector, error = FakeConnector(), LookupError("canned")
    connector.respond("GET", PAGE, error)
    with pytest.raises(LookupError) as caught:
        await send(connector)
    assert caught.value is error


def test_no_answers_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^Give one answer at least$"):
        FakeConnector().respond("GET", PAGE)


async def test_an_unknown_page_goes_to_the_application() -> None:
    def application(method: str, target: str, headers: object, body: bytes) -> OriginResponse:
        return OriginResponse(chunks=[f"{method} {target} {headers} ".encode(), body])

    connector = FakeConnector(application)
    connector.respond("GET", PAGE, OriginResponse(204))
    got = await send(connector, head("PUT", PAGE + "?q=%20"), b"body")
    assert got.body == b"PUT /page?q=%20 [('Host', 'origin.test')] body"


async def test_without_an_application_an_unknown_page_is_an_error() -> None:
    with pytest.raises(ConnectionError, match=r"^No answer to GET http://origin\.test/page$"):
        await send(FakeConnector())


async def test_it_writes_down_what_it_is_asked() -> None:
    connector = FakeConnector()
    connector.respond("PUT", PAGE, OriginResponse())
    limits = Timeouts(sock_read=7)
    await send(connector, head("PUT"), PiecesBody([b"some ", b"body"], length=None), limits)
    (request,) = connector.requests
    assert (request.method, request.url) == ("PUT", URL(PAGE))
    assert (request.body, request.timeouts) == (b"some body", limits)
    assert request.head.headers["Host"] == "origin.test"
    assert [exchange.request for exchange in connector.exchanges] == [request]


@pytest.mark.parametrize("error", [ConnectionError, LookupError])
async def test_what_breaks_off_raises_the_chosen_error(error: type[Exception]) -> None:
    connector = FakeConnector(error=error)
    connector.respond("GET", PAGE, OriginResponse(silent=True, then=Then.BREAK))
    with pytest.raises(error, match=r"^The connection was lost$"):
        await send(connector)


async def test_silence_without_an_end_is_a_loss() -> None:
    connector = FakeConnector()
    connector.respond("GET", PAGE, OriginResponse(silent=True))
    with pytest.raises(ConnectionError, match=r"^The connection was lost$"):
        await send(connector)


@pytest.mark.parametrize("error", [TimeoutError, LookupError])
async def test_silence_lasts_as_long_as_sock_read(error: type[Exception]) -> None:
    connector = FakeConnector(timeout_error=error)
    connector.respond("GET", PAGE, OriginResponse(silent=True, then=Then.HANG))
    with pytest.raises(error, match=r"^Nothing came within sock_read$") as caught:
        await send(connector, timeouts=Timeouts(sock_read=0))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


async def test_a_timeout_of_the_body_s_own_comes_out_as_it_is() -> None:
    class SlowBody(PiecesBody):
        async def write_to(self, _out: object, /) -> None:
            raise TimeoutError("the body's own")

    with pytest.raises(TimeoutError, match=r"^the body's own$"):
        await send(FakeConnector(), body=SlowBody([], length=None))


async def test_closing_ends_what_waits_and_refuses_what_comes() -> None:
    connector = FakeConnector(error=LookupError)
    connector.respond("GET", PAGE, OriginResponse(silent=True, then=Then.HANG))
    waiting = asyncio.create_task(send(connector))
    uploading = asyncio.create_task(send(connector, body=StuckBody()))
    for _ in range(3):
        await asyncio.sleep(0)
    connector.close()
    await connector.close()
    assert connector.closed
    for task in (waiting, uploading):
        with pytest.raises(LookupError, match="The connector was closed"):
            await task
    with pytest.raises(LookupError, match="The connector is closed"):
        await send(connector)


async def test_closing_in_the_tick_of_the_timeout_is_a_close() -> None:
    connector = FakeConnector()
    connector.respond("GET", PAGE, OriginResponse(silent=True, then=Then.HANG))
    waiting = asyncio.create_task(send(connector, timeouts=Timeouts(sock_read=0)))
    await asyncio.sleep(0)
    (scope,) = connector._scopes
    for _ in range(10):
        if scope.expired():
            break
        await asyncio.sleep(0)
    assert scope.expired()
    connector.close()
    with pytest.raises(ConnectionError, match="The connector was closed"):
        await waiting


async def test_a_body_that_closes_the_connector_gets_no_answer() -> None:
    class ClosingBody(PiecesBody):
        async def write_to(self, _out: object, /) -> None:
            connector.close()

    connector = FakeConnector()
    connector.respond("GET", PAGE, OriginResponse())
    with pytest.raises(ConnectionError, match="The connector was closed"):
        await send(connector, body=ClosingBody([], length=None))
    assert connector.exchanges == []


async def test_schemes_facts_and_the_class_of_exchanges_can_be_chosen() -> None:
    class Exchange(FakeExchange):
        pass

    class Connector(FakeConnector):
        exchange_type = Exchange

    connector = Connector(schemes=frozenset({"memory"}), facts={"peername": "nobody"})
    connector.respond("GET", PAGE, OriginResponse())
    await send(connector)
    assert connector.schemes == {"memory"}
    assert type(connector.exchanges[0]) is Exchange
    assert connector.exchanges[0].info("peername") == "nobody"
