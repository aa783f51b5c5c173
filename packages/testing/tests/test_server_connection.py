import asyncio
from collections.abc import AsyncIterator

import pytest

from martlet_client_session import ClientSession, ClientTimeout
from martlet_exceptions import (
    BadStatusLine,
    ClientPayloadError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from martlet_testing import (
    Answer,
    Fault,
    MockServer,
    MockWebSocket,
    SeenRequest,
    WSDrop,
    WSReceive,
    WSSend,
)
from martlet_websocket import WSMsgType


@pytest.fixture
async def server() -> AsyncIterator[MockServer]:
    async with MockServer() as server:
        yield server


@pytest.fixture
async def client(server: MockServer) -> AsyncIterator[ClientSession]:
    async with ClientSession(server.url) as client:
        yield client


async def raw(server: MockServer, *pieces: bytes, eof: bool = True) -> bytes:
    """Send octets, and give what comes back until the server has closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.url.port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    if eof:
        writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_connection_is_used_again(server: MockServer, client: ClientSession) -> None:
    server.get("/a").respond(json=[1])
    for reused in (False, True, True):
        async with client.get("/a") as response:
            assert await response.json() == [1]
            assert response.headers["Date"].endswith(" GMT")
            assert response.get_extra_info("reused") is reused


async def test_a_handler_gets_the_request_as_it_came(
    server: MockServer, client: ClientSession
) -> None:
    @server.post("/echo/{name}")
    async def echo(request: SeenRequest) -> Answer:
        assert request.url == server.url / "echo/ü" % {"a": "1"}
        return Answer(201, body=request.body, headers={"X-Name": request.path_params["name"]})

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    for data, expect in ((b"onetwo", False), (b"onetwo", True), (pieces(), False)):
        async with client.post("/echo/ü?a=1", data=data, expect100=expect) as response:
            assert response.status == 201
            assert await response.read() == b"onetwo"
            assert response.headers["X-Name"] == "ü"
    assert server.failures == []
    assert echo is not None


async def test_a_request_without_a_route_is_answered_with_the_nearest(
    server: MockServer, client: ClientSession
) -> None:
    server.get("/a")
    async with client.get("/b") as response:
        assert response.status == 404
        assert "GET /a: the path is /b" in await response.text()
    assert [call.url.path for call in server.unmatched] == ["/b"]


async def test_what_a_handler_raises_is_kept_and_answered_with_500(
    server: MockServer, client: ClientSession
) -> None:
    error = LookupError("its own")
    server.get("/a", error)
    async with client.get("/a") as response:
        assert response.status == 500
        assert await response.text() == "LookupError('its own')\n"
    assert server.failures == [error]


async def test_a_stream_is_sent_in_chunks_with_trailers(
    server: MockServer, client: ClientSession
) -> None:
    server.get("/a").respond(stream=[b"one", b"two"], trailers={"X-Sum": "6"}, pace=0.0001)
    server.get("/b").respond(text="hello", trailers={"X-Sum": "5"}, latency=0.0001)
    for path, text, total in (("/a", "onetwo", "6"), ("/b", "hello", "5")):
        async with client.get(path) as response:
            assert response.headers["Transfer-Encoding"] == "chunked"
            assert "Content-Length" not in response.headers
            assert await response.text() == text
            assert response._exchange is not None
            assert response._exchange.info("trailers") == (("X-Sum", total),)


async def test_a_stream_may_have_a_length(server: MockServer, client: ClientSession) -> None:
    server.get("/a").respond(stream=[b"one", b"two"], headers={"Content-Length": "6"})
    server.get("/b").respond(stream=[b"one", b"two"], headers={"Content-Length": "7"})
    async with client.get("/a") as response:
        assert await response.text() == "onetwo"
        assert "Transfer-Encoding" not in response.headers
    async with client.get("/b") as response:
        with pytest.raises(ClientPayloadError):
            await response.read()
    assert [type(failure) for failure in server.failures] == [ClientPayloadError]


async def test_some_responses_have_no_body(server: MockServer, client: ClientSession) -> None:
    server.head("/a").respond(text="hello")
    server.get("/a").respond(204)
    server.get("/b").respond(304, text="hello")
    for _ in range(2):
        async with client.head("/a") as response:
            assert (response.status, response.headers["Content-Length"]) == (200, "5")
            assert await response.read() == b""
        for path, status in (("/a", 204), ("/b", 304)):
            async with client.get(path) as response:
                assert response.status == status
                assert await response.read() == b""


async def test_it_can_break_off(server: MockServer, client: ClientSession) -> None:
    server.get("/disconnect", Fault.DISCONNECT)
    server.get("/refused", Fault.REFUSED)
    server.get("/malformed", Fault.MALFORMED)
    server.get("/hang", Fault.HANG)
    for path, error in (
        ("/disconnect", ServerDisconnectedError),
        ("/refused", ServerDisconnectedError),
        ("/malformed", BadStatusLine),
        ("/hang", SocketTimeoutError),
    ):
        with pytest.raises((error, ConnectionResetError)):
            await client.get(path, timeout=ClientTimeout(sock_read=0.01 if path == "/hang" else 9))


@pytest.mark.parametrize(
    ("piece", "failures"),
    [
        (Fault.DISCONNECT, []),
        (Fault.MALFORMED, []),
        (LookupError(), [LookupError]),
        ("text", [TypeError]),
    ],
)
async def test_it_can_break_off_inside_a_body(
    piece: Fault, failures: list[type[Exception]], server: MockServer, client: ClientSession
) -> None:
    server.get("/a").respond(stream=[b"begin", piece])
    async with client.get("/a") as response:
        with pytest.raises((ClientPayloadError, ConnectionResetError)):
            await response.read()
    assert [type(failure) for failure in server.failures] == failures


async def test_what_cannot_be_a_response_is_an_error(
    server: MockServer, client: ClientSession
) -> None:
    server.get("/a").respond(headers={"X-Own": "a\nb"})
    async with client.get("/a") as response:
        assert response.status == 500
    assert [type(failure) for failure in server.failures] == [ValueError]


async def test_an_answer_may_be_the_last(server: MockServer, client: ClientSession) -> None:
    server.get("/a").respond(text="hello", headers={"Connection": "close"})
    for _ in range(2):
        async with client.get("/a") as response:
            assert await response.text() == "hello"
            assert response.get_extra_info("reused") is False


async def test_requests_may_be_pipelined(server: MockServer) -> None:
    server.get("/{any}", lambda request: Answer(text=request.url.path))
    one = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = await raw(server, one % 1 + one % 2, one % 3)
    assert [line for line in answer.split(b"\r\n") if line.startswith(b"/")] == [
        b"/1HTTP/1.1 200 OK",
        b"/2HTTP/1.1 200 OK",
        b"/3",
    ]


async def test_an_old_client_gets_what_it_can_read(server: MockServer) -> None:
    server.get("/a").respond(stream=[b"one", b"two"], trailers={"X-Sum": "6"})
    server.get("/b").respond(text="hello", trailers={"X-Sum": "6"})
    # The end of the connection is that of the body.
    answer = await raw(server, b"GET /a HTTP/1.0\r\n\r\n", eof=False)
    assert answer.endswith(b"\r\n\r\nonetwo")
    assert b"Transfer-Encoding" not in answer
    assert b"Connection: close" in answer
    answer = await raw(server, b"GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", eof=False)
    assert answer.endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        (b"GET http://other.example/a HTTP/1.1\r\nHost: other.example\r\n\r\n", "/a"),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "/*"),
    ],
)
async def test_targets_have_other_forms(request_: bytes, path: str, server: MockServer) -> None:
    server.route(None, "/{any}")
    assert (await raw(server, request_)).startswith(b"HTTP/1.1 200 OK\r\n")
    assert server.calls[0].url.path == path


@pytest.mark.parametrize(
    "request_", [b"no request\r\n\r\n", b"GET /a HTTP/1.1\r\n", b"GET /a HTTP/1.1\r\n\r\n"]
)
async def test_what_is_no_request_is_answered_with_400(request_: bytes, server: MockServer) -> None:
    answer = await raw(server, request_)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Connection: close" in answer
    assert server.calls == []


async def test_a_client_may_go_without_a_word(server: MockServer) -> None:
    assert await raw(server) == b""


async def test_a_client_may_go_before_it_has_read_all(
    server: MockServer, client: ClientSession
) -> None:
    ended = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x" * 65536
        finally:
            ended.set()

    server.get("/a").respond(stream=pieces)
    async with client.get("/a") as response:
        await response.content.read(1)
    await ended.wait()
    assert server.failures == []


async def test_a_web_socket_is_opened(server: MockServer, client: ClientSession) -> None:
    server.ws("/script", [WSReceive("a"), WSSend("b")], protocols=["p"])
    async with client.ws_connect("/script", protocols=["p"]) as ws:
        assert ws.protocol == "p"
        await ws.send_str("a")
        assert await ws.receive_str() == "b"
        assert (await ws.receive()).type is WSMsgType.CLOSE
    server.ws("/drop", [WSDrop()])
    async with client.ws_connect("/drop") as ws:
        await ws.receive()
        assert ws.close_code == 1006
    assert server.failures == []


async def test_a_client_of_a_web_socket_may_be_gone(server: MockServer) -> None:
    seen: list[object] = []

    async def conversation(ws: MockWebSocket) -> None:
        seen.append((await ws.receive()).data)
        seen.append((await ws.receive()).data)

    server.ws("/chat", conversation)
    # A whole frame follows the handshake at once.
    frame = b"\x81\x81\x00\x00\x00\x00a"
    answer = await raw(
        server,
        b"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n" + frame,
    )
    assert answer.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert seen == ["a", 1006]
