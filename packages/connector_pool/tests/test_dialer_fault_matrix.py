"""What goes wrong before a request can be written: every phase of a dial, every fault.

On scripted streams and a virtual clock: a stall of a minute takes no time.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool import AbstractResolver, ResolveResult, TCPConnector
from martlet_exceptions import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientHttpProxyError,
    ClientProxyConnectionError,
    ConnectionTimeoutError,
)
from martlet_interfaces import Timeouts

from .net import Call, Net, on_net
from .scripted import Wire
from .scripted_streams import ProxyEnd, TLSEnd, on_streams, trusting

ORIGIN = "https://a.test/"
PROXY = URL("http://proxy.test:3128")
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
LIMITED = [Timeouts(sock_connect=3), Timeouts(connect=3)]


def nothing_said(net: Net) -> bool:
    return all(b"GET" not in wire.received for wire in net.wires)


async def failure(net: Net, call: Call) -> BaseException:
    """Wait for the end of *call*, which has to fail, as a client's error."""
    await asyncio.wait([call.task])
    exc = call.task.exception()
    assert isinstance(exc, ClientConnectionError | ClientHttpProxyError)
    return exc


# DNS


class Names(AbstractResolver):
    """Says *answer* once the gate is open."""

    def __init__(self, answer: Exception | None = None) -> None:
        self.answer = answer
        self.asked = 0
        self.gate = asyncio.Event()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked += 1
        await self.gate.wait()
        if self.answer is not None:
            raise self.answer
        return [
            ResolveResult(
                hostname=host, host="192.0.2.1", port=port, family=socket.AF_INET, proto=6, flags=0
            )
        ]

    async def close(self) -> None:
        pass


def resolving(net: Net, answer: Exception | None = None) -> Names:
    names = Names(answer)
    net.connector = TCPConnector(resolver=names)  # type: ignore[assignment]  # as good
    return names


async def close(net: Net) -> None:
    """Close the connector whose names lead nowhere, and go on with an ordinary one."""
    await net.connector.close()
    net.configure()


NXDOMAIN = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@on_net
async def test_one_lookup_serves_all_and_each_gets_an_exception_of_its_own(net: Net) -> None:
    names = resolving(net, NXDOMAIN)
    calls = [net.send() for _ in range(5)]
    await net.loop.quiet()
    names.gate.set()
    errors = [await failure(net, call) for call in calls]

    assert names.asked == 1
    assert all(type(error) is ClientConnectorDNSError for error in errors)
    assert len(set(map(id, errors))) == 5
    assert len({id(error.__cause__) for error in errors}) == 5
    await close(net)


@on_net
async def test_who_gives_up_waiting_for_a_name_leaves_the_others(net: Net) -> None:
    names = resolving(net, NXDOMAIN)
    leader, follower = net.send(), net.send()
    await net.loop.quiet()
    leader.task.cancel()
    await net.loop.quiet()
    assert leader.task.cancelled()
    assert not follower.task.done()
    names.gate.set()

    assert type(await failure(net, follower)) is ClientConnectorDNSError
    assert names.asked == 1
    await close(net)


@pytest.mark.parametrize("limits", LIMITED)
@on_net
async def test_a_name_server_that_says_nothing(net: Net, limits: Timeouts) -> None:
    resolving(net)
    began = net.loop.time()
    error = await failure(net, net.send(timeouts=limits))

    assert type(error) is ConnectionTimeoutError
    assert (error.limit, net.loop.time() - began) == (3, 3)
    await close(net)


# TCP


def failed(text: str, number: int) -> Callable[[Net], Exception]:
    def make(net: Net) -> Exception:
        return ClientConnectorError(net.connector._key(_request()), OSError(number, text))

    return make


def _request(url: str = ORIGIN) -> Any:
    from .net import head

    return head(url=url)


@pytest.mark.parametrize("number", [errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH])
@on_net
async def test_no_address_answers(net: Net, number: int) -> None:
    opener = on_streams(net)
    opener.errors.append(failed("it cannot be reached", number)(net))
    error = await failure(net, net.send())

    assert type(error) is ClientConnectorError
    assert error.errno == number


@pytest.mark.parametrize("limits", LIMITED)
@pytest.mark.parametrize("url", ["http://a.test/", ORIGIN])
@on_net
async def test_a_black_hole(net: Net, limits: Timeouts, url: str) -> None:
    on_streams(net).gate = asyncio.Event()
    began = net.loop.time()
    error = await failure(net, net.send(url=url, ssl=trusting(), timeouts=limits))

    assert type(error) is ConnectionTimeoutError
    assert net.loop.time() - began == 3


