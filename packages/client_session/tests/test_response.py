import gzip

import pytest
from multidict import CIMultiDictProxy
from yarl import URL

from martlet_client_session import ClientResponse, ClientSession
from martlet_exceptions import ClientPayloadError, ClientResponseError, HistoryEntry
from martlet_interfaces import HttpVersion11

from .scripted import Fields, ScriptedConnector, ScriptedExchange, answer, turn


async def test_head_is_there_before_the_body(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(
        None, status=404, fields=[("X-A", "1"), ("x-a", "2")], reason="Nope", complete=False
    )
    async with session.post("http://u:p@h:81/p?q#f") as response:
        assert (response.status, response.reason, response.ok) == (404, "Nope", False)
        assert response.version == HttpVersion11
        assert response.method == "POST"
        assert response.url == URL("http://h:81/p?q")
        assert response.real_url == URL("http://h:81/p?q#f")
        assert response.host == "h"
        assert response.history == ()
        assert isinstance(response.headers, CIMultiDictProxy)
        assert response.headers.getall("X-a") == ["1", "2"]
        assert repr(response) == "<ClientResponse(http://h:81/p?q) [404 Nope]>"
        assert isinstance(response, HistoryEntry)


@pytest.mark.parametrize(("status", "ok"), [(200, True), (399, True), (400, False), (599, False)])
async def test_status_below_400_is_ok(
    session: ClientSession, connector: ScriptedConnector, status: int, ok: bool
) -> None:
    connector.script = answer(status=status)
    response = await session.get("http://h/")
    assert response.ok is ok


async def test_raw_headers_are_the_bytes_that_came(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    value = b"\xff\xc3\xa4".decode("utf-8", "surrogateescape")
    connector.script = answer(fields=[("X-a", value), ("x-A", "")])
    response = await session.get("http://h/")
    assert response.raw_headers == ((b"X-a", b"\xff\xc3\xa4"), (b"x-A", b""))


async def test_request_info_is_what_was_asked(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await session.get("http://h/p#f", headers={"X-A": "1"})
    info = response.request_info
    assert info.method == "GET"
    assert info.url == URL("http://h/p")
    assert info.real_url == URL("http://h/p#f")
    assert info.headers is connector.request.headers
    assert info.headers["X-A"] == "1"


@pytest.mark.parametrize(
    ("fields", "content_type", "charset"),
    [
        ([], "application/octet-stream", None),
        ([("Content-Type", "")], "application/octet-stream", None),
        ([("Content-Type", ";charset=utf-8")], "application/octet-stream", "utf-8"),
        ([("content-type", "Text/HTML")], "text/html", None),
        ([("Content-Type", 'text/html; Charset="UTF-8"')], "text/html", "utf-8"),
        ([("Content-Type", "text/html; charset=")], "text/html", None),
        ([("Content-Type", "garbage")], "garbage", None),
    ],
)
async def test_media_type_and_charset_are_lower_case(
    session: ClientSession,
    connector: ScriptedConnector,
    fields: Fields,
    content_type: str,
    charset: str | None,
) -> None:
    connector.script = answer(fields=fields)
    response = await session.get("http://h/")
    assert (response.content_type, response.charset) == (content_type, charset)


async def fetch(
    session: ClientSession, connector: ScriptedConnector, body: bytes, *codings: str
) -> ClientResponse:
    connector.script = answer(body, fields=[("Content-Encoding", coding) for coding in codings])
    return await session.get("http://h/")


CODED = gzip.compress(b"body")


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", " gzip , identity", ",gzip,"])
async def test_content_coding_is_removed(
    session: ClientSession, connector: ScriptedConnector, coding: str
) -> None:
    response = await fetch(session, connector, CODED, coding)
    assert await response.read() == b"body"
    assert response.headers["Content-Encoding"] == coding


async def test_codings_of_several_lines_count_in_their_order(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    import zlib

    response = await fetch(
        session, connector, gzip.compress(zlib.compress(b"x")), "deflate", "gzip"
    )
    assert await response.read() == b"x"


@pytest.mark.parametrize("coding", ["unknown", "gzip, unknown", "identity", ""])
async def test_body_in_an_unknown_coding_is_left_as_it_is(
    session: ClientSession, connector: ScriptedConnector, coding: str
) -> None:
    response = await fetch(session, connector, CODED, coding)
    assert await response.read() == CODED


async def test_coding_is_left_on_if_the_session_says_so(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector, auto_decompress=False) as session:
        response = await fetch(session, connector, CODED, "gzip")
        assert await response.read() == CODED
        assert not session.auto_decompress


async def test_more_than_five_codings_fail_the_body_and_not_the_head(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(
        CODED, fields=[("Content-Encoding", ", ".join(["gzip"] * 6))], complete=False
    )
    async with session.get("http://h/") as response:
        assert response.status == 200
        with pytest.raises(ClientPayloadError, match="More than 5 content codings"):
            await response.read()
    assert connector.exchange.calls[:2] == ["pause", "abort"]


async def test_response_without_a_body_needs_no_coding(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"", "gzip")
    assert await response.read() == b""


@pytest.mark.parametrize(("length", "expected"), [("999999", 0), ("9999999", 9999999), (None, 0)])
async def test_room_is_made_for_a_large_body_that_is_announced(
    session: ClientSession, connector: ScriptedConnector, length: str | None, expected: int
) -> None:
    connector.script = answer(fields=[("Content-Length", length)] if length else [])
    response = await session.get("http://h/")
    assert response.content.expected_size == expected


@pytest.mark.parametrize("length", ["²" * 8, "9" * 20, "x" * 8, "-9999999", "99999999"])
async def test_absurd_content_length_is_the_connectors_to_judge(
    session: ClientSession, connector: ScriptedConnector, length: str
) -> None:
    connector.script = answer(b"body", fields=[("Content-Length", length)])
    response = await session.get("http://h/")
    assert await response.read() == b"body"


@pytest.mark.parametrize("status", [200, 204, 304, 399])
async def test_status_below_400_is_not_raised(
    session: ClientSession, connector: ScriptedConnector, status: int
) -> None:
    connector.script = answer(status=status)
    response = await session.get("http://h/")
    response.raise_for_status()


async def test_raise_for_status_tells_all_of_the_response_and_leaves_it_readable(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(
        b"sorry", status=503, fields=[("Retry-After", "1")], reason="Busy", complete=False
    )
    async with session.get("http://u:p@h/x") as response:
        with pytest.raises(ClientResponseError) as caught:
            response.raise_for_status()
        error = caught.value
        assert (error.status, error.message, error.body) == (503, "Busy", b"sorry")
        assert error.headers is not None
        assert error.headers["Retry-After"] == "1"
        assert error.request_info == response.request_info
        assert error.history == ()
        assert str(error) == "503, message='Busy', url='http://h/x'"
        connector.exchange.feed(b"!")
        connector.exchange.eof()
        assert await response.read() == b"sorry!"
        with pytest.raises(ClientResponseError) as caught:
            response.raise_for_status()
        assert caught.value.body == b"sorry!"


@pytest.mark.parametrize("read_first", [True, False])
async def test_error_keeps_no_more_than_64_kib_of_the_body(
    session: ClientSession, connector: ScriptedConnector, read_first: bool
) -> None:
    connector.script = answer(b"x" * 100_000, status=500)
    response = await session.get("http://h/")
    if read_first:
        await response.read()
    with pytest.raises(ClientResponseError) as caught:
        response.raise_for_status()
    assert caught.value.body == b"x" * 65536
    assert len(await response.read()) == 100_000


async def test_session_raises_for_every_status_from_400_and_releases(
    connector: ScriptedConnector,
) -> None:
    connector.script = answer(b"no", status=400, complete=False)
    async with ClientSession(connector=connector, raise_for_status=True) as session:
        assert session.raise_for_status
        with pytest.raises(ClientResponseError) as caught:
            await session.get("http://h/")
        assert caught.value.body == b"no"
        assert connector.exchange.calls == ["release"]
        response = await session.get("http://h/", raise_for_status=False)
        assert response.status == 400
        response.close()
        connector.script = answer(status=399)
        assert (await session.get("http://h/")).status == 399


async def test_request_can_ask_for_errors_to_be_raised(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(status=400)
    assert not session.raise_for_status
    with pytest.raises(ClientResponseError):
        await session.get("http://h/", raise_for_status=True)


async def test_body_streams_while_it_comes(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    import asyncio

    async def script(exchange: ScriptedExchange) -> None:
        exchange.head()

    connector.script = script
    async with session.get("http://h/") as response:
        waiting = asyncio.create_task(response.content.readany())
        await turn()
        connector.exchange.feed(b"first")
        assert await waiting == b"first"
        connector.exchange.feed(b"second")
        connector.exchange.eof()
        assert [piece async for piece in response.content.iter_chunked(4)] == [b"seco", b"nd"]
