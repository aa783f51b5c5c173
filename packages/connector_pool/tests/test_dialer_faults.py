"""What can go wrong on the way through a proxy."""

import asyncio
import contextlib
import ssl
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool._dialer import StreamDialer
from martlet_exceptions import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientHttpProxyError,
    ClientProxyConnectionError,
    ConnectionTimeoutError,
    ServerFingerprintMismatch,
)
from martlet_interfaces import (
    ConnectionKey,
    Event,
    Fingerprint,
    StreamOpened,
    Timeouts,
    TlsHandshakeEnd,
)

from .net import Net, on_net
from .proxies import (
    CONSENT,
    ORIGIN,
    STRANGER,
    Loopback,
    answering,
    connected,
    fetch,
    on_both_loops,
    proxy_at,
    saying,
    served_by,
    tunnelling,
)
from .scripted import Log
from .servers import Handler, Server, serving
from .test_tcp_opener import unused_port
from .tls_world import Lower


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize("status", [101, 302, 407, 502])
@on_both_loops
async def test_the_proxy_refuses(by: str, status: int) -> None:
    answer = b"HTTP/1.1 %d No\r\nX-Why: a\r\nx-why: b\r\nContent-Length: 9\r\n\r\nnever" % status
    if status == 101:
        answer = answer.replace(b"X-Why", b"Upgrade: x\r\nConnection: upgrade\r\nX-Why")
    async with proxy_at(by, saying(answer)) as proxy, connected() as connector:
        with pytest.raises((ClientHttpProxyError, ClientProxyConnectionError)) as caught:
            await fetch(connector, "https://origin.test/", proxy)

    error = caught.value
    if status == 101:  # it was not asked to switch protocols
        assert isinstance(error, ClientProxyConnectionError)
        return
    assert isinstance(error, ClientHttpProxyError)
    assert (error.status, error.message) == (status, "No")
    assert error.headers is not None
    assert error.headers.getall("X-Why") == ["a", "b"]
    assert error.request_info.method == "CONNECT"
    assert "pw" not in f"{error} {error!r}"


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize(
    ("answer", "how"),
    [
        (b"", "fin"),
        (b"HTTP/1.1 200 Connec", "fin"),
        (b"", "abort"),
        (b"SSH-2.0-OpenSSH_9.7\r\n\r\n", "stall"),
        (b"HTTP/1.1 200 OK\r\nno field\r\n\r\n", "stall"),
        (CONSENT + b"\x15", "stall"),
    ],
)
@on_both_loops
async def test_the_proxy_breaks_off(by: str, answer: bytes, how: str) -> None:
    requests: list[bytes] = []
    async with serving(answering, tls=served_by(ORIGIN)) as origin:
        async with (
            proxy_at(by, saying(answer, how)) as bad,
            proxy_at(by, tunnelling(origin, requests)) as good,
            connected() as connector,
        ):
            with pytest.raises(ClientProxyConnectionError) as caught:
                await fetch(connector, "https://origin.test/", bad)
            body, _ = await fetch(connector, "https://origin.test/", good)

    error = caught.value
    assert error.host == "proxy.test"
    assert error.__cause__ is error.os_error
    assert body == b"GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n"


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", CONSENT])
@on_both_loops
async def test_the_proxy_stalls(by: str, answer: bytes) -> None:
    async with proxy_at(by, saying(answer)) as proxy, connected() as connector:
        with pytest.raises(ConnectionTimeoutError, match="sock_connect") as caught:
            await fetch(
                connector, "https://origin.test/", proxy, timeouts=Timeouts(sock_connect=0.05)
            )

    assert caught.value.limit == 0.05


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize("url", ["http://origin.test/", "https://origin.test/"])
@on_both_loops
async def test_nobody_is_there(by: str, url: str) -> None:
    async with connected() as connector:
        with pytest.raises(ClientProxyConnectionError) as refused:
            await fetch(connector, url, f"{by}://proxy.test:{unused_port()}")
        with pytest.raises(ClientProxyConnectionError, match="No addresses") as unknown:
            await fetch(connector, url, f"{by}://nobody.test:1")

    assert isinstance(refused.value.os_error, ConnectionRefusedError)
    assert (refused.value.host, unknown.value.host) == ("proxy.test", "nobody.test")


