"""HTTP over a named pipe, on a loop that has Unix sockets in their place."""

import asyncio
from pathlib import Path

import pytest
from yarl import URL

from martlet_connector_pool import NamedPipeConnector
from martlet_exceptions import ClientConnectorError
from martlet_interfaces import NO_TIMEOUTS, UNSET, Connector

from .net import head
from .scripted import Answer
from .test_pipe_opener import PipeLoop
from .test_unix_connector import listening

PATH = r"\\.\pipe\docker_engine"


def test_its_defaults() -> None:
    connector: Connector = NamedPipeConnector(PATH)

    assert isinstance(connector, NamedPipeConnector)
    assert connector.path == PATH
    assert (connector.limit, connector.limit_per_host, connector.force_close) == (100, 0, False)
    assert connector.schemes == {"http", "https", "ws", "wss", "npipe"}
    assert connector.allowed_protocol_schema_set == connector.schemes | {""}


def test_its_parameters_in_order() -> None:
    connector = NamedPipeConnector(PATH, True, UNSET, 5, 2, None)

    assert (connector.force_close, connector.limit, connector.limit_per_host) == (True, 5, 2)


async def fetch(connector: NamedPipeConnector) -> tuple[bytes, object]:
    answer = Answer()
    exchange = await connector.send(head(), None, answer, timeouts=NO_TIMEOUTS)
    return await answer.read(), exchange.info("timings")


async def test_other_loops_cannot_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is to be opened")

    monkeypatch.setattr("socket.socket", refuse)
    connector = NamedPipeConnector(PATH)
    for _ in range(2):
        with pytest.raises(RuntimeError, match=r"Named pipes need asyncio's ProactorEventLoop"):
            await fetch(connector)
        with pytest.raises(RuntimeError, match=r"Named pipes need asyncio's ProactorEventLoop"):
            await connector.connect(head())
    assert repr(connector) == "<NamedPipeConnector unused>"
    await connector.close()


async def test_a_proxy_makes_no_sense() -> None:
    connector = NamedPipeConnector(PATH)
    request = head(proxy=URL("http://proxy.test"))

    with pytest.raises(ValueError, match=r"^A named pipe is not reached through a proxy$"):
        await connector.send(request, None, Answer(), timeouts=NO_TIMEOUTS)


def test_requests(tmp_path: Path) -> None:
    async def main() -> None:
        path = tmp_path / "pipe"
        async with NamedPipeConnector(str(path)) as connector:
            with pytest.raises(ClientConnectorError):
                await fetch(connector)
            async with listening(path) as made:
                for phases in (["connect"], []):
                    body, timings = await fetch(connector)
                    assert body == b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"
                    assert isinstance(timings, dict)
                    assert list(timings) == [*phases, "sent", "first_byte", "done"]
                await connector.close()
            assert len(made) == 1

    with asyncio.Runner(loop_factory=PipeLoop) as runner:
        runner.run(main())
