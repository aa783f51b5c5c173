import asyncio
import errno
import inspect
import socket
import ssl
from typing import Any

import pytest

from martlet_connector_pool import (
    AddrInfoType,
    BaseConnector,
    NamedPipeConnector,
    TCPConnector,
    UnixConnector,
)
from martlet_exceptions import ClientConnectorError
from martlet_interfaces import NO_TIMEOUTS, UNSET, Connector, Fingerprint, merged_ssl

from .net import head
from .proxies import Loopback
from .scripted import Answer
from .servers import serving

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PINNED = Fingerprint(b"x" * 32)


def test_its_defaults() -> None:
    connector: Connector = TCPConnector()

    assert isinstance(connector, TCPConnector)
    assert connector.family == 0
    assert connector.use_dns_cache is True
    assert connector.limit == 100
    assert connector._ttl_dns_cache == 10
    assert connector.allowed_protocol_schema_set == connector.schemes | {"", "tcp"}
    assert repr(connector) == "<TCPConnector unused>"


# The parameters of aiohttp's connectors, in order, and their defaults.
POOL = {
    "keepalive_timeout": UNSET,
    "force_close": False,
    "limit": 100,
    "limit_per_host": 0,
    "enable_cleanup_closed": False,
    "loop": None,
    "timeout_ceil_threshold": 5,
}
AT_A_PATH = {
    "path": inspect.Parameter.empty,
    "force_close": False,
    "keepalive_timeout": UNSET,
    "limit": 100,
    "limit_per_host": 0,
    "loop": None,
}
PARAMETERS: list[tuple[Any, bool, dict[str, Any]]] = [
    (BaseConnector, False, POOL),
    (
        TCPConnector,
        False,
        {
            "verify_ssl": True,
            "fingerprint": None,
            "use_dns_cache": True,
            "ttl_dns_cache": 10,
            "dns_cache_max_size": 1000,
            "family": socket.AF_UNSPEC,
            "ssl_context": None,
            "ssl": True,
            "local_addr": None,
            "resolver": None,
            **POOL,
            "happy_eyeballs_delay": 0.25,
            "interleave": None,
            "socket_factory": None,
            "ssl_shutdown_timeout": UNSET,
        },
    ),
    (UnixConnector, True, AT_A_PATH),
    (NamedPipeConnector, True, AT_A_PATH),
    (BaseConnector.close, False, {"abort_ssl": False}),
    (TCPConnector.clear_dns_cache, True, {"host": None, "port": None}),
]


@pytest.mark.parametrize(
    ("what", "by_position", "parameters"),
    PARAMETERS,
    ids=[what.__qualname__ for what, _, _ in PARAMETERS],
)
def test_parameters_are_aiohttps(what: Any, by_position: bool, parameters: dict[str, Any]) -> None:
    found = dict(inspect.signature(what).parameters)
    found.pop("self", None)
    own = found.pop("conn_timeout", None)  # an older one, by keyword only
    kind = (
        inspect.Parameter.POSITIONAL_OR_KEYWORD if by_position else inspect.Parameter.KEYWORD_ONLY
    )

    assert {name: parameter.default for name, parameter in found.items()} == parameters
    assert {parameter.kind for parameter in found.values()} == {kind}
    assert own is None or (own.kind, own.default) == (inspect.Parameter.KEYWORD_ONLY, None)
    if by_position:
        assert list(found) == list(parameters)


def test_a_connection_is_asked_for_as_in_aiohttp() -> None:
    names = list(inspect.signature(BaseConnector.connect).parameters)

    assert names == ["self", "req", "traces", "timeout"]


def test_all_parameters_are_by_keyword() -> None:
    with pytest.raises(TypeError):
        TCPConnector(True)  # type: ignore[call-arg]  # that is the point


