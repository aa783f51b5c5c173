"""Digest credentials, with a server that was written from RFC 7616 on its own."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

import martlet
from daemons import free_ports, running
from martlet import DigestAuthMiddleware
from system_packages import ensure

from .world import LOOPS, LoopFactory

LOGIN: Final = "Mufasa"
PASSWORD: Final = "Circle of Life"

_ALGORITHMS: Final = (
    *(None, "MD5", "MD5-sess", "SHA", "SHA-sess", "SHA-256", "SHA-256-sess"),
    *("SHA-512-256", "SHA-512-256-sess", "SHA-512"),
)
_names: Final = (f"space{number}" for number in count())


@pytest.fixture(scope="module")
def origins() -> Iterator[tuple[str, str]]:
    """Run the application at two origins."""
    ports = free_ports(2)
    with ExitStack() as stack:
        for port in ports:
            options = (
                *("-m", "uvicorn", "client.asgi_digest:app"),
                *("--app-dir", str(Path(__file__).parents[1])),
                *("--http", "httptools"),
                *("--lifespan", "off"),
                *("--log-level", "error"),
                *("--host", "127.0.0.1"),
                *("--port", str(port)),
            )
            stack.enter_context(running(Path(sys.executable), *options, ports=[port]))
        first, second = (f"http://127.0.0.1:{port}" for port in ports)
        yield first, second


class Space:
    """A protection space of the server."""

    def __init__(self, plain: martlet.ClientSession, origin: str) -> None:
        self._plain = plain
        self._name = next(_names)
        self._origin = origin
        self.path = f"/space/{self._name}"
        self.url = origin + self.path

    async def make(self, **rules: Any) -> "Space":
        async with self._plain.put(f"{self._origin}/rules/{self._name}", json=rules):
            return self

    async def log(self) -> list[str]:
        async with self._plain.get(f"{self._origin}/log/{self._name}") as response:
            events: list[str] = await response.json()
            return events


class Client:
    """A session with credentials, and one without."""

    def __init__(self, plain: martlet.ClientSession, session: martlet.ClientSession) -> None:
        self.plain = plain
        self.session = session

    async def space(self, origin: str, **rules: Any) -> Space:
        return await Space(self.plain, origin).make(**rules)

    async def ask(self, url: str, method: str = "GET", **options: Any) -> tuple[int, str]:
        async with self.session.request(method, url, **options) as response:
            return response.status, await response.text()


def run(
    scenario: Any,
    loop_factory: LoopFactory = asyncio.new_event_loop,
    login: str = LOGIN,
    password: str = PASSWORD,
    *,
    preemptive: bool = True,
) -> None:
    """Run *scenario* with a `Client`."""

    async def main() -> None:
        middleware = DigestAuthMiddleware(login, password, preemptive)
        async with (
            martlet.ClientSession() as plain,
            martlet.ClientSession(middlewares=(middleware,)) as session,
        ):
            await scenario(Client(plain, session))

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(main())


@pytest.mark.parametrize("preemptive", [True, False])
@pytest.mark.parametrize("stale", [True, False])
@pytest.mark.parametrize("userhash", [True, False])
@pytest.mark.parametrize("qop", [None, "auth", "auth-int", "auth-int, auth"])
@pytest.mark.parametrize("algorithm", _ALGORITHMS)
def test_all_that_servers_ask_for(
    origins: tuple[str, str],
    algorithm: str | None,
    qop: str | None,
    *,
    userhash: bool,
    stale: bool,
    preemptive: bool,
) -> None:
    rules = {"algorithm": algorithm, "qop": qop, "userhash": userhash, "uses": 1 if stale else None}

    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], **rules)
        for target in ("", "/x/?a=b%20c&d", "/%C3%BC?%22"):
            assert await client.ask(space.url + target) == (200, "welcome")
        assert await client.ask(space.url, "POST", data=b"body") == (200, "body")
        if not preemptive:
            # A new nonce each time, which is never too old.
            assert await space.log() == ["asked", "welcome"] * 4
        elif stale:
            assert await space.log() == ["asked", "welcome", *["stale", "welcome"] * 3]
        else:
            assert await space.log() == ["asked", *["welcome"] * 4]

    run(scenario, preemptive=preemptive)


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256-sess"])
@pytest.mark.parametrize("qop", [None, "auth", "auth-int"])
def test_the_next_nonce(origins: tuple[str, str], algorithm: str, qop: str | None) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], algorithm=algorithm, qop=qop, next_nonce=True)
        for _ in range(4):
            assert await client.ask(space.url) == (200, "welcome")
        assert await space.log() == ["asked", *["welcome"] * 4]

    run(scenario)


@pytest.mark.parametrize("userhash", [True, False])
@pytest.mark.parametrize("utf8", [True, False])
def test_names_in_utf_8(origins: tuple[str, str], *, userhash: bool, utf8: bool) -> None:
    login, password = "J\xe4s\xf8n Doe", "Secret, or n\xf6t?"
    rules = {"login": login, "password": password, "userhash": userhash, "utf8": utf8}

    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], algorithm="SHA-512-256", qop="auth", **rules)
        assert await client.ask(space.url) == (200, "welcome")

    # Decomposed, as some keyboards send it, where the server has said what it wants.
    given = "Ja\u0308s\xf8n Doe" if utf8 else login
    run(scenario, login=given, password=password)


@pytest.mark.parametrize("login", ['a"b', "a\\", "a b", "'"])
def test_names_with_quotes(origins: tuple[str, str], login: str) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop="auth", login=login, utf8=True)
        assert await client.ask(space.url) == (200, "welcome")

    run(scenario, login=login)


@LOOPS
def test_wrong_passwords_are_tried_once(
    origins: tuple[str, str], loop_factory: LoopFactory
) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop="auth")
        for _ in range(2):
            assert await client.ask(space.url) == (401, "no" * 100)
        assert await space.log() == ["asked", "refused"] * 2

    run(scenario, loop_factory, password="another")


@LOOPS
def test_concurrent_requests(origins: tuple[str, str], loop_factory: LoopFactory) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop="auth", algorithm="SHA-256", in_order=False)
        assert await client.ask(space.url) == (200, "welcome")
        answers = await asyncio.gather(*(client.ask(f"{space.url}/{n}") for n in range(50)))
        assert answers == [(200, "welcome")] * 50
        assert await space.log() == ["asked", *["welcome"] * 51]

    run(scenario, loop_factory)


@LOOPS
def test_concurrent_requests_that_are_all_asked(
    origins: tuple[str, str], loop_factory: LoopFactory
) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(
            origins[0], qop="auth", algorithm="MD5-sess", in_order=False, uses=2
        )
        answers = await asyncio.gather(*(client.ask(f"{space.url}/{n}") for n in range(20)))
        assert answers == [(200, "welcome")] * 20
        assert not [event for event in await space.log() if event.startswith("wrong")]

    run(scenario, loop_factory)


async def pieces() -> AsyncIterator[bytes]:
    for number in range(10):
        yield b"%d" % number


@LOOPS
@pytest.mark.parametrize("qop", ["auth", "auth-int"])
def test_bodies(
    origins: tuple[str, str], tmp_path: Path, qop: str, loop_factory: LoopFactory
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"of a file" * 1000)

    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop=qop, algorithm="SHA-256")
        # It cannot be sent twice.
        assert await client.ask(space.url, "PUT", data=pieces()) == (401, "who are you?")
        with path.open("rb") as file:
            assert await client.ask(space.url, "PUT", data=file) == (200, path.read_text())
        assert await client.ask(space.url, "POST", data={"a": "b"}) == (200, "a=b")
        assert await client.ask(space.url, "POST", json={}) == (200, "{}")
        if qop == "auth":
            assert await client.ask(space.url, "PUT", data=pieces()) == (200, "0123456789")
        else:
            assert await client.ask(space.url, "PUT", data=pieces()) == (401, "who are you?")
        assert not [event for event in await space.log() if event.startswith("wrong")]

    run(scenario, loop_factory)


@pytest.mark.parametrize("qop", ["auth", "auth-int"])
@pytest.mark.parametrize("size", [10, 300_000])
def test_compressed_bodies(origins: tuple[str, str], qop: str, size: int) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop=qop)
        async with client.session.put(space.url, data=bytes(size), compress="gzip") as response:
            # What is compressed while it is sent has no hash before.
            assert response.status == (401 if (qop, size) == ("auth-int", 300_000) else 200)
            await response.read()
        assert not [event for event in await space.log() if event.startswith("wrong")]

    run(scenario)


@LOOPS
@pytest.mark.parametrize("status", [302, 307])
def test_redirects_to_another_origin(
    origins: tuple[str, str], status: int, loop_factory: LoopFactory
) -> None:
    async def scenario(client: Client) -> None:
        here = await client.space(origins[0], qop="auth", domain=f"/ {origins[1]}/")
        there = await client.space(origins[1], qop="auth", algorithm="SHA-256")
        url = f"{here.url}?status={status}&to={there.url}"
        # It asks, and gets nothing that it could try out passwords on.
        assert (await client.ask(url))[0] == 401
        assert await here.log() == ["asked", "welcome"]
        assert await there.log() == ["asked"]
        assert await client.ask(there.url) == (200, "welcome")
        assert (await client.ask(url))[0] == 401
        assert await here.log() == ["asked", "welcome", "welcome"]
        assert await there.log() == ["asked", "asked", "welcome", "asked"]

    run(scenario, loop_factory)


def test_redirects_within_the_origin(origins: tuple[str, str]) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop="auth")
        url = f"{space.url}/a?to={space.path}/b"
        assert await client.ask(url) == (200, "welcome")
        assert await space.log() == ["asked", "welcome", "welcome"]

    run(scenario)


def test_domains(origins: tuple[str, str]) -> None:
    async def scenario(client: Client) -> None:
        space = Space(client.plain, origins[0])
        await space.make(qop="auth", domain=f"{space.path}/in {origins[1]}/")
        for path in ("/in", "/in/x", "/inner", "/in?x"):
            assert await client.ask(space.url + path) == (200, "welcome")
        assert await space.log() == ["asked", "welcome", "welcome", "asked", *["welcome"] * 2]

    run(scenario)


def test_the_best_of_several_challenges(origins: tuple[str, str]) -> None:
    others = [
        'Basic realm="x"',
        'Digest realm="x", nonce="x", algorithm=MD5, qop="auth"',
        'Digest realm="x", nonce="x", algorithm=SHA3-512, qop="auth"',
        'Digest realm="x", nonce="x", algorithm=SHA-512, qop="auth-conf", Negotiate',
    ]

    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop="auth", algorithm="SHA-256", others=others)
        assert await client.ask(space.url) == (200, "welcome")
        assert await space.log() == ["asked", "welcome"]

    run(scenario)


def test_a_basic_challenge_is_not_answered(origins: tuple[str, str]) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], algorithm="none", others=['Basic realm="x"'])
        assert await client.ask(space.url) == (401, "who are you?")
        assert await space.log() == ["asked"]

    run(scenario)


@pytest.mark.parametrize("algorithm", ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"])
def test_the_server_understands_curl(origins: tuple[str, str], algorithm: str) -> None:
    async def scenario(client: Client) -> None:
        space = await client.space(origins[0], qop="auth", algorithm=algorithm)
        options = ("-q", "--silent", "--noproxy", "*", "--digest", "-u", f"{LOGIN}:{PASSWORD}")
        command = (ensure("curl"), *options, f"{space.url}/x?y")
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        output, _ = await process.communicate()
        assert output == b"welcome"
        assert await space.log() == ["asked", "welcome"]

    run(scenario)