@on_both_loops
async def test_the_proxy_proves_who_it_is_before_it_learns_anything() -> None:
    requests: list[bytes] = []
    handler = tunnelling(Server(), requests)
    async with proxy_at("https", handler, STRANGER) as proxy, connected() as connector:
        for url in ("http://origin.test/", "https://origin.test/"):
            with pytest.raises(ClientConnectorCertificateError) as caught:
                await fetch(connector, url, proxy)
            assert caught.value.host == "proxy.test"

    assert requests == []


async def leaving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what comes first, and go away."""
    await reader.read(1)
    writer.close()


async def speaking_no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await reader.read()


@pytest.mark.parametrize("url", ["http://origin.test/", "https://origin.test/"])
@on_both_loops
async def test_a_proxy_that_fails_in_its_own_handshake(url: str) -> None:
    async with (
        serving(leaving) as gone,
        serving(speaking_no_tls) as plain,
        connected() as connector,
    ):
        with pytest.raises(ClientProxyConnectionError, match=r"proxy\.test") as broken:
            await fetch(connector, url, f"https://proxy.test:{gone.port}")
        with pytest.raises(ClientConnectorSSLError, match=r"proxy\.test") as no_tls:
            await fetch(connector, url, f"https://proxy.test:{plain.port}")

    assert isinstance(broken.value.__cause__, ConnectionResetError)
    assert isinstance(no_tls.value.__cause__, ssl.SSLError)


@pytest.mark.parametrize("by", ["http", "https"])
@on_both_loops
async def test_an_origin_that_fails_in_its_handshake_fails_as_without_a_proxy(by: str) -> None:
    async def attempt(handler: Handler, tls: ssl.SSLContext | None, **options: Any) -> Exception:
        async with serving(handler, tls=tls) as origin:
            async with proxy_at(by, tunnelling(origin, [])) as proxy, connected() as connector:
                with pytest.raises(Exception, match=r"origin\.test") as caught:  # see below
                    await fetch(connector, "https://origin.test/", proxy, **options)
        return caught.value

    error = await attempt(answering, served_by(STRANGER))
    assert type(error) is ClientConnectorCertificateError
    error = await attempt(speaking_no_tls, None)
    assert type(error) is ClientConnectorSSLError
    error = await attempt(leaving, None)
    assert type(error) is ClientConnectorError
    assert isinstance(error.__cause__, OSError)
    error = await attempt(answering, served_by(ORIGIN), ssl=Fingerprint(bytes(32)))
    assert type(error) is ServerFingerprintMismatch


@pytest.mark.parametrize(
    "options",
    [
        {"proxy_headers": (("X-Hop", "1\r\nHost: evil.test"),)},
        {"server_hostname": "a" * 64 + ".test"},
    ],
)
@on_both_loops
async def test_what_cannot_be_said_is_refused_before_anybody_is_asked(
    options: dict[str, Any],
) -> None:
    names = Loopback()
    async with connected(resolver=names) as connector:
        with pytest.raises(ValueError, match=r"X-Hop|aaaa"):
            await fetch(connector, "https://origin.test/", "http://proxy.test:1", **options)
        with pytest.raises(ValueError, match="aaaa"):
            await fetch(connector, "http://origin.test/", f"https://{'a' * 64}.test:1")

    assert names.asked == []


class Told(Exception):  # noqa: N818  # it is raised, but nothing is wrong
    pass


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize(
    "url", ["http://origin.test/", "ws://origin.test/", "https://origin.test/"]
)
@pytest.mark.parametrize("at", [StreamOpened, TlsHandshakeEnd])
@on_both_loops
async def test_what_an_observer_raises_comes_out(by: str, url: str, at: type[Event]) -> None:
    happens = at is StreamOpened or by == "https" or url.startswith("https")
    tls = served_by(ORIGIN) if url.startswith("https") else None
    async with serving(answering, tls=tls) as origin:
        async with proxy_at(by, tunnelling(origin, [])) as proxy, connected() as connector:
            with pytest.raises(Told) if happens else contextlib.nullcontext():
                await fetch(connector, url, proxy, observer=Log(at=at, error=Told()))


class Held:
    """Where a request is held up, and how to know that it is."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()

    async def hold(self, *_: object, **__: object) -> None:
        self.reached.set()
        await asyncio.Event().wait()

    def after(self, answer: bytes | None) -> Handler:
        """Make a proxy that says *answer* to CONNECT; ``None``: that does not even listen."""

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if answer is None:
                await reader.read(1)
            else:
                await reader.readuntil(b"\r\n\r\n")
                if answer:
                    writer.write(answer)
                    await reader.read(1)
            self.reached.set()
            await reader.read()

        return handle


