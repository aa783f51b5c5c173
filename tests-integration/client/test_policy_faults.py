"""What goes wrong after a redirect, between attempts, in a middleware: an error, and no rest."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

import martlet

from .fault_server import Step, fin, head_only, ordinary, request, rst, send
from .world import LOOPS, LoopFactory, World, run

MOVED = b"HTTP/1.1 307 M\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"
HERE = send(MOVED)
ENDLESS = send(b"HTTP/1.1 302 M\r\nLocation: /next\r\nContent-Length: 1000000\r\n\r\nx")
CHALLENGE = b'WWW-Authenticate: Digest realm="r", qop="auth", nonce="n"\r\n'
UNFINISHED = send(b"HTTP/1.1 401 U\r\n" + CHALLENGE + b"Content-Length: 100000\r\n\r\nx")
LAST = send(b"HTTP/1.1 401 U\r\n" + CHALLENGE + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
GARBAGE = send(b"SSH-2.0-x\r\n\r\n")
SHORT = send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")


def redirect(to: str) -> Step:
    return send(f"HTTP/1.1 302 M\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())


@LOOPS
@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([request, redirect("http://127.0.0.1:1/"), ordinary], martlet.ClientConnectorError),
        ([request, redirect("http://[::2"), ordinary], martlet.InvalidUrlRedirectClientError),
        ([request, redirect("ftp://h/"), ordinary], martlet.NonHttpUrlRedirectClientError),
        ([request, redirect("http://no-such-host.invalid/"), ordinary],
         martlet.ClientConnectorDNSError),
        ([request, HERE, request, GARBAGE, fin], martlet.ClientResponseError),
        ([request, HERE, request, SHORT, fin], martlet.ClientPayloadError),
        ([request, HERE, request, SHORT, rst], martlet.ClientPayloadError),
        ([request, *[HERE, request] * 11, HERE, ordinary], martlet.TooManyRedirects),
    ],
)  # fmt: skip
def test_after_a_redirect(
    loop_factory: LoopFactory, script: Sequence[Step], error: type[Exception]
) -> None:
    async def scenario(world: World) -> None:
        with pytest.raises(error):
            await world.fetch()

    run(loop_factory, scenario, script)


@LOOPS
def test_a_hop_on_a_used_connection_that_had_gone_is_asked_for_once_more(
    loop_factory: LoopFactory,
) -> None:
    async def scenario(world: World) -> None:
        assert await world.fetch() == b"ok"
        assert len(world.server.requests) == 3

    run(loop_factory, scenario, [request, HERE, request, fin], [ordinary])


@LOOPS
def test_a_post_on_it_is_not(loop_factory: LoopFactory) -> None:
    async def scenario(world: World) -> None:
        with pytest.raises((martlet.ServerDisconnectedError, martlet.ClientOSError)):
            await world.session.post(world.url, data=b"x")
        assert len(world.server.requests) == 2

    run(loop_factory, scenario, [request, HERE, request, fin], [ordinary])


@LOOPS
def test_a_redirect_whose_body_does_not_end_costs_its_connection(
    loop_factory: LoopFactory,
) -> None:
    async def scenario(world: World) -> None:
        assert await world.fetch() == b"ok"
        assert world.server.connections == 2

    run(loop_factory, scenario, [request, ENDLESS, ordinary], [ordinary])


@LOOPS
@pytest.mark.parametrize("answer", [UNFINISHED, LAST], ids=["unfinished", "last"])
def test_a_challenge_that_costs_its_connection(loop_factory: LoopFactory, answer: Step) -> None:
    async def scenario(world: World) -> None:
        assert await world.fetch() == b"ok"
        assert b"authorization: digest" in world.server.requests[-1].lower()

    digest = martlet.DigestAuthMiddleware("me", "secret")
    run(loop_factory, scenario, [request, answer, ordinary], [ordinary], middlewares=[digest])


@LOOPS
def test_a_body_that_fails_when_it_is_sent_again(loop_factory: LoopFactory) -> None:
    async def rows() -> AsyncIterator[bytes]:
        yield b"row"
        raise LookupError("the body's own")

    async def scenario(world: World) -> None:
        with pytest.raises(LookupError, match="the body's own"):
            await world.session.post(world.url, data=rows())

    run(loop_factory, scenario, [head_only, ordinary])


async def fails_before(_: martlet.ClientRequest, __: martlet.ClientHandlerType) -> Any:
    raise LookupError("before")


async def fails_after(asked: martlet.ClientRequest, handler: martlet.ClientHandlerType) -> Any:
    await handler(asked)
    raise LookupError("after")


async def gives_nothing(asked: martlet.ClientRequest, handler: martlet.ClientHandlerType) -> Any:
    await handler(asked)


@LOOPS
@pytest.mark.parametrize(
    ("middleware", "error"),
    [(fails_before, LookupError), (fails_after, LookupError), (gives_nothing, TypeError)],
)
def test_in_a_middleware(
    loop_factory: LoopFactory, middleware: Any, error: type[Exception]
) -> None:
    async def scenario(world: World) -> None:
        with pytest.raises(error):
            await world.fetch(middlewares=[middleware])

    run(loop_factory, scenario, [request, SHORT, ordinary], [ordinary])


@LOOPS
def test_a_store_that_raises(loop_factory: LoopFactory) -> None:
    class Store(martlet.DummyCookieJar):
        def update_cookies_from_headers(self, *_: object) -> None:
            raise LookupError("the store's own")

    cookie = send(b"HTTP/1.1 302 M\r\nLocation: /\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")

    async def scenario(world: World) -> None:
        with pytest.raises(LookupError, match="the store's own"):
            await world.fetch()

    run(loop_factory, scenario, [request, cookie, ordinary], cookie_jar=Store())
