"""Cancelling in every iteration of the loop where policies are at work: nothing stays behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

import martlet

from .fault_server import Step, fin, head_only, ordinary, request, send
from .test_cancel_everywhere import SCENARIOS as PLAIN
from .test_cancel_everywhere import Action, Scenario, points
from .world import LOOPS, LoopFactory, World

BODY = b"b" * 300_000
GONE = (martlet.ServerDisconnectedError, martlet.ClientOSError)


def redirect(status: int = 302, to: str = "/next", body: bytes = b"") -> Step:
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: {len(body)}\r\n\r\n"
    return send(head.encode() + body)


def status(code: int, *fields: str) -> Step:
    lines = "".join(f"{field}\r\n" for field in fields)
    return send(f"HTTP/1.1 {code} No\r\nContent-Length: 0\r\n{lines}\r\n".encode())


DIGEST = status(401, 'WWW-Authenticate: Digest realm="r", qop="auth", nonce="n", algorithm=MD5')
BUSY = status(503)
COOKIE = send(b"HTTP/1.1 302 M\r\nLocation: /\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")


async def rows() -> AsyncIterator[bytes]:
    for _ in range(3):
        await asyncio.sleep(0)
        yield b"row"


def asking(method: str = "GET", **options: Any) -> Callable[[World], Awaitable[Action]]:
    """Make a request that ends well."""

    async def prepare(world: World) -> Action:
        async def action() -> None:
            data = options.get("data")
            given = options | ({"data": data()} if callable(data) else {})
            async with world.session.request(method, world.url, **given) as response:
                assert await response.read() in {b"ok", b""}

        return action()

    return prepare


async def warm(world: World) -> Action:
    await world.fetch()
    return world.fetch()


async def single_entered(world: World) -> Action:
    async def action() -> None:
        async with martlet.request("GET", world.url) as response:
            assert await response.read() == b"ok"

    return action()


async def single_awaited(world: World) -> Action:
    async def action() -> None:
        response = await martlet.request("GET", world.url)
        assert await response.read() == b"ok"

    return action()


async def awaited(world: World) -> Action:
    async def action() -> None:
        response = await world.session.get(world.url)
        await response.read()
        await response.release()

    return action()


async def closed_while_redirected(world: World) -> Action:
    async def close() -> None:
        for _ in range(6):
            await asyncio.sleep(0)
        await world.session.close()

    async def action() -> None:
        world.beside(close())
        await world.fetch()

    return action()


async def slow(
    asked: martlet.ClientRequest, handler: martlet.ClientHandlerType
) -> martlet.ClientResponse:
    await asyncio.sleep(0)
    response = await handler(asked)
    await asyncio.sleep(0)
    return response


async def twice(
    asked: martlet.ClientRequest, handler: martlet.ClientHandlerType
) -> martlet.ClientResponse:
    first = await handler(asked)
    await first.read()
    first.release()
    return await handler(asked)


async def replacing(
    asked: martlet.ClientRequest, handler: martlet.ClientHandlerType
) -> martlet.ClientResponse:
    await asked.update_body(b"another")
    return await handler(asked)


async def fails(
    asked: martlet.ClientRequest, handler: martlet.ClientHandlerType
) -> martlet.ClientResponse:
    await handler(asked)
    await asyncio.sleep(0)
    raise LookupError("the middleware's own")


async def at_once(
    asked: martlet.ClientRequest, handler: martlet.ClientHandlerType
) -> martlet.ClientResponse:
    first, second = await asyncio.gather(handler(asked), handler(asked))
    second.close()
    return first


async def checked(response: martlet.ClientResponse) -> None:
    await asyncio.sleep(0)
    response.raise_for_status()


def by(*middlewares: martlet.ClientMiddlewareType) -> Callable[[], dict[str, Any]]:
    return lambda: {"middlewares": middlewares}


def retrying() -> dict[str, Any]:
    backoff = martlet.ExponentialBackoff(first=0.0)
    return {"middlewares": [martlet.RetryMiddleware(3, backoff=backoff, jitter=False)]}


def digesting() -> dict[str, Any]:
    return {"middlewares": [martlet.DigestAuthMiddleware("me", "secret")]}


def traced(*names: str) -> Callable[[], dict[str, Any]]:
    async def hear(_: martlet.ClientSession, __: SimpleNamespace, ___: object) -> None:
        await asyncio.sleep(0)

    def options() -> dict[str, Any]:
        config = martlet.TraceConfig()
        for name in names:
            getattr(config, name).append(hear)
        return {"trace_configs": [config]}

    return options


EVERYTHING = (
    "on_request_start", "on_request_end", "on_request_exception", "on_request_redirect",
    "on_request_headers_sent", "on_request_chunk_sent", "on_response_chunk_received",
    "on_connection_create_start", "on_connection_create_end", "on_connection_reuseconn",
)  # fmt: skip
WHOLE = traced(*EVERYTHING)
SCENARIOS = [
    Scenario("a redirect", asking(), [[request, redirect(), ordinary]]),
    Scenario("a redirect over TLS", asking(), [[request, redirect(), ordinary]], tls=True),
    Scenario("three redirects", asking(), [[request, redirect()] * 3 + [ordinary]]),
    Scenario("a redirect with a body", asking(), [[request, redirect(body=b"x" * 99), ordinary]]),
    Scenario("a redirect to a new connection", asking(), [[request, redirect(), fin], [ordinary]]),
    Scenario("a redirect that sets a cookie", asking(), [[request, COOKIE, ordinary]]),
    Scenario(
        "too many redirects",
        asking(max_redirects=1),
        [[request, redirect()] * 2 + [ordinary]],
        fails=martlet.TooManyRedirects,
    ),
    Scenario(
        "a redirect to nowhere",
        asking(),
        [[request, redirect(to="http://"), ordinary]],
        fails=martlet.InvalidUrlRedirectClientError,
    ),
    Scenario(
        "a POST that becomes a GET", asking("POST", data=b"x"), [[request, redirect(303), ordinary]]
    ),
    Scenario(
        "a body that is sent again", asking("PUT", data=BODY), [[request, redirect(307), ordinary]]
    ),
    Scenario(
        "a body that cannot be sent again",
        asking("POST", data=rows),
        [[head_only, redirect(307), fin]],
        fails=(martlet.ClientPayloadError, *GONE),
    ),
    Scenario(
        "an early redirect",
        asking("PUT", data=BODY),
        [[head_only, redirect(307), fin], [ordinary]],
        fails=GONE,
    ),
    Scenario(
        "a redirect that is not followed",
        asking(allow_redirects=False),
        [[request, redirect(), ordinary]],
    ),
    Scenario(
        "a redirect, and the session is closed",
        closed_while_redirected,
        [[request, redirect()] * 9 + [ordinary]],
        fails=martlet.ClientConnectionError,
    ),
    Scenario("credentials", asking(auth=("me", "secret"))),
    Scenario("cookies of the request", asking(cookies={"a": "b"})),
    Scenario("a digest", asking(), [[request, DIGEST, ordinary]], session=digesting),
    Scenario(
        "a digest, and a body",
        asking("PUT", data=b"x"),
        [[request, DIGEST, ordinary]],
        session=digesting,
    ),
    Scenario(
        "a digest on a new connection",
        asking(),
        [[request, DIGEST, fin], [ordinary]],
        session=digesting,
    ),
    Scenario("a retry after a status", asking(), [[request, BUSY, ordinary]], session=retrying),
    Scenario(
        "a retry after a failure",
        asking(),
        [[request, fin], [ordinary]],
        session=retrying,
        fails=GONE,
    ),
    Scenario(
        "retries of an upload",
        asking("PUT", data=BODY),
        [[request, BUSY] * 2 + [ordinary]],
        session=retrying,
    ),
    Scenario("retries that end", asking(), [[request, BUSY] * 3 + [ordinary]], session=retrying),
    Scenario("a middleware", asking(), session=by(slow)),
    Scenario("two middlewares, warm", warm, session=by(slow, slow)),
    Scenario("a middleware that asks twice", asking(), session=by(twice)),
    Scenario("a middleware that asks for two at once", asking(), session=by(at_once)),
    Scenario(
        "a middleware that replaces the body", asking("POST", data=b"x"), session=by(replacing)
    ),
    Scenario(
        "a middleware that asks twice, and redirects",
        asking(),
        [[request, redirect(), ordinary]],
        session=by(twice),
    ),
    Scenario("all signals", asking(), session=WHOLE),
    Scenario("all signals, warm", warm, session=WHOLE),
    Scenario("all signals of an upload", asking("PUT", data=BODY), session=WHOLE),
    Scenario(
        "all signals of a redirect", asking(), [[request, redirect(), ordinary]], session=WHOLE
    ),
    Scenario("all signals of a failure", asking(), [[request, fin]], session=WHOLE, fails=GONE),
    Scenario("start and end", warm, session=traced("on_request_start", "on_request_end")),
    Scenario(
        "a status that is raised",
        asking(raise_for_status=True),
        [[request, BUSY, ordinary]],
        fails=martlet.ClientResponseError,
    ),
    Scenario("a check of the status", asking(raise_for_status=checked)),
    Scenario(
        "a check that raises",
        asking(raise_for_status=checked),
        [[request, BUSY, ordinary]],
        fails=martlet.ClientResponseError,
    ),
    Scenario("a generator", asking("POST", data=rows, headers={"Content-Length": "9"})),
    Scenario("a single request, entered", single_entered),
    Scenario("a single request, awaited", single_awaited),
    Scenario("an awaited request", awaited),
]


@LOOPS
@pytest.mark.parametrize("in_its_tick", [False, True], ids=["while", "in"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_nothing_stays_behind(
    loop_factory: LoopFactory, scenario: Scenario, in_its_tick: bool
) -> None:
    count = points(loop_factory, scenario, in_its_tick)
    print(f"{count} points")
    assert count >= 2


def test_there_are_as_many_as_there_should_be() -> None:
    assert len(SCENARIOS) + len(PLAIN) >= 60