@pytest.mark.parametrize(
    ("older", "used"),
    [
        ({"verify_ssl": True}, True),
        ({"verify_ssl": False}, False),
        ({"fingerprint": b"x" * 32}, PINNED),
        ({"ssl_context": CONTEXT}, CONTEXT),
        ({"verify_ssl": True, "fingerprint": None, "ssl_context": CONTEXT}, CONTEXT),
    ],
)
def test_older_ways_to_check_certificates(older: dict[str, Any], used: object) -> None:
    assert TCPConnector(**older)._ssl == used


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"ssl": False, "verify_ssl": False}, "ssl and verify_ssl"),
        ({"ssl": PINNED, "ssl_context": CONTEXT}, "ssl and ssl_context"),
        ({"verify_ssl": False, "ssl_context": CONTEXT}, "verify_ssl and ssl_context"),
        ({"verify_ssl": False, "fingerprint": b"x" * 32}, "verify_ssl and fingerprint"),
        ({"fingerprint": b"x" * 32, "ssl_context": CONTEXT}, "fingerprint and ssl_context"),
    ],
)
def test_ways_that_contradict_each_other(options: dict[str, Any], names: str) -> None:
    with pytest.raises(ValueError, match=rf"^{names} contradict each other: give only ssl$"):
        TCPConnector(**options)


@pytest.mark.parametrize(
    ("given", "used"),
    [(True, True), (None, True), (False, False), (CONTEXT, CONTEXT), (PINNED, PINNED)],
)
def test_ways_to_check_certificates(given: Any, used: object) -> None:
    assert merged_ssl(given) is used
    assert TCPConnector(ssl=given)._ssl is used


@pytest.mark.parametrize("wrong", [1, "yes", b"x" * 32, object])
def test_other_ways_are_refused(wrong: Any) -> None:
    message = rf"^ssl must be a bool, an SSLContext or a Fingerprint, not {type(wrong).__name__}$"
    with pytest.raises(TypeError, match=message):
        TCPConnector(ssl=wrong)


@pytest.mark.parametrize("options", [{"limit": -1}, {"force_close": True, "keepalive_timeout": 1}])
def test_parameters_of_the_pool_are_checked(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"limit|keepalive_timeout"):
        TCPConnector(**options)


@pytest.mark.parametrize("arguments", [("a.test", None), (None, 80)])
def test_half_a_name_cannot_be_forgotten(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"^Give both host and port, or neither$"):
        TCPConnector().clear_dns_cache(*arguments)


async def resolve(connector: TCPConnector, port: int, host: str = "localhost") -> None:
    answer = Answer()
    request = head(url=f"http://{host}:{port}/")
    await connector.send(request, None, answer, timeouts=NO_TIMEOUTS)
    await answer.read()


async def test_addresses_are_remembered_and_forgotten() -> None:
    async with serving() as server, TCPConnector(family=socket.AF_INET) as connector:
        name = ("localhost", server.port)
        assert connector.cached_hosts == {}
        connector.clear_dns_cache()
        await resolve(connector, server.port)

        assert connector.family == socket.AF_INET
        assert [found["host"] for found in connector.cached_hosts[name]] == ["127.0.0.1"]
        connector.clear_dns_cache("other.test", 80)
        assert set(connector.cached_hosts) == {name}
        connector.clear_dns_cache(*name)
        assert connector.cached_hosts == {}


@pytest.mark.parametrize("size", [0, -1])
def test_a_cache_for_nothing_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=rf"^dns_cache_max_size must be at least 1: {size}$"):
        TCPConnector(dns_cache_max_size=size)


async def test_so_many_hosts_are_remembered() -> None:
    resolver = Loopback()
    async with (
        serving() as server,
        TCPConnector(resolver=resolver, dns_cache_max_size=2, force_close=True) as connector,
    ):
        for name in ("a.test", "b.test", "a.test", "c.test", "d.test"):
            await resolve(connector, server.port, name)

        assert [name for name, _ in connector.cached_hosts] == ["c.test", "d.test"]
        assert resolver.asked == ["a.test", "b.test", "c.test", "d.test"]


