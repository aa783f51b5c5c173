"""Asking a proxy for a tunnel: what it may answer, how that is cut, and how it fails."""

import asyncio
import errno
import gc
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from martlet_connector_pool._tunnel import Tunnel
from martlet_exceptions import ClientHttpProxyError

from .tls_world import Lower

REQUEST = b"CONNECT origin.test:443 HTTP/1.1\r\nHost: origin.test:443\r\n\r\n"
TARGET = URL("https://origin.test")
OK = b"HTTP/1.1 200 Connection established\r\n\r\n"
REFUSED = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=a\r\n"
    b"X-A: 1\r\nX-A: 2\r\nContent-Length: 5\r\n\r\nnever"
)


class Asked:
    """A tunnel that was asked for."""

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self.lower = Lower()
        self.done = (loop or asyncio.get_running_loop()).create_future()
        self.tunnel = Tunnel(REQUEST, TARGET, self.done)

    def begin(self) -> "Asked":
        self.tunnel.connection_made(self.lower)
        return self

    def feed(self, data: bytes, size: int = 1 << 30) -> None:
        for start in range(0, len(data), size):
            if self.lower.closing:
                return
            self.tunnel.data_received(data[start : start + size])

    async def broken(self, text: str) -> ConnectionResetError:
        with pytest.raises(ConnectionResetError, match=text) as caught:
            await self.tunnel.opened()
        assert caught.value.errno == errno.ECONNRESET
        assert self.lower.asked == ["abort"]
        return caught.value


@pytest.fixture
async def asked() -> Asked:
    return Asked().begin()


sizes = pytest.mark.parametrize("size", [1, 7, 1 << 30])


@sizes
@pytest.mark.parametrize(
    "answer",
    [
        OK,
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 299 \r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK,
    ],
)
async def test_the_proxy_consents(asked: Asked, answer: bytes, size: int) -> None:
    assert asked.lower.writes == [REQUEST]

    asked.feed(answer[:-1], size)
    assert not asked.done.done()
    asked.feed(answer[-1:])

    await asked.tunnel.opened()
    assert not asked.lower.closing
    assert asked.lower.writes == [REQUEST]


@sizes
async def test_a_head_of_100_000_bytes(asked: Asked, size: int) -> None:
    fields = b"".join(b"X-%d: %s\r\n" % (n, b"x" * 1000) for n in range(100))

    asked.feed(OK[:-2] + fields + b"\r\n", size)

    await asked.tunnel.opened()


@sizes
@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000,
        b"HTTP/1.1 200 " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
    ],
    ids=["field", "fields", "reason", "interim"],
)
async def test_a_head_without_end(asked: Asked, head: bytes, size: int) -> None:
    asked.feed(head, size)

    assert asked.done.done()
    await asked.broken("The proxy's answer to CONNECT is malformed")


@sizes
@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (REFUSED, 407, "Proxy Authentication Required"),
        (b"HTTP/1.1 403 No\r\nX-A: 1\r\nX-A: 2\r\n\r\n", 403, "No"),
        (b"HTTP/1.1 502 \r\nX-A: 1\r\nX-A: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 502, ""),
        (b"HTTP/1.1 302 F\r\nX-A: 1\r\nX-A: 2\r\nLocation: http://evil.test\r\n\r\n", 302, "F"),
        (b"HTTP/1.1 100 C\r\n\r\nHTTP/1.1 503 B\r\nX-A: 1\r\nX-A: 2\r\n\r\n", 503, "B"),
    ],
)
async def test_the_proxy_refuses(
    asked: Asked, answer: bytes, status: int, message: str, size: int
) -> None:
    asked.feed(answer, size)

    with pytest.raises(ClientHttpProxyError) as caught:
        await asked.tunnel.opened()
    error = caught.value
    assert (error.status, error.message) == (status, message)
    assert error.headers is not None
    assert error.headers.getall("x-a") == ["1", "2"]
    assert error.history == ()
    assert error.request_info.method == "CONNECT"
    assert error.request_info.url == error.request_info.real_url == TARGET
    assert not error.request_info.headers
    assert error.__cause__ is None
    assert asked.lower.asked == ["abort"]


async def test_the_headers_of_a_refusal() -> None:
    asked = Asked().begin()

    asked.feed(REFUSED)

    with pytest.raises(ClientHttpProxyError) as caught:
        await asked.tunnel.opened()
    assert caught.value.headers is not None
    assert caught.value.headers["Proxy-Authenticate"] == "Basic realm=a"


@sizes
@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00" * 10,
        b"SSH-2.0-x\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX\r\n\r\n",
    ],
)
async def test_garbage(asked: Asked, garbage: bytes, size: int) -> None:
    asked.feed(garbage, size)
    if not asked.lower.closing:  # what a shorter wait for a line's end would have been
        asked.tunnel.eof_received()

    await asked.broken("The proxy")


