import asyncio
import codecs
import json
from typing import Any

import pytest

from martlet_client_session import ClientResponse, ClientSession
from martlet_exceptions import ClientConnectionError, ClientPayloadError, ContentTypeError

from .scripted import Fields, ScriptedConnector, answer, turn


async def fetch(
    session: ClientSession,
    connector: ScriptedConnector,
    body: bytes,
    content_type: str | None = None,
    *,
    complete: bool = True,
) -> ClientResponse:
    fields: Fields = [("Content-Type", content_type)] if content_type is not None else []
    connector.script = answer(body, fields=fields, complete=complete)
    return await session.get("http://h/")


async def test_read_gives_the_same_bytes_again(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"body")
    first = await response.read()
    assert first == b"body"
    assert await response.read() is first
    assert await response.text() == "body"


async def test_failed_read_closes_and_later_ones_fail_the_same_way(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"part", complete=False)
    connector.exchange.fail(ClientPayloadError("cut short"))
    for _ in range(2):
        with pytest.raises(ClientPayloadError, match="cut short"):
            await response.read()
    assert response.closed
    assert connector.exchange.calls == ["abort"]


async def test_cancelled_read_closes(session: ClientSession, connector: ScriptedConnector) -> None:
    response = await fetch(session, connector, b"part", complete=False)
    task = asyncio.create_task(response.read())
    await turn()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert connector.exchange.calls == ["abort"]
    with pytest.raises(ClientConnectionError, match="Response closed"):
        await response.read()


@pytest.mark.parametrize("method", ["read", "text", "json"])
async def test_second_reader_is_turned_away_and_the_first_goes_on(
    session: ClientSession, connector: ScriptedConnector, method: str
) -> None:
    response = await fetch(session, connector, b"[", "application/json", complete=False)
    task = asyncio.create_task(response.json())
    await turn()
    with pytest.raises(RuntimeError, match="Another task is already waiting"):
        await getattr(response, method)()
    assert not response.closed
    connector.exchange.feed(b"]")
    connector.exchange.eof()
    assert await task == []


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"", None, ""),
        ("ä".encode(), None, "ä"),
        (b"\xe4", "text/plain; charset=latin-1", "ä"),
        (b"\xe4", "text/plain; charset=no-such", "ä"),
        (b"\xe4", "text/plain; charset=idna", "ä"),
        (b"\x80", None, "€"),
        (b"a\x81", None, "a\ufffd"),
        (codecs.BOM_UTF8 + b"a", None, "a"),
        (b'<meta charset="koi8-r">\xc1', "text/html", '<meta charset="koi8-r">\u0430'),
        (b"a\xff", "text/plain; charset=utf-8", "a\ufffd"),
        (b'"\xe4"', "application/json", '"\ufffd"'),
    ],
)
async def test_text_is_decoded_as_declared_or_found(
    session: ClientSession,
    connector: ScriptedConnector,
    body: bytes,
    content_type: str | None,
    expected: str,
) -> None:
    response = await fetch(session, connector, body, content_type)
    assert await response.text() == expected


async def test_text_takes_an_encoding_and_errors(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"\xe4", "text/plain; charset=utf-8")
    assert await response.text("latin-1") == "ä"
    assert await response.text(errors="ignore") == ""
    assert await response.text(encoding="ascii", errors="backslashreplace") == "\\xe4"
    with pytest.raises(UnicodeDecodeError):
        await response.text(errors="strict")
    with pytest.raises(LookupError):
        await response.text("no-such")


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/html; charset=latin-1", b"", "latin-1"),
        ("text/html; charset=LATIN-1", b"", "latin-1"),
        (None, b"\xe4", "cp1252"),
        ("application/json", b"\xe4", "utf-8"),
        ("application/problem+json", b"\xe4", "utf-8"),
        ("application/json; charset=latin-1", b"\xe4", "latin-1"),
    ],
)
async def test_get_encoding_tells_what_text_would_use(
    session: ClientSession,
    connector: ScriptedConnector,
    content_type: str | None,
    body: bytes,
    expected: str,
) -> None:
    response = await fetch(session, connector, body, content_type)
    await response.read()
    assert response.get_encoding() == expected


async def test_get_encoding_before_the_body_is_read_is_what_the_head_says(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"", "text/html; charset=latin-1")
    assert response.get_encoding() == "latin-1"
    response = await fetch(session, connector, b"", "application/json")
    assert response.get_encoding() == "utf-8"


async def test_get_encoding_before_the_body_that_would_tell_is_a_runtime_error(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"", "text/html")
    with pytest.raises(RuntimeError, match="of a body that has not been read"):
        response.get_encoding()


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b'{"a": 1}', "application/json", {"a": 1}),
        (b'{"a": 1}', "Application/JSON; charset=utf-8", {"a": 1}),
        (b"[]", "application/vnd.api+json", []),
        (b'"\xe4"', "application/json; charset=latin-1", "ä"),
        (codecs.BOM_UTF8 + b"1", "application/json", 1),
        ('"ä"'.encode("utf-16"), "application/json", "ä"),
        (b"", "application/json", None),
        (b" \r\n", "application/json", None),
        (b"null", "application/json", None),
    ],
)
async def test_json_is_parsed_and_nothing_is_none(
    session: ClientSession,
    connector: ScriptedConnector,
    body: bytes,
    content_type: str,
    expected: object,
) -> None:
    response = await fetch(session, connector, body, content_type)
    assert await response.json() == expected


@pytest.mark.parametrize(
    "content_type", [None, "text/html", "text/json", "text/x+json", "application/jsonp"]
)
async def test_json_of_another_media_type_is_a_content_type_error(
    session: ClientSession, connector: ScriptedConnector, content_type: str | None
) -> None:
    response = await fetch(session, connector, b"{}", content_type)
    with pytest.raises(ContentTypeError) as caught:
        await response.json()
    error = caught.value
    assert error.status == 200
    given = content_type or "application/octet-stream"
    assert error.message == f"Attempt to decode JSON with unexpected mimetype: {given}"
    assert error.headers == response.headers
    assert error.request_info == response.request_info
    assert error.history == ()
    # It can be had all the same.
    assert await response.json(content_type=None) == {}


async def test_json_expects_the_media_type_that_it_is_told(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"{}", "text/javascript")
    assert await response.json(content_type="Text/JavaScript") == {}
    other = await fetch(session, connector, b"{}", "application/x+json")
    with pytest.raises(ContentTypeError):
        await other.json(content_type="text/javascript")


async def test_json_takes_an_encoding_and_a_function(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    def loads(text: str) -> Any:
        return ["mine", text]

    response = await fetch(session, connector, b"\xe4", "application/json")
    assert await response.json(encoding="latin-1", loads=loads) == ["mine", "ä"]


async def test_json_that_is_none_raises_what_the_parser_says(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b"{", "application/json")
    with pytest.raises(json.JSONDecodeError):
        await response.json()


async def test_json_in_a_wrong_encoding_is_not_guessed_at(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    response = await fetch(session, connector, b'"\xe4"', "application/json")
    with pytest.raises(UnicodeDecodeError):
        await response.json()
