"""WebSockets, against servers of other libraries."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import picows
import pytest

import martlet
from daemons import free_ports, public_folder, running
from martlet_websocket import WSMsgType

from .asgi_server import in_session
from .world import LOOPS, LoopFactory, authority, server_context

IMPLEMENTATIONS = ("websockets-sansio", "wsproto")
EACH = pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
SCHEMES = pytest.mark.parametrize("scheme", ["ws", "wss"])

Servers = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Run uvicorn with each of its implementations, with and without TLS."""
    found: Servers = {}
    with public_folder() as root, ExitStack() as stack:
        certificate = authority().issue_cert("127.0.0.1", "localhost")
        key, chain = root / "key.pem", root / "chain.pem"
        certificate.private_key_pem.write_to_path(str(key))
        for blob in certificate.cert_chain_pems:
            blob.write_to_path(str(chain), append=True)
        ports = free_ports(2 * len(IMPLEMENTATIONS))
        tls: dict[str, tuple[str | Path, ...]] = {
            "ws": (),
            "wss": ("--ssl-keyfile", key, "--ssl-certfile", chain),
        }
        for implementation in IMPLEMENTATIONS:
            for scheme, options in tls.items():
                port = ports.pop()
                stack.enter_context(
                    running(
                        Path(sys.executable),
                        *("-m", "uvicorn", "client.asgi_websocket:app"),
                        *("--app-dir", str(Path(__file__).parents[1])),
                        *("--ws", implementation, "--lifespan", "off", "--log-level", "error"),
                        *("--host", "127.0.0.1", "--port", str(port)),
                        *options,
                        ports=[port],
                    )
                )
                found[implementation, scheme] = f"{scheme}://127.0.0.1:{port}"
        yield found


@LOOPS
@EACH
@SCHEMES
@pytest.mark.parametrize("compress", [0, 15])
def test_echo(
    loop_factory: LoopFactory, servers: Servers, implementation: str, scheme: str, compress: int
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        url = servers[implementation, scheme]
        async with session.ws_connect(url, compress=compress, protocols=("chat",)) as ws:
            assert ws.protocol == "chat"
            assert (ws.compress > 0) is (compress > 0)
            for size in (0, 1, 125, 126, 65535, 65536, 500_000):
                for text in ("x" * size, "ä€" * size):
                    await ws.send_str(text)
                    assert await ws.receive_str() == text
                await ws.send_bytes(bytes(size))
                assert await ws.receive_bytes() == bytes(size)
            for number in range(300):
                await ws.send_str(f"{number} again")
            for number in range(300):
                assert await ws.receive_str() == f"{number} again"
        assert ws.close_code == 1000

    in_session(loop_factory, scenario)


@LOOPS
@EACH
@SCHEMES
def test_the_server_closes(
    loop_factory: LoopFactory, servers: Servers, implementation: str, scheme: str
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        ws = await session.ws_connect(servers[implementation, scheme])
        await ws.send_str("close")
        assert await ws.receive() == (WSMsgType.CLOSE, 3001, "why")
        assert ws.closed

    in_session(loop_factory, scenario)


@LOOPS
@EACH
def test_a_refusal(loop_factory: LoopFactory, servers: Servers, implementation: str) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        with pytest.raises(martlet.WSServerHandshakeError) as caught:
            await session.ws_connect(f"{servers[implementation, 'ws']}/refused")
        assert caught.value.status == 403

    in_session(loop_factory, scenario)


class Echo(picows.WSListener):
    """Sends back what comes, as picows has it."""

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()
        else:
            transport.send(frame.msg_type, frame.get_payload_as_bytes(), frame.fin)


@LOOPS
@SCHEMES
def test_picows(loop_factory: LoopFactory, scheme: str) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        server = await picows.ws_create_server(
            lambda _request: Echo(),
            "127.0.0.1",
            0,
            ssl=server_context() if scheme == "wss" else None,
            use_aiofastnet=False,
        )
        url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        async with session.ws_connect(url, compress=15) as ws:
            assert ws.compress == 0
            for size in (0, 1, 125, 126, 65535, 65536, 500_000):
                await ws.send_str("ä" * size)
                assert await ws.receive_str() == "ä" * size
                await ws.send_bytes(bytes(size))
                assert await ws.receive_bytes() == bytes(size)
            await ws.ping(b"x")
            with pytest.raises(asyncio.TimeoutError):
                await ws.receive(timeout=0.01)
        assert ws.close_code == 1000
        server.close()
        await server.wait_closed()

    in_session(loop_factory, scenario)
