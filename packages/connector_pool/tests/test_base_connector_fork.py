"""A forked child leaves its parent's connections alone, and says why it cannot use them."""

import asyncio
import os
import subprocess
import sys

import pytest

from martlet_interfaces import NO_TIMEOUTS

from .forked import in_child
from .net import head
from .scripted import OK, Answer, ScriptedConnector, ScriptedDialer

# A fork of a process with threads is what is tested: the first TLS context is made in one.
WARNINGS = ["-W", "error::ResourceWarning", "-W", "ignore::DeprecationWarning"]
PROGRAM = """
import asyncio, gc, os, ssl, sys
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL
import trustme
from martlet_connector_pool import TCPConnector
from martlet_interfaces import NO_TIMEOUTS, RequestHead

OK = b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"
tls = sys.argv[1] == "tls"
context = None
if tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

class Receiver:
    def __init__(self):
        self.done = asyncio.get_running_loop().create_future()
    def on_head(self, head, flow):
        return self
    def feed(self, data):
        pass
    def eof(self):
        self.done.set_result(None)
    def fail(self, exc):
        self.done.set_exception(exc)

async def get(connector, url):
    receiver = Receiver()
    head = RequestHead("GET", url, CIMultiDictProxy(CIMultiDict({"Host": "a"})))
    exchange = await connector.send(head, None, receiver, timeouts=NO_TIMEOUTS)
    await receiver.done
    return exchange.info("reused")

def child(connector, url):
    async def main():
        try:
            await get(connector, url)
        except RuntimeError as exc:
            assert f"belongs to process {os.getppid()}" in str(exc), exc
            assert f"its fork {os.getpid()}" in str(exc), exc
        else:
            raise AssertionError("it was used")
        await connector.close()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    loop.close()
    gc.collect()

async def main():
    connections = 0
    async def serve(reader, writer):
        nonlocal connections
        connections += 1
        try:
            while await reader.readuntil(b"\\r\\n\\r\\n"):
                writer.write(OK)
        except (asyncio.IncompleteReadError, OSError):
            pass
        writer.close()
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    url = URL(f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    connector = TCPConnector(ssl=False)
    assert await get(connector, url) is False
    pid = os.fork()
    if pid == 0:
        asyncio._set_running_loop(None)
        code = 1
        try:
            child(connector, url)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert status == 0, status
    for _ in range(20):  # what the child had sent or closed would have come by now
        await asyncio.sleep(0)
    assert await get(connector, url) is True
    assert connections == 1
    await connector.close()
    server.close()
    await asyncio.sleep(0)

asyncio.run(main())
print("well")
"""


@pytest.mark.parametrize("how", ["plain", "tls"])
def test_the_childs_end_is_not_the_parents(how: str) -> None:
    done = subprocess.run(
        [sys.executable, *WARNINGS, "-c", PROGRAM, how],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("well\n", "")


def test_in_another_process_it_touches_nothing() -> None:
    dialer = ScriptedDialer()
    connector = ScriptedConnector(dialer)
    with asyncio.Runner() as parent:
        connection = parent.run(connector.connect(head()))
        connection.release()
    connector._process = os.getppid()  # as it is in a child

    async def send() -> None:
        for _ in range(2):
            with pytest.raises(RuntimeError) as caught:
                await connector.send(head(), None, Answer(), timeouts=NO_TIMEOUTS)
            assert str(caught.value) == (
                f"ScriptedConnector belongs to process {os.getppid()}, and cannot be used"
                f" from its fork {os.getpid()}: make another one there"
            )
            with pytest.raises(RuntimeError, match="belongs to process"):
                await connector.connect(head())
        await connector.close()

    with asyncio.Runner() as child:
        child.run(send())
    assert connector.closed
    assert not dialer.closed
    (wire,) = dialer.wires
    assert not wire.is_closing()
    assert wire.writes == []


@pytest.mark.parametrize("used", ["send", "connect"])
def test_a_child_that_goes_on_with_the_same_loop_is_told_so_too(used: str) -> None:
    dialer = ScriptedDialer()
    dialer.respond = lambda wire: wire.send(OK)
    connector = ScriptedConnector(dialer)
    with asyncio.Runner() as runner:
        runner.run(connector.connect(head())).release()

        async def attempt() -> str:
            try:
                if used == "send":
                    await connector.send(head(), None, Answer(), timeouts=NO_TIMEOUTS)
                else:
                    await connector.connect(head())
            except RuntimeError as exc:
                return str(exc)
            return "it was used"

        parent = os.getpid()

        def check() -> bool:
            told = runner.get_loop().run_until_complete(attempt())
            untouched = not dialer.wires[0].is_closing() and dialer.wires[0].writes == []
            return untouched and f"belongs to process {parent}" in told

        assert in_child(check)
        # For the parent nothing has changed.
        assert connector._loop is runner.get_loop()
        answer = Answer()
        dialer.wires[0].respond = dialer.respond
        runner.run(connector.send(head(), None, answer, timeouts=NO_TIMEOUTS))
        assert len(dialer.wires) == 1
        runner.run(close(connector))


def test_a_request_that_waits_for_a_connection_in_a_child_does_not_get_one() -> None:
    dialer = ScriptedDialer()
    connector = ScriptedConnector(dialer)

    async def begin() -> "asyncio.Task[object]":
        dialer.gate = asyncio.Event()
        sending = connector.send(head(), None, Answer(), timeouts=NO_TIMEOUTS)
        task: asyncio.Task[object] = asyncio.ensure_future(sending)
        await asyncio.sleep(0)
        return task

    with asyncio.Runner() as runner:
        task = runner.run(begin())

        def check() -> bool:
            assert dialer.gate is not None
            dialer.gate.set()
            runner.get_loop().run_until_complete(asyncio.wait([task]))
            return isinstance(task.exception(), RuntimeError) and dialer.wires[0].writes == []

        assert in_child(check)
        task.cancel()
        runner.run(close(connector))


async def close(connector: ScriptedConnector) -> None:
    await connector.close()


def test_one_that_is_forgotten_in_another_process_says_nothing() -> None:
    connector = ScriptedConnector(ScriptedDialer())
    with asyncio.Runner() as parent:
        parent.run(connector.connect(head())).release()
    connector._process = os.getppid()

    del connector  # a warning would be an error
