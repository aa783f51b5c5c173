"""The facts of an exchange (`Exchange.info`): they outlive its body and its connection."""

import ssl
from collections.abc import Callable

import pytest

from .net import Net, on_net
from .proxies import ORIGIN, answering, connected, on_both_loops, served_by
from .scripted import OK, Answer
from .servers import serving
from .uploads import Upload

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"
TRAILERS = b"0\r\nA: 1\r\nB: 2\r\na: 3\r\n\r\n"
PAIRS = (("A", "1"), ("B", "2"), ("a", "3"))


@on_net
async def test_trailers_are_there_once_the_body_is_complete(net: Net) -> None:
    answer = Answer()
    call, wire = await net.sent(answer=answer)
    wire.send(CHUNKED)
    exchange = await call.exchange()
    seen: list[object] = []
    seen.append(exchange.info("trailers"))
    wire.send(TRAILERS[:-4])
    seen.append(exchange.info("trailers"))
    answer.eof = lambda: seen.append(exchange.info("trailers"))  # type: ignore[method-assign]  # one answer's alone
    wire.send(TRAILERS[-4:])

    assert seen == [(), (), PAIRS]
    assert exchange.info("trailers") == PAIRS


@on_net
async def test_trailers_survive_another_exchange_on_the_connection(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(CHUNKED + TRAILERS)
    exchange = await call.exchange()
    other, again = await net.sent()
    assert again is wire
    wire.send(CHUNKED + b"0\r\n\r\n")

    assert exchange.info("trailers") == PAIRS
    assert (await other.exchange()).info("trailers") == ()
    wire.fin()
    await net.loop.quiet()
    assert exchange.info("trailers") == PAIRS


@pytest.mark.parametrize("end", ["release", "abort", "fin"])
@on_net
async def test_a_body_that_never_ends_has_no_trailers(net: Net, end: str) -> None:
    call, wire = await net.sent()
    wire.send(CHUNKED + TRAILERS[:-2])
    exchange = await call.exchange()
    how: Callable[[], object] = getattr(wire if end == "fin" else exchange, end)
    how()

    assert exchange.info("trailers") == ()


@on_net
async def test_the_transport_is_the_exchange_s_as_long_as_it_goes_on(net: Net) -> None:
    call, wire = await net.sent()
    wire.send(OK[:-1])
    exchange = await call.exchange()
    assert exchange.info("transport") is wire
    wire.send(OK[-1:])

    # It may be another's now.
    assert exchange.info("transport") is None
    assert await call.body() == b"ok"


@pytest.mark.parametrize("scheme", ["http", "https"])
@on_both_loops
async def test_nothing_is_forgotten_when_the_connection_is_closed(scheme: str) -> None:
    tls = served_by(ORIGIN) if scheme == "https" else None
    names = ["peername", "sockname", "cipher", "peercert", "sslcontext", "ssl_object"]
    names += ["alpn_protocol", "http_version", "reused", "timings", "trailers", "compression"]
    async with serving(answering, tls=tls) as server, connected() as connector:
        first = Upload(connector, f"{scheme}://origin.test:{server.port}/", None)
        exchange = await first.exchange()
        before = {name: exchange.info(name) for name in names}
        await first.body()
        again = Upload(connector, f"{scheme}://origin.test:{server.port}/", None)
        await again.body()
        assert (await again.exchange()).info("reused")
        assert {name: exchange.info(name) for name in names} == before
        await connector.close()

        assert {name: exchange.info(name) for name in names} == before
        assert exchange.info("transport") is None
        assert exchange.info("unheard of") is None
    assert before["peername"] == ("127.0.0.1", server.port)
    assert before["reused"] is False
    if tls is not None:
        assert isinstance(before["ssl_object"], ssl.SSLObject)
        assert isinstance(before["peercert"], dict)
        assert before["alpn_protocol"] == "http/1.1"
        assert before["cipher"] is not None
