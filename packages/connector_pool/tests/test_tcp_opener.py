"""Opening TCP streams: names, addresses, and what can go wrong with them."""

import asyncio
import errno
import socket

import pytest

from martlet_connector_pool import AbstractResolver, ResolveResult, TCPConnector
from martlet_connector_pool._dial_clock import DialClock
from martlet_connector_pool._dialer import StreamDialer
from martlet_exceptions import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ConnectionTimeoutError,
)
from martlet_interfaces import NO_TIMEOUTS, ConnectionKey, Timeouts

from .net import head
from .scripted import Answer
from .servers import serving


class Names(AbstractResolver):
    """Knows names and their addresses; waits for ever for one called slow."""

    def __init__(self, **names: list[str]) -> None:
        self.names = names
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host == "slow":
            await asyncio.Event().wait()
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=0,
            )
            for address in self.names.get(host, [])
        ]

    async def close(self) -> None:
        raise AssertionError("it is the caller's")


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


async def get(
    connector: TCPConnector, url: str, timeouts: Timeouts = NO_TIMEOUTS
) -> tuple[Answer, object]:
    answer = Answer()
    exchange = await connector.send(head(url=url), None, answer, timeouts=timeouts)
    await answer.read()
    return answer, exchange.info("peername")


async def test_a_numeric_address_is_not_looked_up() -> None:
    names = Names()
    async with serving() as server, TCPConnector(resolver=names) as connector:
        answer, peer = await get(connector, f"http://127.0.0.1:{server.port}/")

    assert answer.body == b"ok"
    assert peer == ("127.0.0.1", server.port)
    assert names.asked == []


@pytest.mark.parametrize("url", ["http://a.test:{}/", "http://a.test.:{}/"])
async def test_a_name_is_looked_up_without_its_last_dot(url: str) -> None:
    names = Names(**{"a.test": ["127.0.0.1"]})
    async with serving() as server, TCPConnector(resolver=names) as connector:
        await get(connector, url.format(server.port))

        assert names.asked == ["a.test"]


async def test_the_next_address_is_tried() -> None:
    names = Names(**{"a.test": ["127.0.0.2", "127.0.0.1"]})
    async with serving() as server, TCPConnector(resolver=names) as connector:
        _, peer = await get(connector, f"http://a.test:{server.port}/")

    assert peer == ("127.0.0.1", server.port)


async def test_nobody_listens() -> None:
    port = unused_port()
    async with TCPConnector() as connector:
        with pytest.raises(ClientConnectorError) as caught:
            await get(connector, f"http://127.0.0.1:{port}/")

    error = caught.value
    assert error.errno == errno.ECONNREFUSED
    assert (error.host, error.port) == ("127.0.0.1", port)
    assert isinstance(error.__cause__, ConnectionRefusedError)
    assert error.os_error is error.__cause__
    assert str(error).startswith(f"Cannot connect to host 127.0.0.1:{port} ssl:default [")


async def test_nobody_listens_at_any_of_the_addresses() -> None:
    port = unused_port()
    names = Names(**{"a.test": ["127.0.0.1", "127.0.0.2"]})
    async with TCPConnector(resolver=names) as connector:
        with pytest.raises(ClientConnectorError) as caught:
            await get(connector, f"http://a.test:{port}/")

    assert caught.value.host == "a.test"
    assert "127.0.0.1" in str(caught.value)
    assert "127.0.0.2" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://nobody.test/", "No addresses for nobody.test"),
        ("http://[fe80::1%25nowhere0]/", "no interface"),
    ],
)
async def test_there_is_no_address(url: str, message: str) -> None:
    async with TCPConnector(resolver=Names()) as connector:
        with pytest.raises(ClientConnectorDNSError, match=message) as caught:
            await get(connector, url)

    assert isinstance(caught.value.__cause__, OSError)
    assert isinstance(caught.value, OSError)


