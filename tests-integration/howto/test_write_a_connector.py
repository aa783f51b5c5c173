"""The page about connectors: its files run, its commands print what it says, its claims hold."""

import asyncio
import gc
import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final

import pytest
import uvloop
import websockets
from anyio.from_thread import start_blocking_portal
from websockets.asyncio.server import ServerConnection

import martlet

from .origins import HOST, ODD_HOST, PAGE, Origins, serve_origins
from .page import Command, commands, files, shown, write_files
from .socks_server import NOT_ALLOWED, Asked, SocksServer, serve_socks

HOWTO: Final = Path(__file__).parents[2] / "docs" / "howto" / "write-a-connector.md"
COMMANDS: Final = list(commands(HOWTO))

USER: Final = ("user", "secret")
# Where the page's commands find a SOCKS server, and where they find none.
SOCKS: Final = "127.0.0.1:1080"
NOBODY: Final = "127.0.0.1:1081"

Serve = Callable[..., AbstractContextManager[SocksServer]]
MakeConnector = Callable[..., martlet.TCPConnector]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "run" in metafunc.fixturenames:
        loops = [asyncio.new_event_loop, uvloop.new_event_loop]
        metafunc.parametrize("run", loops, ids=["asyncio", "uvloop"], indirect=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the page's files."""
    made = tmp_path_factory.mktemp("page")
    write_files(HOWTO, made)
    return made


@pytest.fixture(scope="module")
def origins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origins]:
    with serve_origins(tmp_path_factory.mktemp("origins")) as served:
        yield served


@pytest.fixture(scope="module")
def serve(origins: Origins) -> Iterator[Serve]:
    """Give what runs a SOCKS server, in a thread, that knows the origins."""
    routes = {(HOST, 80): origins.http, (HOST, 443): origins.https}
    with start_blocking_portal() as portal:

        @contextmanager
        def serving(**options: Any) -> Iterator[SocksServer]:
            passwords = options.pop("passwords", dict([USER]))
            server = serve_socks(passwords=passwords, routes=routes, **options)
            with portal.wrap_async_context_manager(server) as served:
                yield served

        yield serving


@pytest.fixture
def socks(serve: Serve) -> Iterator[SocksServer]:
    with serve() as server:
        yield server


