import pytest

from martlet_client_session import ClientSession
from martlet_exceptions import ClientConnectionError, ClientPayloadError, ContentTypeError

from .scripted import ScriptedConnector, answer

STREAM = [("Content-Type", "Text/Event-Stream; charset=utf-8")]


async def test_events_of_a_response(session: ClientSession, connector: ScriptedConnector) -> None:
    connector.script = answer(b"\xef\xbb\xbfid: 1\ndata: a\n\ndata: b\n\n", fields=STREAM)
    async with session.get("http://h/") as response, response.events() as events:
        assert [event.data async for event in events] == ["a", "b"]
        assert events.last_event_id == "1"


async def test_leaving_early_gives_the_connection_up(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"data: a\n\n", fields=STREAM, complete=False)
    response = await session.get("http://h/")
    async with response.events() as events:
        assert (await anext(events)).data == "a"
        assert connector.exchange.calls == []
    assert connector.exchange.calls == ["release"]


async def test_closed_response_is_an_error(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"data: a\n\n", fields=STREAM, complete=False)
    response = await session.get("http://h/")
    response.close()
    with pytest.raises(ClientConnectionError, match="Response closed"):
        await anext(response.events())


async def test_broken_body_is_an_error_after_its_events(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"data: a\n\ndata: b\n", fields=STREAM, complete=False)
    response = await session.get("http://h/")
    connector.exchange.fail(ClientPayloadError("cut short"))
    events = response.events()
    assert (await anext(events)).data == "a"
    with pytest.raises(ClientPayloadError, match="cut short"):
        await anext(events)


async def test_response_of_another_type_can_still_be_read(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"why", status=503, fields=[("Content-Type", "text/plain")])
    response = await session.get("http://h/")
    with pytest.raises(ContentTypeError, match=r"503.*text/plain"):
        await anext(response.events())
    assert await response.text() == "why"
