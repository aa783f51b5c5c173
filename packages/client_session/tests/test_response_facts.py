"""What a response tells of its exchange."""

import pytest

from martlet_client_session import ClientResponse, ClientSession
from martlet_exceptions import ContentTypeError

from .scripted import ScriptedConnector, answer, turn


async def test_connection_is_there_while_the_body_comes(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"x", complete=False)
    response = await session.get("http://h/")
    connector.exchange.facts = {"transport": None, "peername": "peer"}
    connection = response.connection
    assert connection is not None
    assert connection.get_extra_info("peername") == "peer"
    connector.exchange.eof()
    connection = response.connection
    assert connection is None
    response.close()


async def test_response_without_an_exchange_has_no_facts(session: ClientSession) -> None:
    response = await session.get("http://h/")
    bare = ClientResponse.to(response._request)
    assert bare.connection is None
    assert bare.get_extra_info("peername", "none") == "none"
    assert not bare.trailers


@pytest.mark.parametrize(
    ("fields", "whole"),
    [
        ([("Content-Length", "1")], True),
        ([("Transfer-Encoding", "chunked")], True),
        ([("Connection", "close")], False),
    ],
)
async def test_body_that_does_not_say_its_end_is_left_if_that_is_asked(
    session: ClientSession,
    connector: ScriptedConnector,
    fields: list[tuple[str, str]],
    whole: bool,
) -> None:
    connector.script = answer(b"x", fields=fields, complete=False)
    response = await session.get("http://h/", read_until_eof=False)
    assert connector.exchange.calls == ([] if whole else ["abort"])
    connector.exchange.eof()
    assert await response.read() == (b"x" if whole else b"")
    response = await session.get("http://h/")
    connector.exchange.eof()
    assert await response.read() == b"x"


async def test_events_are_iterated(session: ClientSession, connector: ScriptedConnector) -> None:
    connector.script = answer(
        b"data: a\n\nid: 1\ndata: b\n\n", fields=[("Content-Type", "text/event-stream")]
    )
    async with session.get("http://h/") as response:
        assert [event.data async for event in response.events()] == ["a", "b"]
    connector.script = answer(b"data: a\n\n", fields=[("Content-Type", "text/html")])
    async with session.get("http://h/") as response:
        with pytest.raises(ContentTypeError):
            await anext(aiter(response.events()))


async def test_wait_for_close_releases(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"x", complete=False)
    response = await session.get("http://h/")
    await response.wait_for_close()
    assert connector.exchange.calls == ["release"]
    await turn()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([], "\u0431"),
        ([("Content-Type", "text/plain; charset=latin-1")], "\xe1"),
    ],
)
async def test_resolver_names_the_encoding_where_the_response_does_not(
    connector: ScriptedConnector, fields: list[tuple[str, str]], expected: str
) -> None:
    seen: list[tuple[ClientResponse, bytes]] = []

    def resolve(response: ClientResponse, body: bytes) -> str:
        seen.append((response, body))
        return "cp1251"

    connector.script = answer(b"\xe1", fields=fields)
    async with ClientSession(connector=connector, fallback_charset_resolver=resolve) as session:
        response = await session.get("http://h/")
        assert await response.text() == expected
        assert seen == ([] if fields else [(response, b"\xe1")])


async def test_request_may_want_another_decompression_and_buffer(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"no gzip at all", fields=[("Content-Encoding", "gzip")])
    response = await session.get("http://h/", auto_decompress=False)
    assert await response.read() == b"no gzip at all"
    connector.script = answer(b"abcd", complete=False)
    response = await session.get("http://h/", read_bufsize=4)
    assert connector.exchange.calls == ["pause"]
    response.close()


@pytest.mark.parametrize(("method", "status"), [("GET", 204), ("GET", 304), ("HEAD", 200)])
async def test_response_without_a_body_keeps_its_connection(
    session: ClientSession, connector: ScriptedConnector, method: str, status: int
) -> None:
    connector.script = answer(status=status)
    async with session.request(method, "http://h/", read_until_eof=False) as response:
        assert await response.read() == b""
    assert connector.exchange.calls == ["release"]
