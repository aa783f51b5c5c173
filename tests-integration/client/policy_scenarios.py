"""Requests that the session's policies have something to do for, each to be cancelled anywhere."""

import asyncio
import io
from collections.abc import Callable, Coroutine
from typing import Any, Final, NamedTuple

import pytest

import martlet
from martlet.abc import ClientHandlerType

from .test_cancel_everywhere import SlowResolver
from .world import World

__all__ = ["LIMIT", "Policy", "following"]

# Seconds that no scenario takes; its clock may be put forward by as much.
LIMIT: Final = 1000.0


class Policy(NamedTuple):
    """What is cancelled, in a session of its own."""

    name: str
    act: Callable[[World], Coroutine[Any, Any, object]]
    session: Callable[[], dict[str, Any]] = dict
    warm: bool = False
    tls: bool = False
    limit: int = 100
    resolve: bool = False
    fails: tuple[type[BaseException], ...] = ()
    """What may come out instead of a result or the cancellation."""

    @property
    def connector(self) -> dict[str, Any]:
        """The options of its connector."""
        resolver = {"resolver": SlowResolver()} if self.resolve else {}
        return {"limit": self.limit, **resolver}


Act = Callable[[World], Coroutine[Any, Any, None]]


def asking(
    path: str,
    *,
    status: int = 200,
    method: str = "GET",
    expected: bytes | None = b"ok",
    options: Callable[[World], dict[str, Any]] = lambda _: {},
) -> Act:
    """Make a request that is answered with *status* and *expected*."""

    async def act(world: World) -> None:
        url = world.server.url + path
        async with world.session.request(method, url, **options(world)) as response:
            assert response.status == status
            body = await response.read()
        assert expected is None or body == expected

    return act


def failing(path: str, error: type[BaseException], **options: Any) -> Act:
    """Make a request that ends in *error*."""
    asked = asking(path, **options)

    async def act(world: World) -> None:
        with pytest.raises(error):
            await asked(world)

    return act


# Redirects


async def following(redirect: martlet.Redirect) -> bool:
    return True


def decide(redirect: martlet.Redirect) -> bool:
    return redirect.url.path != "/hop/1"


async def closed_on_the_way(world: World) -> None:
    async def close() -> None:
        for _ in range(9):
            await asyncio.sleep(0)
        await world.session.close()

    world.beside(close())
    await asking("hop/6")(world)


async def read_by_pieces(world: World) -> None:
    timeout = martlet.ClientTimeout(total=LIMIT, sock_read=3 * LIMIT)
    async with world.session.get(world.url + "slow", timeout=timeout) as response:
        pieces = [piece async for piece in response.content.iter_chunked(2)]
    assert b"".join(pieces) == b"abcdef"


def given_cookies(world: World) -> dict[str, Any]:
    return {"cookies": {"own": "1"}}


def bytes_body(world: World) -> dict[str, Any]:
    return {"data": b"ok"}


REDIRECTS: Final = [
    Policy("a chain of redirects", asking("hop/6"), warm=True),
    Policy("redirects over TLS", asking("hop/3"), tls=True),
    Policy("redirects to other hosts", asking("away/4"), resolve=True),
    Policy("redirects to other hosts, one at a time", asking("away/3"), resolve=True, limit=1),
    Policy("a redirect with a body without an end", asking("unread/2"), limit=1),
    Policy("redirects that set cookies", asking("cookie/3"), session=lambda: {"cookies": {"a": "b"}}),
    Policy("redirects with cookies of the request", asking("hop/2", options=given_cookies)),
    Policy("a policy that says where to stop", asking("hop/2", status=302, expected=b"moved"),
           session=lambda: {"redirect_policy": decide}),
    Policy("too many redirects", failing("hop/4", martlet.TooManyRedirects,
           options=lambda _: {"max_redirects": 2})),
    Policy("303 after POST", asking("see/2", method="POST", options=bytes_body)),
    Policy("307 with bytes", asking("keep/2", method="POST", options=bytes_body)),
    Policy("the session is closed within redirects", closed_on_the_way,
           fails=(martlet.ClientConnectionError, RuntimeError)),
    Policy("a relative URL, redirected", lambda world: relative(world)),
    Policy("a body by pieces within a total timeout", read_by_pieces),
]  # fmt: skip


async def relative(world: World) -> None:
    session = martlet.ClientSession(
        world.server.url + "hop/",
        connector=world.session.connector,
        connector_owner=False,
        timeout=LIMIT,
    )
    async with session, session.get("2") as response:
        assert await response.read() == b"ok"


# Retries


def retrying(**options: Any) -> Callable[[], dict[str, Any]]:
    options = {"backoff": lambda _: 0.0, "budget": None, **options}
    return lambda: {"middlewares": [martlet.RetryMiddleware(**options)]}


def file_body(world: World) -> dict[str, Any]:
    return {"data": io.BytesIO(b"ok" * 40_000)}


async def refused(world: World) -> None:
    # Nobody listens on port 1.
    with pytest.raises(martlet.ClientConnectorError):
        await world.fetch("http://127.0.0.1:1/")


