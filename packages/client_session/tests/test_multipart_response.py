import asyncio

import pytest

from martlet_client_session import ClientSession
from martlet_client_session._body_part_reader import BodyPartReader
from martlet_client_session._multipart_reader import MultipartReader
from martlet_client_session._multipart_response import MultipartResponseWrapper
from martlet_exceptions import ClientConnectionError, ClientPayloadError

from .scripted import ScriptedConnector, ScriptedExchange, answer, turn

BODY = b"--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n"
FIELDS = [("Content-Type", "multipart/mixed; boundary=b")]


async def open_body(
    session: ClientSession, connector: ScriptedConnector, body: bytes, *, complete: bool = True
) -> tuple[MultipartResponseWrapper, ScriptedExchange]:
    connector.script = answer(body, fields=FIELDS, complete=complete)
    response = await session.get("http://h/")
    return MultipartReader.from_response(response), connector.exchange


async def test_parts_of_a_response(session: ClientSession, connector: ScriptedConnector) -> None:
    parts, exchange = await open_body(session, connector, BODY)
    assert isinstance(parts, MultipartResponseWrapper)
    read = []
    async for part in parts:
        assert isinstance(part, BodyPartReader)
        read.append(await part.read())
        assert not parts.resp.closed or parts.resp.content.is_eof()
    assert read == [b"one", b"two"]
    assert exchange.calls == ["release"]
    assert parts.at_eof()
    assert await parts.next() is None
    assert exchange.calls == ["release"]


async def test_rest_of_the_body_is_waited_for(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    parts, exchange = await open_body(session, connector, BODY, complete=False)
    assert await parts.next()
    assert await parts.next()
    end = asyncio.ensure_future(parts.next())
    await turn()
    exchange.feed(b"epilogue")
    await turn()
    assert not end.done()
    assert exchange.calls == []
    exchange.eof()
    assert await end is None
    assert exchange.calls == ["release"]


async def test_body_that_is_cut_short_behind_its_parts_raises(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    parts, exchange = await open_body(session, connector, BODY, complete=False)
    exchange.fail(ClientPayloadError("cut short"))
    assert await parts.next()
    assert await parts.next()
    for _ in range(2):
        with pytest.raises(ClientPayloadError, match="cut short"):
            await parts.next()


async def test_long_epilogue_is_not_read(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    parts, exchange = await open_body(session, connector, BODY + bytes(100), complete=False)
    parts_read = [await parts.next(), await parts.next()]
    end = asyncio.ensure_future(parts.next())
    for _ in range(3):
        await turn()
        exchange.feed(bytes(2**15))
    assert await end is None
    assert None not in parts_read
    assert "release" in exchange.calls
    assert parts.resp.closed
    assert await parts.next() is None


async def test_release_in_the_middle(session: ClientSession, connector: ScriptedConnector) -> None:
    parts, exchange = await open_body(session, connector, BODY, complete=False)
    assert await parts.next()
    await parts.release()
    assert exchange.calls == ["release"]
    assert not parts.at_eof()


async def test_response_that_was_released_cannot_be_read(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    parts, _ = await open_body(session, connector, BODY, complete=False)
    await parts.release()
    with pytest.raises(ClientConnectionError, match="Response closed"):
        await parts.next()


async def test_response_has_to_be_multipart(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = answer(b"", fields=[("Content-Type", "text/plain")])
    response = await session.get("http://h/")
    with pytest.raises(ValueError, match="Not a multipart Content-Type"):
        MultipartReader.from_response(response)


async def test_wrapper_is_no_response_and_no_reader(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    parts, _ = await open_body(session, connector, BODY)
    assert not hasattr(parts, "headers")
    assert isinstance(parts.stream, MultipartReader)
    assert repr(parts).startswith("<MultipartResponseWrapper of <")


async def test_wrapper_can_be_of_another_class(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    class Wrapper(MultipartResponseWrapper):
        pass

    class Reader(MultipartReader):
        response_wrapper_cls = Wrapper

    connector.script = answer(BODY, fields=FIELDS)
    wrapper = Reader.from_response(await session.get("http://h/"))
    assert type(wrapper) is Wrapper
    assert type(wrapper.stream) is Reader