@pytest.mark.parametrize(("ttl", "asked"), [(0, 2), (10, 1), (None, 1)])
async def test_addresses_are_remembered_for_so_long(ttl: float | None, asked: int) -> None:
    resolver = Loopback()
    async with (
        serving() as server,
        TCPConnector(resolver=resolver, ttl_dns_cache=ttl, force_close=True) as connector,
    ):
        for _ in range(2):
            await resolve(connector, server.port, "a.test")

    assert len(resolver.asked) == asked


async def test_what_is_remembered_cannot_be_changed_from_outside() -> None:
    with pytest.raises(TypeError):
        TCPConnector().cached_hosts["a", 80] = []  # type: ignore[index]  # that is the point


async def test_without_a_cache_nothing_is_remembered() -> None:
    async with serving() as server, TCPConnector(use_dns_cache=False) as connector:
        await resolve(connector, server.port)

        assert connector.use_dns_cache is False
        assert connector.cached_hosts == {}


async def test_many_requests_share_few_connections() -> None:
    async with serving() as server, TCPConnector(limit=3) as connector:
        await asyncio.gather(*(resolve(connector, server.port) for _ in range(30)))

        assert server.connections == 3


async def test_sockets_of_ones_own() -> None:
    asked: list[AddrInfoType] = []
    made: list[socket.socket] = []

    def make(address: AddrInfoType) -> socket.socket:
        asked.append(address)
        family, kind, proto, _, _ = address
        made.append(socket.socket(family, kind, proto))
        return made[-1]

    async with serving() as server, TCPConnector(socket_factory=make) as connector:
        answer = Answer()
        request = head(url=f"http://127.0.0.1:{server.port}/")
        exchange = await connector.send(request, None, answer, timeouts=NO_TIMEOUTS)
        assert made[0].getsockname() == exchange.info("sockname")
        await answer.read()

    name = ("127.0.0.1", server.port)
    assert asked == [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", name)]
    assert made[0].fileno() == -1


@pytest.mark.parametrize("failures", [1, 2])
async def test_too_many_files_evict_what_is_idle(failures: int) -> None:
    left = 0

    def make(address: AddrInfoType) -> socket.socket:
        nonlocal left
        if left:
            left -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return socket.socket(*address[:3])

    async with (
        serving() as server,
        TCPConnector(socket_factory=make, resolver=Loopback()) as connector,
    ):
        await resolve(connector, server.port, "a.test")
        left = failures
        if failures == 1:
            await resolve(connector, server.port, "b.test")
            assert [key.host for key in connector._conns] == ["b.test"]
        else:
            with pytest.raises(ClientConnectorError, match="Too many open files") as caught:
                await resolve(connector, server.port, "b.test")
            assert caught.value.errno == errno.EMFILE
            assert connector._conns == {}

    assert left == 0


async def test_what_has_no_effect_is_accepted() -> None:
    async with (
        serving() as server,
        TCPConnector(
            enable_cleanup_closed=True,
            timeout_ceil_threshold=0.1,
            ssl_shutdown_timeout=3,
            loop=asyncio.get_running_loop(),
        ) as connector,
    ):
        await resolve(connector, server.port)

        assert server.connections == 1


def test_the_race_gets_its_parameters() -> None:
    racer = TCPConnector(
        local_addr=("127.0.0.1", 0), happy_eyeballs_delay=None, interleave=2
    )._racer

    assert (racer.local_addr, racer.happy_eyeballs_delay, racer.interleave) == (
        ("127.0.0.1", 0),
        None,
        2,
    )


async def test_idle_connections_can_be_looked_at() -> None:
    async with serving() as server, TCPConnector(resolver=Loopback()) as connector:
        assert connector._conns == {}
        for hosts in (["a.test"], ["a.test", "a.test", "b.test"]):
            await asyncio.gather(*(resolve(connector, server.port, host) for host in hosts))

        assert {key.host: len(idle) for key, idle in connector._conns.items()} == {
            "a.test": 2,
            "b.test": 1,
        }
        now = asyncio.get_running_loop().time()
        for key, idle in connector._conns.items():
            for connection, since in idle:
                assert connection.key == key
                assert since <= now