@pytest.mark.parametrize("by", ["http", "https"])
@pytest.mark.parametrize("phase", ["dns", "connect", "proxy_tls", "proxy", "tls"])
@pytest.mark.parametrize("how", ["cancel", "close"])
@on_both_loops
async def test_given_up_in_each_phase(by: str, phase: str, how: str) -> None:
    held = Held()
    names = Loopback()
    loop = asyncio.get_running_loop()
    if phase == "dns":
        names.resolve = held.hold  # type: ignore[method-assign,assignment]  # only here
    elif phase == "connect":
        loop.sock_connect = held.hold  # type: ignore[method-assign]  # only here
    answer = {"proxy_tls": None, "tls": CONSENT}.get(phase, b"")
    scheme = "http" if phase == "proxy_tls" else by
    async with (
        proxy_at(scheme, held.after(answer)) as proxy,
        connected(resolver=names) as connector,
    ):
        to = proxy if phase != "proxy_tls" else proxy.replace("http:", "https:")
        task = asyncio.create_task(fetch(connector, "https://origin.test/", to))
        await held.reached.wait()
        if how == "cancel":
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            await connector.close()
            with pytest.raises(Exception, match=r"^Connector is closed$"):
                await task
        await connector.close()
        assert connector._leases is not None
        assert not connector._leases.connections


class Hasty:
    """Opens a stream to a proxy that consents, and has gone before anybody can use that."""

    async def open(
        self, key: ConnectionKey, protocol: asyncio.Protocol, *_: object
    ) -> asyncio.Transport:
        self.lower = Lower()
        protocol.connection_made(self.lower)
        protocol.data_received(CONSENT)
        protocol.eof_received()
        return self.lower

    def close(self) -> None:
        """Nothing goes on."""


class Unusable(ssl.SSLContext):
    """Fails where OpenSSL may: when it has to make a connection."""

    def wrap_bio(self, *_: object, **__: object) -> ssl.SSLObject:
        raise ssl.SSLError("no protocols available")


@pytest.mark.parametrize("by", ["http", "https"])
@on_both_loops
async def test_a_context_that_cannot_be_used(by: str) -> None:
    names = Loopback()
    async with connected(ssl=Unusable(ssl.PROTOCOL_TLS_CLIENT), resolver=names) as connector:
        with pytest.raises(ClientConnectorSSLError, match="no protocols available"):
            await fetch(connector, "https://origin.test/", f"{by}://proxy.test:1")

    assert names.asked == []


@pytest.mark.parametrize("is_ssl", [False, True])
@on_net
async def test_a_tunnel_that_ends_as_it_is_handed_over(net: Net, is_ssl: bool) -> None:
    opener = Hasty()
    how = ssl.create_default_context()
    await net.warm()
    leases = net.connector._leases
    assert leases is not None
    key = ConnectionKey("a.test", 80, is_ssl, how, proxy=URL("http://proxy.test"), tunnel=True)
    dialer = StreamDialer(opener, net.loop)

    with pytest.raises(ClientProxyConnectionError, match="closed the tunnel before it was used"):
        await dialer.dial(key, leases._make, None)
    assert opener.lower.asked[0] == "abort"
