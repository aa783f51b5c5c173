"""Whichever call fails, of the system or for memory, the request ends well or with its error.

Each scenario runs once to see which calls it makes, and then once for each of them and for
each way in which it may fail: only that one, or it and all of its kind after it.
"""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple

import pytest
from yarl import URL

from martlet_connector_pool import TCPConnector
from martlet_exceptions import ClientConnectionError, ClientError
from martlet_interfaces import RequestBody, Timeouts

from .bodies import Pieces
from .fallible import ERRORS, FallibleLoop, Shim, installed
from .loopback import LoopbackServer, client_context
from .net import head
from .scripted import Answer
from .virtual_time import StuckError

CONTEXT: Final = client_context()
LIMITS: Final = Timeouts(connect=5, sock_connect=3, sock_read=2, head=7)
# asyncio sets an option when its transport is half made. If that fails, the transport keeps
# the number of its descriptor until it is collected; so this is tried apart.
NODELAY: Final = "socket.setsockopt"
# Cleaning up takes iterations of the loop, but never time.
FEW: Final = 10


class World:
    """What a scenario gets: a server, which is a proxy too, and a connector."""

    def __init__(self, tls: bool, options: dict[str, Any]) -> None:
        self.server = LoopbackServer(tls=tls)
        self.scheme = "https" if tls else "http"
        self.connector = TCPConnector(ssl=CONTEXT, **options)

    async def fetch(
        self,
        path: str = "",
        *,
        host: str = "127.0.0.1",
        method: str = "GET",
        body: RequestBody | bytes | None = None,
    ) -> None:
        """Make a request, and see that the answer is right."""
        await self._send(f"{self.scheme}://{host}:{self.server.port}/{path}", method, body)

    async def fetch_by_proxy(self, url: str) -> None:
        """Make a request to *url* by way of the server."""
        proxy = URL(f"{self.scheme}://127.0.0.1:{self.server.port}")
        await self._send(url, "GET", None, proxy=proxy)

    async def _send(
        self, url: str, method: str, body: RequestBody | bytes | None, **options: Any
    ) -> None:
        answer = Answer()
        request = head(method, url, **options)
        await self.connector.send(request, body, answer, timeouts=LIMITS)
        assert await answer.read() == (b"abcdef" if url.endswith("pieces") else b"ok")


class Scenario(NamedTuple):
    name: str
    act: Callable[[World], Awaitable[object]]
    """Its calls may fail."""
    prepare: Callable[[World], Awaitable[object]] | None = None
    tls: bool = False
    options: dict[str, Any] = {}  # noqa: RUF012  # never changed
    fails: bool = False
    """Whether it ends with an error even if none of its calls fails."""


async def get(world: World) -> None:
    await world.fetch()


async def get_chunked(world: World) -> None:
    await world.fetch("pieces")


async def post(world: World) -> None:
    await world.fetch(method="POST", body=Pieces([b"one", b"two"]))


async def put_much(world: World) -> None:
    await world.fetch(method="PUT", body=bytes(200_000))


async def get_by_name(world: World) -> None:
    await world.fetch(host="localhost")


async def leave_stale(world: World) -> None:
    await world.fetch()
    world.server.drops = 1


async def queue(world: World) -> Sequence[object]:
    return await asyncio.gather(*(world.fetch() for _ in range(3)), return_exceptions=True)


async def by_proxy(world: World) -> None:
    await world.fetch_by_proxy("http://origin.test/")


async def by_tunnel(world: World) -> None:
    await world.fetch_by_proxy("https://origin.test/")


async def get_and_close(world: World) -> None:
    try:
        await world.fetch()
    finally:
        await world.connector.close()


async def close_under_way(world: World) -> Sequence[object]:
    requests = asyncio.gather(*(world.fetch() for _ in range(2)), return_exceptions=True)
    for _ in range(4):
        await asyncio.sleep(0)
    await world.connector.close()
    return await requests


ONE: Final = {"limit": 1}
SCENARIOS: Final = [
    Scenario("plain", get),
    Scenario("tls", get, tls=True),
    Scenario("warm", get, get),
    Scenario("warm tls", get, get, tls=True),
    Scenario("post", post),
    Scenario("post tls", post, tls=True),
    Scenario("large put", put_much),
    Scenario("large put tls", put_much, tls=True),
    Scenario("warm post", post, get),
    Scenario("warm post tls", post, get, tls=True),
    Scenario("chunked", get_chunked),
    Scenario("chunked tls", get_chunked, tls=True),
    Scenario("dns", get_by_name),
    Scenario("dns tls", get_by_name, tls=True),
    Scenario("retry", get, leave_stale),
    Scenario("retry tls", get, leave_stale, tls=True),
    Scenario("queue", queue, options=ONE),
    Scenario("queue tls", queue, tls=True, options=ONE),
    Scenario("make room", get_by_name, get, options=ONE),
    Scenario("make room tls", get_by_name, get, tls=True, options=ONE),
    Scenario("too many files", get_by_name, get),
    Scenario("local address", get, options={"local_addr": ("127.0.0.1", 0)}),
    Scenario("proxy", by_proxy),
    Scenario("tls proxy", by_proxy, tls=True),
    Scenario("tunnel", by_tunnel),
    Scenario("tls in tls", by_tunnel, tls=True),
    Scenario("warm tls in tls", by_tunnel, by_tunnel, tls=True),
    Scenario("close", get_and_close),
    Scenario("close tls", get_and_close, tls=True),
    Scenario("close under way", close_under_way, fails=True),
    Scenario("close under way tls", close_under_way, tls=True, fails=True),
]