async def test_a_switch_of_protocols_is_no_consent(asked: Asked) -> None:
    asked.feed(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n")

    with pytest.raises((ClientHttpProxyError, ConnectionResetError)):
        await asked.tunnel.opened()
    assert asked.lower.asked == ["abort"]


@pytest.mark.parametrize("before", range(0, len(OK), 5))
@pytest.mark.parametrize("how", ["FIN", "lost", "RST"])
async def test_the_proxy_goes_away(asked: Asked, before: int, how: str) -> None:
    asked.feed(OK[:before])

    if how == "FIN":
        asked.tunnel.eof_received()
        await asked.broken("The proxy closed the connection before the tunnel stood")
        asked.tunnel.connection_lost(None)
        return
    asked.lower.closing = True
    reset = ConnectionResetError(errno.ECONNRESET, "reset") if how == "RST" else None
    asked.tunnel.connection_lost(reset)
    with pytest.raises(ConnectionResetError) as caught:
        await asked.tunnel.opened()
    assert caught.value is reset or "before the tunnel stood" in str(caught.value)
    assert asked.lower.asked == []


async def test_what_broke_below_keeps_its_cause(asked: Asked) -> None:
    reason = ValueError("deeper")
    reset = ConnectionResetError(errno.ECONNRESET, "reset")
    reset.__cause__ = reason

    asked.tunnel.connection_lost(reset)

    assert asked.done.exception() is reset
    assert reset.__cause__ is reason


async def test_bytes_after_the_answer_in_the_same_packet(asked: Asked) -> None:
    asked.feed(OK + b"x")

    await asked.broken("The proxy sent bytes after its answer to CONNECT")


async def test_bytes_after_the_answer_in_a_later_packet(asked: Asked) -> None:
    asked.feed(OK)
    asked.feed(b"x")

    await asked.tunnel.opened()
    assert asked.lower.asked == ["abort"], "nobody can take it for the origin's"


@pytest.mark.parametrize("how", ["eof", "lost"])
async def test_the_proxy_goes_away_behind_the_answer(asked: Asked, how: str) -> None:
    asked.feed(OK)

    if how == "eof":
        asked.tunnel.eof_received()
    else:
        asked.tunnel.connection_lost(None)

    await asked.tunnel.opened()
    assert asked.lower.asked == ["abort"]


@pytest.mark.parametrize("state", ["begun", "half", "open", "refused", "garbage", "gone"])
@pytest.mark.parametrize("late", [b"", b"HTTP/1.1 200 OK\r\n\r\n", REFUSED])
async def test_nobody_waits_any_more(state: str, late: bytes) -> None:
    complaints: list[Mapping[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    asked = Asked().begin()
    if state == "gone":
        asked.tunnel.connection_lost(OSError())
    data = {"half": OK[:9], "open": OK, "refused": REFUSED, "garbage": b"\0\r\n\r\n"}
    asked.feed(data.get(state, b""))

    asked.tunnel.give_up()
    asked.tunnel.give_up()
    assert asked.lower.asked[-1] == "abort"
    if late:
        asked.tunnel.data_received(late)
    asked.tunnel.eof_received()
    asked.tunnel.connection_lost(ConnectionAbortedError())

    assert asked.done.cancelled() is (state in ("begun", "half"))
    del asked
    gc.collect()
    assert complaints == []


async def test_nobody_waits_before_it_is_connected() -> None:
    asked = Asked()

    asked.tunnel.give_up()

    assert asked.done.cancelled()
    assert asked.lower.asked == []


async def test_the_wait_is_cancelled(asked: Asked) -> None:
    task = asyncio.create_task(asked.tunnel.opened())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    asked.feed(OK)

    assert asked.lower.asked == ["abort"]


@settings(deadline=None)
@given(
    answer=st.one_of(
        st.binary(max_size=80), st.sampled_from([OK, REFUSED]).map(lambda a: a), st.just(b"")
    ),
    extra=st.binary(max_size=10),
    size=st.integers(1, 60),
)
def test_whatever_the_proxy_says(answer: bytes, extra: bytes, size: int) -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    asked = Asked(loop).begin()

    asked.feed(answer + extra, size)
    opened = asked.done.done() and asked.done.exception() is None
    asked.tunnel.connection_lost(None)

    exc = asked.done.exception()
    if opened:
        assert answer.startswith(OK)
        assert asked.lower.closing
    elif answer == REFUSED:
        assert isinstance(exc, ClientHttpProxyError)
    else:
        assert isinstance(exc, ConnectionResetError)