async def test_what_is_no_name_at_all_has_no_address() -> None:
    async with TCPConnector() as connector:
        with pytest.raises(ClientConnectorDNSError, match="Not a name of a host"):
            await get(connector, "http://a..b/")


@pytest.mark.parametrize("limits", [Timeouts(sock_connect=0.01), Timeouts(connect=0.01)])
async def test_a_lookup_counts_as_connecting(limits: Timeouts) -> None:
    async with TCPConnector(resolver=Names()) as connector:
        with pytest.raises(ConnectionTimeoutError) as caught:
            await get(connector, "http://slow/", limits)

    assert caught.value.limit == 0.01
    assert caught.value.phase in ("connect", "sock_connect")


async def test_from_an_address_of_ones_own() -> None:
    local = ("127.0.0.1", unused_port())
    async with serving() as server, TCPConnector(local_addr=local) as connector:
        answer = Answer()
        exchange = await connector.send(
            head(url=f"http://127.0.0.1:{server.port}/"), None, answer, timeouts=NO_TIMEOUTS
        )
        assert exchange.info("sockname") == local
        await answer.read()


async def test_from_an_address_of_another_family() -> None:
    async with TCPConnector(local_addr=("::1", 0)) as connector:
        with pytest.raises(ClientConnectorError):
            await get(connector, "http://127.0.0.1:9/")


class Dialled(Exception):  # noqa: N818  # it is how these tests learn what was dialled
    """Carries the family and the address that would be dialled."""


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (ConnectionKey("::1", 8080, False), (socket.AF_INET6, ("::1", 8080, 0, 0))),
        (ConnectionKey("fe80::1%7", 80, False), (socket.AF_INET6, ("fe80::1", 80, 0, 7))),
        (ConnectionKey("fe80::1%lo", 80, False), (socket.AF_INET6, ("fe80::1", 80, 0, 1))),
        (ConnectionKey("192.0.2.1", None, False), (socket.AF_INET, ("192.0.2.1", 80))),
        (ConnectionKey("192.0.2.1", None, True), (socket.AF_INET, ("192.0.2.1", 443))),
        (ConnectionKey("192.0.2.1.", 81, False), (socket.AF_INET, ("192.0.2.1", 81))),
        (ConnectionKey("scoped", 80, False), (socket.AF_INET6, ("fe80::2", 80, 0, 3))),
    ],
)
async def test_what_is_dialled(
    key: ConnectionKey, expected: tuple[int, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sock_connect(sock: socket.socket, address: object) -> None:
        raise Dialled(sock.family, address)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "sock_connect", sock_connect)
    monkeypatch.setattr(socket, "if_nametoindex", {"lo": 1}.__getitem__)
    connector = TCPConnector(resolver=Names(scoped=["fe80::2%3"]))
    dialer = connector._dialer(loop)
    assert isinstance(dialer, StreamDialer)

    with pytest.raises(Dialled) as caught:
        await dialer.opener.open(key, asyncio.Protocol(), DialClock(loop.time), None)
    assert caught.value.args == expected


async def test_close_stops_lookups() -> None:
    names = Names()
    connector = TCPConnector(resolver=names)
    task = asyncio.create_task(get(connector, "http://slow/"))
    while not names.asked:  # noqa: ASYNC110  # the resolver has no event to wait for
        await asyncio.sleep(0)

    await connector.close()

    with pytest.raises(Exception, match=r"^Connector is closed$"):
        await task
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_connections_to_one_server_share_what_says_where_it_is() -> None:
    peers = []
    async with serving() as server:
        for _ in range(2):
            async with TCPConnector() as connector:
                answer = Answer()
                exchange = await connector.send(
                    head(url=f"http://127.0.0.1:{server.port}/"),
                    None,
                    answer,
                    timeouts=NO_TIMEOUTS,
                )
                peers.append(exchange.info("peername"))
                await answer.read()
    assert peers[0] == ("127.0.0.1", server.port)
    assert peers[0] is peers[1]