def may_come_out(end: object, scenario: Scenario, shim: Shim) -> bool:
    """Tell whether *end* is right: a result, a documented error, or the lack of memory itself."""
    if isinstance(end, ClientError):
        return scenario.fails or shim.raised != []
    return not isinstance(end, BaseException) or (
        isinstance(end, MemoryError) and end in shim.raised
    )


async def settled(condition: Callable[[], bool]) -> bool:
    for _ in range(FEW):
        if condition():
            return True
        await asyncio.sleep(0)
    return condition()


async def what_stays(world: World, shim: Shim) -> list[str]:
    """Name what is left of a scenario that is over, and does not belong there."""
    connector, faults = world.connector, []
    leases = connector._leases
    assert leases is not None
    pool = leases.pool

    def quiet() -> bool:
        used = pool.slots.used
        return used == len(pool.idle) == len(pool._members) and not len(pool.waiters)

    if not await settled(quiet):
        faults.append(f"{pool!r} stays")
    if not connector.closed and not connector._deadlines.idle:
        faults.append("a timer stays")
    faults += await next_fails(world)
    closing = asyncio.ensure_future(connector.close())
    if not await settled(closing.done):
        closing.cancel()
        faults.append(f"close() waits for {leases.connections or leases._dials}")
    if pool.slots.used or pool.slots.used_by_host or leases.connections or leases._dials:
        faults.append(f"{pool!r}, {leases.connections}, {leases._dials} after close")

    def sockets() -> list[Any]:
        return [sock for ref in shim.sockets if (sock := ref()) is not None and sock.fileno() >= 0]

    if not await settled(lambda: not sockets()):
        faults.append(f"{sockets()} open")
    return faults


async def next_fails(world: World) -> list[str]:
    """Make the next request; tell if that goes wrong."""
    world.server.drops = 0
    try:
        await world.fetch()
    except ClientConnectionError as exc:
        if world.connector.closed and str(exc) == "Connector is closed":
            return []
        return [f"the next request: {exc!r}"]
    except Exception as exc:  # noqa: BLE001  # whatever it is, it is reported
        return [f"the next request: {exc!r}"]
    return []


async def live(scenario: Scenario, shim: Shim) -> list[str]:
    """Run *scenario* with *shim*; name all that is wrong after it."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FallibleLoop)
    world = World(scenario.tls, scenario.options)
    try:
        if scenario.prepare is not None:
            await scenario.prepare(world)
        shim.on = True
        outcome: object
        try:
            outcome = await scenario.act(world)
        except Exception as exc:  # noqa: BLE001  # judged below
            outcome = exc
        for _ in range(FEW):
            await asyncio.sleep(0)
        shim.on = False
        ends = outcome if isinstance(outcome, list) else [outcome]
        faults = [f"{end!r} came out" for end in ends if not may_come_out(end, scenario, shim)]
        del outcome, ends
        for raised in shim.raised:  # it holds on to what it went through
            raised.__traceback__ = None
        if shim.failed == NODELAY:
            gc.collect()
        faults += await what_stays(world, shim)
    finally:
        world.server.close()
    gc.collect()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        faults.append(f"{others} stay")
    for complaint in loop.complaints:
        # asyncio itself tells of what is no OSError, and closes the connection.
        if complaint.get("exception") not in shim.raised:
            faults.append(f"complaint: {complaint}")
    return faults


def run(scenario: Scenario, shim: Shim) -> list[str]:
    """Run *scenario* in a loop of its own; name all that is wrong after it."""
    unraisable: list[str] = []
    hook = sys.unraisablehook
    sys.unraisablehook = lambda args: unraisable.append(f"unraisable: {args.exc_value!r}")
    try:
        # The debug mode of `-X dev` would cost more than everything else here.
        with (
            installed(shim),
            asyncio.Runner(loop_factory=FallibleLoop, debug=False) as runner,
        ):
            faults = runner.run(live(scenario, shim))
    except StuckError:
        faults = ["it hangs"]
    finally:
        sys.unraisablehook = hook
    return faults + unraisable


def inject(scenario: Scenario, calls: Callable[[str], bool]) -> tuple[int, list[str]]:
    """Let each of *scenario*'s *calls* fail; give the number of failures, and what was wrong."""
    whole = Shim()
    assert run(scenario, whole) == []
    count, faults = 0, []
    for number, name in enumerate(whole.names, 1):
        for make in ERRORS[name] if calls(name) else ():
            for lasting in (False, True):
                shim = Shim(number, make, lasting=lasting)
                wrong = run(scenario, shim)
                assert shim.names[:number] == whole.names[:number]
                assert shim.raised
                count += 1
                what = f"{name} ({number}) {shim.raised[0]!r}{' and on' if lasting else ''}"
                faults += [f"{what}: {fault}" for fault in wrong]
    return count, faults


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_whichever_call_fails(scenario: Scenario) -> None:
    count, faults = inject(scenario, lambda name: name != NODELAY)

    assert count >= 8
    assert faults == [], "\n".join(faults)


def test_the_failures_are_many() -> None:
    count = 0
    for scenario in SCENARIOS:
        whole = Shim()
        assert run(scenario, whole) == []
        count += sum(2 * len(ERRORS[name]) for name in whole.names if name != NODELAY)

    assert count >= 2000


@pytest.mark.parametrize("scenario", SCENARIOS[:2], ids=lambda scenario: scenario.name)
def test_an_option_of_the_socket_cannot_be_set(scenario: Scenario) -> None:
    count, faults = inject(scenario, lambda name: name == NODELAY)

    assert count >= 4
    left_by_asyncio = "unraisable: ResourceWarning('unclosed transport "
    assert [fault for fault in faults if left_by_asyncio not in fault] == []