@pytest.fixture
def nobody() -> Iterator[int]:
    """Give a port that refuses connections, and that nobody takes meanwhile."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@pytest.fixture
def make(folder: Path) -> MakeConnector:
    """Give the page's `SocksConnector`."""
    spec = spec_from_file_location("socks_connector", folder / "socks_connector.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: MakeConnector = module.SocksConnector
    return found


@pytest.fixture
def trust(origins: Origins) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=origins.trusted)


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Give what runs a coroutine; afterwards nothing is left open, or the warning is an error."""
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run
    gc.collect()


def run_tool(words: list[str], folder: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    program, *arguments = words
    tools = {
        "python": [],
        "pytest": ["-m", "pytest", "-p", "no:asyncio", "-p", "no:cacheprovider"],
        "mypy": ["-m", "mypy", "--cache-dir", str(folder.parent / "mypy")],
    }
    strictly = [] if program == "mypy" else ["-W", "error"]
    kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("proxy")}
    return subprocess.run(
        [sys.executable, *strictly, *tools[program], *arguments],
        cwd=folder,
        env=kept | {"PYTHONIOENCODING": "utf-8", "PYTHONDEVMODE": "", "COLUMNS": "80"} | environ,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=50,
    )


# The page as it stands


def test_each_command_is_run() -> None:
    assert len(COMMANDS) == len(re.findall(r"^ *\$ ", HOWTO.read_text("utf-8"), re.MULTILINE)) > 5
    used = {word for command in COMMANDS for word in command.words}
    # What no command names is imported by what one does, and mypy sees all.
    assert {"say_hello.py", "fetch_by_socks.py", "test_in_process.py", "mypy"} <= used


@pytest.mark.parametrize("command", COMMANDS, ids=[command.line for command in COMMANDS])
def test_a_command_prints_what_the_page_says(
    command: Command, folder: Path, socks: SocksServer, nobody: int, origins: Origins
) -> None:
    places = {SOCKS: f"127.0.0.1:{socks.port}", NOBODY: f"127.0.0.1:{nobody}"}
    # As a message of asyncio shows an address.
    places["('127.0.0.1', 1081)"] = f"('127.0.0.1', {nobody})"

    def real(text: str) -> str:
        for written, there in places.items():
            text = text.replace(written, there)
        return text

    environ = {name: real(value) for name, value in command.environ.items()}
    environ["SSL_CERT_FILE"] = str(origins.trusted)
    done = run_tool([real(word) for word in command.words], folder, **environ)
    wanted = re.escape(real(command.printed)).replace("…", ".*")
    assert re.fullmatch(wanted, done.stdout), done.stdout + done.stderr
    assert done.returncode == 0
    assert done.stderr == ""


def test_the_smallest_connector_is_small() -> None:
    source = files(HOWTO)["hello_connector.py"]
    _imports, classes = source.split("\n\n\n", 1)
    assert len([line for line in classes.splitlines() if line]) < 60


def test_the_check_names_what_is_taken_out(folder: Path, tmp_path: Path) -> None:
    write_files(HOWTO, tmp_path)
    connector = tmp_path / "in_process.py"
    source = connector.read_text("utf-8")
    line = "        await self._flowing.wait()\n"
    assert source.count(line) == 1
    connector.write_text(source.replace(line, ""), "utf-8")
    done = run_tool(["pytest", "-q", "test_in_process.py"], tmp_path)
    assert done.returncode == 1
    printed = "".join(
        found[1] + "\n"
        for found in re.finditer(r"^E +(?:[\w.]+\.)?(\S.*)$", done.stdout, re.MULTILINE)
    )
    assert shown(HOWTO, "text")[0] == printed


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("hello_connector.py", "def abort(", "def abrt(", "say_hello.py"),
        ("in_process.py", "def pause(", "def paus(", "in_process.py"),
        ("in_process.py", "observer: Observer", "tracer: Observer", "in_process.py"),
        ("in_process.py", "def info(", "def inf(", "in_process.py"),
    ],
)
def test_mypy_tells_what_is_missing(
    file: str, old: str, new: str, told: str, folder: Path, tmp_path: Path
) -> None:
    write_files(HOWTO, tmp_path)
    line = "_: type[Connector] = InProcessConnector"
    assert f"`{line}`" in HOWTO.read_text("utf-8")
    edited = tmp_path / file
    source = edited.read_text("utf-8")
    assert old in source
    edited.write_text(source.replace(old, new), "utf-8")
    if file == "in_process.py":
        (tmp_path / "test_in_process.py").unlink()
        more = f"\n\nfrom martlet_interfaces import Connector\n\n{line}\n"
        edited.write_text(edited.read_text("utf-8") + more, "utf-8")
    done = run_tool(["mypy", "--strict", "."], tmp_path)
    assert done.returncode == 1, done.stdout
    assert f"{told}:" in done.stdout


# What the page says of its SOCKS connector


async def fetch(connector: martlet.TCPConnector, *urls: str, **options: Any) -> list[str]:
    """Get *urls*, one after the other; give the port from which each was asked for."""
    ports = []
    async with martlet.ClientSession(connector=connector, **options) as session:
        for url in urls:
            async with session.get(url) as response:
                assert response.status == 200
                assert response.headers["X-Host"] == HOST
                assert await response.read() == PAGE
                ports.append(response.headers["X-Peer-Port"])
    return ports


@pytest.mark.parametrize(("scheme", "port"), [("http", 80), ("https", 443)])
@pytest.mark.parametrize("passwords", [dict([USER]), {}], ids=["password", "open"])
def test_requests_go_through_the_server_and_share_a_connection(
    scheme: str,
    port: int,
    passwords: dict[str, str],
    serve: Serve,
    make: MakeConnector,
    trust: ssl.SSLContext,
    run: Callable[..., Any],
) -> None:
    with serve(passwords=passwords) as server:
        connector = make(server.url, ssl=trust)
        seen = run(fetch(connector, *[f"{scheme}://{HOST}/"] * 3))
        assert len(seen) == 3
        assert len(set(seen)) == 1
        # It was given the name, which leads nowhere near the origin for anybody else.
        assert server.asked == [Asked(HOST, port, USER[0] if passwords else None)]


def test_certificates_are_verified_as_ever(
    socks: SocksServer, make: MakeConnector, run: Callable[..., Any]
) -> None:
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with pytest.raises(martlet.ClientConnectorCertificateError, match=f"{HOST}:443"):
        run(fetch(make(socks.url, ssl=nobody), f"https://{HOST}/"))
    assert len(socks.asked) == 1


def test_web_sockets_go_through_it(
    socks: SocksServer, make: MakeConnector, run: Callable[..., Any]
) -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async def talk() -> int:
        async with websockets.serve(echo, "127.0.0.1", 0) as server:
            port: int = server.sockets[0].getsockname()[1]
            async with martlet.ClientSession(connector=make(socks.url)) as session:
                async with session.ws_connect(f"ws://127.0.0.1:{port}/") as ws:
                    await ws.send_str("Hello")
                    assert await ws.receive_str() == "Hello"
        return port

    port = run(talk())
    assert socks.asked == [Asked("127.0.0.1", port, USER[0])]


def test_the_limit_holds(socks: SocksServer, make: MakeConnector, run: Callable[..., Any]) -> None:
    async def at_once() -> None:
        async with martlet.ClientSession(connector=make(socks.url, limit=2)) as session:

            async def get() -> None:
                async with session.get(f"http://{HOST}/") as response:
                    assert await response.read() == PAGE

            await asyncio.gather(*(get() for _ in range(10)))

    run(at_once())
    assert 1 <= len(socks.asked) <= 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"passwords": {"user": "other"}}, "Username and password authentication failure"),
        ({"hangs_up": True}, "reset|closed"),
    ],
    ids=["wrong password", "hangs up"],
)
def test_a_server_that_lets_nobody_in_is_an_error_of_the_proxy(
    options: dict[str, Any],
    words: str,
    serve: Serve,
    make: MakeConnector,
    run: Callable[..., Any],
) -> None:
    with serve(**options) as server:
        url = f"socks5://{':'.join(USER)}@127.0.0.1:{server.port}"
        with pytest.raises(martlet.ClientProxyConnectionError, match=words) as caught:
            run(fetch(make(url), f"http://{HOST}/"))
        assert (caught.value.host, caught.value.port) == ("127.0.0.1", server.port)
        assert USER[1] not in str(caught.value)
        assert server.asked == []


def test_a_server_that_wants_a_password_is_an_error_of_the_proxy(
    socks: SocksServer, make: MakeConnector, run: Callable[..., Any]
) -> None:
    url = f"socks5://127.0.0.1:{socks.port}"
    words = "No acceptable authentication methods"
    with pytest.raises(martlet.ClientProxyConnectionError, match=words):
        run(fetch(make(url), f"http://{HOST}/"))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_server_is_an_error_of_the_proxy(
    scheme: str, nobody: int, make: MakeConnector, run: Callable[..., Any]
) -> None:
    with pytest.raises(martlet.ClientProxyConnectionError, match="Could not connect") as caught:
        run(fetch(make(f"socks5://127.0.0.1:{nobody}"), f"{scheme}://{HOST}/"))
    assert (caught.value.host, caught.value.port) == ("127.0.0.1", nobody)
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize(
    ("url", "refuse", "words"),
    [
        (f"http://{HOST}/", NOT_ALLOWED, "not allowed by ruleset"),
        (f"https://{HOST}/", NOT_ALLOWED, "not allowed by ruleset"),
        (f"http://{HOST}:9/", None, "Connection refused"),
        ("http://nowhere.example/", None, "Host unreachable"),
        (f"http://{HOST}/odd", None, "SOCKS cannot ask for it"),
    ],
)
def test_a_refusal_is_an_error_of_the_host(
    url: str,
    refuse: int | None,
    words: str,
    serve: Serve,
    make: MakeConnector,
    run: Callable[..., Any],
) -> None:
    with serve(refuse=refuse) as server:
        with pytest.raises(martlet.ClientConnectorError, match=words) as caught:
            run(fetch(make(server.url), url))
        assert not isinstance(caught.value, martlet.ClientProxyConnectionError)
        assert caught.value.host in {HOST, "nowhere.example", ODD_HOST}


def test_a_silent_server_is_a_timeout(
    serve: Serve, make: MakeConnector, run: Callable[..., Any]
) -> None:
    limits = martlet.ClientTimeout(sock_connect=0.05)
    with serve(silent=True) as server:
        with pytest.raises(martlet.ConnectionTimeoutError, match="sock_connect"):
            run(fetch(make(server.url), f"http://{HOST}/", timeout=limits))


@pytest.mark.parametrize("url", ["socks5://127.0.0.1", "ftp://127.0.0.1:1", "socks5://ü:x@h:1"])
def test_a_url_that_is_of_no_use_is_said_at_once(url: str, make: MakeConnector) -> None:
    with pytest.raises(ValueError, match=r"component|ASCII"):
        make(url)


def test_the_proxy_of_a_request_is_no_socks_server(run: Callable[..., Any]) -> None:
    async def attempt() -> None:
        async with martlet.ClientSession() as session:
            with pytest.raises(martlet.InvalidURL, match="socks5"):
                await session.get(f"http://{HOST}/", proxy="socks5://127.0.0.1:1")

    run(attempt())