RETRIES: Final = [
    Policy("503 twice", asking("flaky/2"), session=retrying()),
    Policy("503 too often", asking("flaky/9", status=503, expected=b"later"), session=retrying()),
    Policy("a connection is dropped twice", asking("drop/2"), session=retrying(), warm=True),
    Policy("dropped over TLS", asking("drop/2"), session=retrying(), tls=True),
    Policy("503 for a file", asking("flaky/2", method="PUT", expected=b"ok" * 40_000,
           options=file_body), session=retrying()),
    Policy("a wait before a retry", asking("flaky/1"),
           session=retrying(backoff=lambda _: 0.0005, jitter=False)),
    Policy("refused each time", refused, session=retrying()),
]  # fmt: skip


# Middlewares


async def awaits(
    request: martlet.ClientRequest, handler: ClientHandlerType
) -> martlet.ClientResponse:
    await asyncio.sleep(0)
    request.headers["X-Seen"] = "1"
    response = await handler(request)
    await asyncio.sleep(0)
    return response


async def asks_twice(
    request: martlet.ClientRequest, handler: ClientHandlerType
) -> martlet.ClientResponse:
    first = await handler(request)
    first.release()
    await asyncio.sleep(0)
    return await handler(request)


async def asks_at_once(
    request: martlet.ClientRequest, handler: ClientHandlerType
) -> martlet.ClientResponse:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_one(request, handler)) for _ in range(3)]
    first, *others = [task.result() for task in tasks]
    for other in others:
        other.release()
    return first


async def _one(
    request: martlet.ClientRequest, handler: ClientHandlerType
) -> martlet.ClientResponse:
    return await handler(request)


async def fetches_a_token(
    request: martlet.ClientRequest, handler: ClientHandlerType
) -> martlet.ClientResponse:
    token = request.url.with_path("/slow")
    async with request.session.get(token, middlewares=()) as response:
        request.headers["Authorization"] = await response.text()
    return await handler(request)


async def replaces_the_body(
    request: martlet.ClientRequest, handler: ClientHandlerType
) -> martlet.ClientResponse:
    await request.update_body(io.BytesIO(b"other"))
    return await handler(request)


async def reads_the_response(
    request: martlet.ClientRequest, handler: ClientHandlerType
) -> martlet.ClientResponse:
    response = await handler(request)
    await response.read()
    return response


def seen_by(*middlewares: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"middlewares": middlewares}


def all_of_them() -> dict[str, Any]:
    digest = martlet.DigestAuthMiddleware("me", "secret")
    retry = martlet.RetryMiddleware(backoff=lambda _: 0.0)
    return {"middlewares": [retry, awaits, digest, awaits]}


MIDDLEWARES: Final = [
    Policy("middlewares that await", asking("hop/2"), session=seen_by(awaits, awaits)),
    Policy("a middleware of the request", asking("hop/1", options=lambda _: {"middlewares": [awaits]})),
    Policy("a middleware that asks twice", asking(""), session=seen_by(asks_twice)),
    Policy("a middleware that asks at once", asking("slow", expected=b"abcdef"),
           session=seen_by(asks_at_once), fails=(BaseExceptionGroup,)),
    Policy("a middleware that asks at once, one connection", asking(""), limit=1,
           session=seen_by(asks_at_once), fails=(BaseExceptionGroup,)),
    Policy("a middleware that fetches a token", asking("hop/1",
           options=lambda _: {"middlewares": [fetches_a_token]})),
    Policy("a middleware that replaces the body", asking("keep/1", method="PUT",
           expected=b"other", options=lambda _: {"middlewares": [replaces_the_body], "data": b"x"})),
    Policy("a middleware that reads", asking("slow", expected=b"abcdef"),
           session=seen_by(reads_the_response)),
    Policy("many middlewares", asking("digest/hop"), session=all_of_them),
]  # fmt: skip


# Credentials


def digesting(**options: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"middlewares": [martlet.DigestAuthMiddleware("me", "secret", **options)]}


async def preemptive(world: World) -> None:
    for _ in range(2):
        await asking("digest")(world)


async def read_once() -> Any:
    for piece in (b"o", b"k"):
        await asyncio.sleep(0)
        yield piece


def user(world: World) -> dict[str, Any]:
    return {"auth": martlet.BasicAuth("me", "secret")}


CREDENTIALS: Final = [
    Policy("basic", asking("basic", options=user)),
    Policy("basic, of the URL and redirected", lambda world: world.session.get(
           world.server.url_of("me:secret@127.0.0.1") + "hop/2")),
    Policy("from .netrc", asking("basic"), session=lambda: {"trust_env": True}),
    Policy("digest", asking("digest"), session=digesting()),
    Policy("digest over TLS", asking("digest"), session=digesting(), tls=True),
    Policy("digest, asked and preemptive", preemptive, session=digesting()),
    Policy("digest with the body", asking("digest-int", method="POST", options=bytes_body),
           session=digesting()),
    Policy("digest with a file", asking("digest-int", method="PUT", expected=b"ok" * 40_000,
           options=file_body), session=digesting()),
    Policy("digest with what is read once", asking("digest", method="PUT", status=401,
           options=lambda _: {"data": read_once()}), session=digesting()),
]  # fmt: skip