# TLS

PLAINTEXT = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"


def at_once(act: Callable[[Wire], object]) -> Callable[[Wire], None]:
    """Do *act* when the client speaks first."""

    def respond(wire: Wire) -> None:
        wire.respond = None
        act(wire)

    return respond


def in_the_handshake(act: Callable[[Wire], object]) -> Callable[[Wire], None]:
    """Send half of the server's first flight, and then do *act*."""
    end = TLSEnd()

    def respond(wire: Wire) -> None:
        wire.respond = None
        end.wire = wire
        end.take(wire.received)
        flight = end.outgoing.read()
        wire.send(flight[: len(flight) // 2])
        act(wire)

    return respond


TLS_FAULTS: dict[str, tuple[Callable[[Wire], None], type[BaseException]]] = {
    "plaintext": (at_once(lambda wire: wire.send(PLAINTEXT)), ClientConnectorSSLError),
    "FIN": (at_once(Wire.fin), ClientConnectorError),
    "RST": (at_once(Wire.reset), ClientConnectorError),
    "torn": (at_once(Wire.vanish), ClientConnectorError),
    "stall": (at_once(lambda _: None), ConnectionTimeoutError),
    "FIN inside": (in_the_handshake(Wire.fin), ClientConnectorError),
    "RST inside": (in_the_handshake(Wire.reset), ClientConnectorError),
    "garbage inside": (in_the_handshake(lambda w: w.send(b"x" * 4000)), ClientConnectorSSLError),
    "stall inside": (in_the_handshake(lambda _: None), ConnectionTimeoutError),
}


def fresh(name: str) -> Callable[[Wire], None]:
    """Make the fault again: a server's end of TLS serves once."""
    acts: dict[str, Callable[[Wire], object]] = {
        "FIN inside": Wire.fin,
        "RST inside": Wire.reset,
        "garbage inside": lambda wire: wire.send(b"x" * 4000),
        "stall inside": lambda _: None,
    }
    return in_the_handshake(acts[name]) if name in acts else TLS_FAULTS[name][0]


@pytest.mark.parametrize("limits", LIMITED)
@pytest.mark.parametrize("name", TLS_FAULTS)
@on_net
async def test_in_the_handshake(net: Net, name: str, limits: Timeouts) -> None:
    opener = on_streams(net)
    opener.respond = fresh(name)
    began = net.loop.time()
    call = net.send(url=ORIGIN, ssl=trusting(), timeouts=limits)
    error = await failure(net, call)

    expected = TLS_FAULTS[name][1]
    assert isinstance(error, expected)
    if expected is ConnectionTimeoutError:
        assert net.loop.time() - began == 3
    else:
        assert isinstance(error, ClientConnectorError)
        assert isinstance(error.__cause__, OSError)
        assert (error.host, net.loop.time() - began) == ("a.test", 0)
    assert nothing_said(net)


@on_net
async def test_a_server_that_drips_its_handshake_has_the_same_deadline(net: Net) -> None:
    end = TLSEnd()

    def respond(wire: Wire) -> None:
        wire.respond = None
        end.wire = wire
        end.take(wire.received)
        flight = iter(end.outgoing.read())

        def drip() -> None:
            if not wire.is_closing():
                wire.send(bytes([next(flight)]))
                net.loop.call_later(0.5, drip)

        drip()

    on_streams(net).respond = respond
    began = net.loop.time()
    error = await failure(net, net.send(url=ORIGIN, ssl=trusting(), timeouts=LIMITED[0]))

    assert type(error) is ConnectionTimeoutError
    assert net.loop.time() - began == 3


@pytest.mark.parametrize("url", ["https://other.test/", ORIGIN])
@on_net
async def test_a_certificate_that_proves_nothing(net: Net, url: str) -> None:
    end = TLSEnd()
    on_streams(net).respond = end.respond
    context = trusting() if url != ORIGIN else ssl.create_default_context()
    error = await failure(net, net.send(url=url, ssl=context))

    assert type(error) is ClientConnectorCertificateError
    assert end.heard == b""
    assert nothing_said(net)


@on_net
async def test_without_a_fault_the_request_is_answered(net: Net) -> None:
    end = TLSEnd()
    on_streams(net).respond = end.respond

    assert await net.send(url=ORIGIN, ssl=trusting()).body() == b"ok"
    assert end.heard.startswith(b"GET / HTTP/1.1\r\n")


# CONNECT


def replying(reply: bytes) -> Callable[[], Callable[[Wire], None]]:
    return lambda: ProxyEnd(reply).respond


def replying_and(reply: bytes, act: Callable[[Wire], object]) -> Callable[[], Any]:
    def make() -> Callable[[Wire], None]:
        def respond(wire: Wire) -> None:
            wire.respond = None
            if reply:
                wire.send(reply)
            act(wire)

        return respond

    return make


REFUSALS = {
    403: b"HTTP/1.1 403 Forbidden\r\nX-Why: rules\r\nContent-Length: 2\r\n\r\nno",
    407: b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
    502: b"HTTP/1.0 502 Bad Gateway\r\n\r\n<html>",
    302: b"HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\n\r\n",
}

TUNNEL_FAULTS: dict[str, tuple[Callable[[], Any], type[BaseException]]] = {
    "FIN": (replying_and(b"", Wire.fin), ClientProxyConnectionError),
    "RST": (replying_and(b"", Wire.reset), ClientProxyConnectionError),
    "torn": (replying_and(b"", Wire.vanish), ClientProxyConnectionError),
    "FIN inside": (replying_and(b"HTTP/1.1 20", Wire.fin), ClientProxyConnectionError),
    "RST inside": (replying_and(b"HTTP/1.1 20", Wire.reset), ClientProxyConnectionError),
    "garbage": (replying(b"SSH-2.0-OpenSSH\r\n\r\n"), ClientProxyConnectionError),
    "a huge head": (
        replying(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 300_000),
        ClientProxyConnectionError,
    ),
    "extra bytes": (replying(ESTABLISHED + b"HTTP/1.1 200 OK"), ClientProxyConnectionError),
    "stall": (replying_and(b"", lambda _: None), ConnectionTimeoutError),
    "stall inside": (replying_and(b"HTTP/1.1 20", lambda _: None), ConnectionTimeoutError),
    "FIN after it": (replying_and(ESTABLISHED, Wire.fin), ClientConnectionError),
    "RST after it": (replying_and(ESTABLISHED, Wire.reset), ClientConnectionError),
    "stall after it": (replying(ESTABLISHED), ConnectionTimeoutError),
}


@pytest.mark.parametrize("status", REFUSALS)
@on_net
async def test_a_proxy_that_refuses(net: Net, status: int) -> None:
    on_streams(net).respond = ProxyEnd(REFUSALS[status]).respond
    error = await failure(net, net.send(url=ORIGIN, ssl=trusting(), proxy=PROXY))

    assert type(error) is ClientHttpProxyError
    assert error.status == status
    assert error.headers is not None
    assert len(error.headers) == REFUSALS[status].count(b": ")
    assert nothing_said(net)


@pytest.mark.parametrize("limits", LIMITED)
@pytest.mark.parametrize("name", TUNNEL_FAULTS)
@on_net
async def test_in_the_tunnels_making(net: Net, name: str, limits: Timeouts) -> None:
    make, expected = TUNNEL_FAULTS[name]
    on_streams(net).respond = make()
    began = net.loop.time()
    error = await failure(net, net.send(url=ORIGIN, ssl=trusting(), proxy=PROXY, timeouts=limits))

    assert isinstance(error, expected)
    assert net.loop.time() - began == (3 if expected is ConnectionTimeoutError else 0)
    if isinstance(error, ClientProxyConnectionError):
        assert (error.host, error.port) == ("proxy.test", 3128)
    assert nothing_said(net)


@on_net
async def test_a_proxy_that_cannot_be_reached(net: Net) -> None:
    opener = on_streams(net)
    opener.errors.append(failed("refused", errno.ECONNREFUSED)(net))
    error = await failure(net, net.send(url=ORIGIN, ssl=trusting(), proxy=PROXY))

    assert type(error) is ClientProxyConnectionError
    assert (error.host, error.port, error.errno) == ("proxy.test", 3128, errno.ECONNREFUSED)


@on_net
async def test_through_a_tunnel_without_a_fault(net: Net) -> None:
    end = TLSEnd()
    proxy = ProxyEnd(ESTABLISHED, end)
    on_streams(net).respond = proxy.respond
    call = net.send(url=ORIGIN, ssl=trusting(), proxy=PROXY.with_user("u").with_password("p"))

    assert await call.body() == b"ok"
    assert b"\r\nProxy-Authorization: Basic dTpw\r\n" in proxy.asked
    assert b"Proxy-Authorization" not in end.heard
