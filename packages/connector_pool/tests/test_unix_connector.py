"""HTTP over Unix sockets: whatever host a URL names, the requests go to one place."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from martlet_connector_pool import UnixConnector
from martlet_exceptions import ConnectionTimeoutError, UnixClientConnectorError
from martlet_interfaces import NO_TIMEOUTS, UNSET, Connector, Timeouts

from .net import head
from .proxies import ORIGIN, answering, on_both_loops, served_by, trusting
from .scripted import Answer, Log


def test_its_defaults() -> None:
    connector: Connector = UnixConnector("/run/a.sock")

    assert isinstance(connector, UnixConnector)
    assert connector.path == "/run/a.sock"
    assert (connector.limit, connector.limit_per_host, connector.force_close) == (100, 0, False)
    assert connector.schemes == {"http", "https", "ws", "wss", "unix"}
    assert connector.allowed_protocol_schema_set == connector.schemes | {""}


def test_its_parameters_in_order() -> None:
    connector = UnixConnector("/run/a.sock", True, UNSET, 5, 2, None)

    assert (connector.force_close, connector.limit, connector.limit_per_host) == (True, 5, 2)
    assert UnixConnector(Path("/run/a.sock")).path == "/run/a.sock"


@pytest.mark.parametrize("options", [{"limit": -1}, {"force_close": True, "keepalive_timeout": 1}])
def test_parameters_of_the_pool_are_checked(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"limit|keepalive_timeout"):
        UnixConnector("/run/a.sock", **options)


def test_a_path_is_needed() -> None:
    with pytest.raises(TypeError):
        UnixConnector()  # type: ignore[call-arg]  # that is the point
    with pytest.raises(TypeError):
        UnixConnector(3)  # type: ignore[arg-type]  # that is the point


@contextlib.asynccontextmanager
async def listening(path: Path, tls: ssl.SSLContext | None = None) -> AsyncIterator[list[None]]:
    """Answer each request with itself; count the connections."""
    made: list[None] = []
    open_now: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now.add(task)
        made.append(None)
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            await answering(reader, writer)
        writer.transport.abort()
        open_now.discard(task)

    server = await asyncio.start_unix_server(serve, path, ssl=tls)
    try:
        yield made
    finally:
        server.close()
        if open_now:
            await asyncio.wait(open_now)


async def fetch(
    connector: UnixConnector, url: str, timeouts: Timeouts = NO_TIMEOUTS, **options: Any
) -> tuple[bytes, dict[str, Any]]:
    answer, log = Answer(), Log()
    request = head("GET", url, **options)
    exchange = await connector.send(request, None, answer, timeouts=timeouts, observer=log)
    body = await answer.read()
    timings = exchange.info("timings")
    assert isinstance(timings, dict)
    return body, {"phases": list(timings), "peername": exchange.info("peername"), "log": log.names}


@on_both_loops
async def test_requests_to_any_host(tmp_path: Path) -> None:
    path = tmp_path / "s"
    async with listening(path) as made, UnixConnector(path) as connector:
        body, facts = await fetch(connector, "http://a.test/x?y")
        again, _ = await fetch(connector, "http://a.test/x?y")
        other, _ = await fetch(connector, "http://b.test:8080/")

    assert body == again == b"GET /x?y HTTP/1.1\r\nHost: a.test\r\n\r\n"
    assert other == b"GET / HTTP/1.1\r\nHost: b.test:8080\r\n\r\n"
    assert facts["phases"] == ["connect", "sent", "first_byte", "done"]
    assert facts["peername"] == str(path)
    assert facts["log"][:3] == ["ConnectionCreateStart", "StreamOpened", "ConnectionCreateEnd"]
    assert len(made) == 2


@on_both_loops
async def test_with_tls_it_is_the_host_that_is_verified(tmp_path: Path) -> None:
    path = tmp_path / "s"
    async with listening(path, served_by(ORIGIN)), UnixConnector(path) as connector:
        body, facts = await fetch(connector, "https://origin.test/", ssl=trusting())

    assert body == b"GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n"
    assert facts["phases"] == ["connect", "tls", "sent", "first_byte", "done"]


@on_both_loops
async def test_nobody_listens(tmp_path: Path) -> None:
    async with UnixConnector(tmp_path / "s") as connector:
        with pytest.raises(UnixClientConnectorError) as caught:
            await fetch(connector, "http://a.test/")
        assert caught.value.path == str(tmp_path / "s")
        async with listening(tmp_path / "s"):
            await fetch(connector, "http://a.test/")
            await connector.close()


async def test_a_proxy_makes_no_sense(tmp_path: Path) -> None:
    async with UnixConnector(tmp_path / "s") as connector:
        with pytest.raises(ValueError, match=r"^A Unix socket is not reached through a proxy$"):
            await fetch(connector, "http://a.test/", proxy=URL("http://proxy.test"))


@pytest.mark.parametrize(
    ("conn_timeout", "sock_connect", "limit"),
    [(0.01, None, 0.01), (0.01, 60, 0.01), (60, 0.01, 0.01), (None, 0.01, 0.01)],
)
async def test_a_new_connection_may_take_so_long(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    conn_timeout: float | None,
    sock_connect: float | None,
    limit: float,
) -> None:
    async def hold(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", hold)
    async with UnixConnector(tmp_path / "s", conn_timeout=conn_timeout) as connector:
        with pytest.raises(ConnectionTimeoutError, match="sock_connect") as caught:
            await fetch(connector, "http://a.test/", Timeouts(sock_connect=sock_connect))

    assert caught.value.limit == limit
