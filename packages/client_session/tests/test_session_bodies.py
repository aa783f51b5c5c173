"""A session and the bodies that it sends."""

import io
from collections.abc import AsyncIterator

import pytest

from martlet_client_session import ClientSession, FormData, UploadTracker
from martlet_client_session._typedefs import Data
from martlet_exceptions import ClientConnectionError, UploadAbortedError
from martlet_interfaces import RequestBody

from .scripted import ScriptedConnector, ScriptedExchange, answer


class Sent(ScriptedConnector):
    """Has the body written to it."""

    data = b""

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        self.data += bytes(data)

    async def take(self, exchange: ScriptedExchange) -> None:
        body: bytes | RequestBody | None = exchange.body
        if body is None or isinstance(body, bytes):
            self.data = body or b""
        else:
            await body.write_to(self)
        await answer()(exchange)


@pytest.fixture
def connector() -> Sent:
    connector = Sent()
    connector.script = connector.take
    return connector


async def rows() -> AsyncIterator[bytes]:
    yield b"a"
    yield b"b"


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        (b"ab", b"ab"),
        (io.BytesIO(b"ab"), b"ab"),
        (io.StringIO("ü"), b"\xc3\xbc"),
        ({"a": "b"}, b"a=b"),
        (FormData({"a": "b"}), b"a=b"),
    ],
)
async def test_each_kind_is_written(
    session: ClientSession, connector: Sent, data: Data, sent: bytes
) -> None:
    response = await session.post("http://h/", data=data)
    assert connector.data == sent
    assert response.output_size == len(sent)
    await response.upload_complete


async def test_form_with_a_file_is_multipart(session: ClientSession, connector: Sent) -> None:
    await session.post("http://h/", data={"a": "1", "f": io.BytesIO(b"xyz")})
    content_type = connector.request.headers["Content-Type"]
    kind, _, boundary = content_type.partition("; boundary=")
    assert kind == "multipart/form-data"
    assert connector.data.endswith(f"\r\n--{boundary}--\r\n".encode())
    assert b"xyz" in connector.data


async def test_iterable_is_written_with_a_length_that_the_caller_knows(
    session: ClientSession, connector: Sent
) -> None:
    await session.post("http://h/", data=rows(), headers={"Content-Length": "2"})
    body = connector.exchange.body
    assert body is not None
    assert not isinstance(body, bytes)
    assert (body.length, connector.data) == (2, b"ab")


async def test_file_is_closed_when_the_request_is_over(
    session: ClientSession, connector: Sent
) -> None:
    file = io.BytesIO(b"ab")
    await session.post("http://h/", data=file)
    closed_by_success = file.closed

    async def fail(exchange: ScriptedExchange) -> None:
        raise ClientConnectionError("gone")

    connector.script = fail
    file = io.BytesIO(b"ab")
    with pytest.raises(ClientConnectionError, match="gone"):
        await session.post("http://h/", data=file)
    assert file.closed == closed_by_success


async def test_tracker_follows_and_hears_of_failure(
    session: ClientSession, connector: Sent
) -> None:
    tracker = UploadTracker()
    await session.post("http://h/", data=rows(), upload_tracker=tracker)
    assert (tracker.bytes_written, tracker.attempts) == (2, 1)
    await tracker.upload_complete

    async def fail(exchange: ScriptedExchange) -> None:
        raise ClientConnectionError("gone")

    connector.script = fail
    tracker = UploadTracker()
    with pytest.raises(ClientConnectionError):
        await session.post("http://h/", data=b"ab", upload_tracker=tracker)
    with pytest.raises(UploadAbortedError):
        await tracker.upload_complete


async def test_json_may_be_serialised_to_bytes(connector: Sent) -> None:
    async with ClientSession(
        connector=connector, json_serialize_bytes=lambda value: f"<{value}>".encode()
    ) as session:
        await session.post("http://h/", json=[1])
        assert connector.data == b"<[1]>"


async def test_mistakes_are_told_before_anything_is_sent(
    session: ClientSession, connector: Sent
) -> None:
    with pytest.raises(ValueError, match="compress cannot be 'rot13'"):
        await session.post("http://h/", data=b"a", compress="rot13")
    with pytest.raises(ValueError, match="chunked body has no Content-Length"):
        await session.post("http://h/", data=b"a", chunked=True, headers={"Content-Length": "1"})
    assert connector.exchanges == []
