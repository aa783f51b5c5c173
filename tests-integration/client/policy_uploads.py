"""Uploads, traces, proxies, statuses and requests without a session, each to be cancelled anywhere."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import martlet

from .policy_scenarios import LIMIT, Policy, asking, failing
from .world import World, client_context

__all__ = ["FURTHER"]

THIS: Final = Path(__file__)
LARGE: Final = bytes(300_000)


async def generated() -> AsyncIterator[bytes]:
    for piece in (b"o", b"k"):
        await asyncio.sleep(0)
        yield piece


def multipart(world: World) -> dict[str, Any]:
    writer = martlet.MultipartWriter("mixed")
    writer.append("text")
    writer.append(io.BytesIO(b"binary"))
    return {"data": writer}


def form(world: World) -> dict[str, Any]:
    form = martlet.FormData()
    form.add_field("name", "value")
    form.add_field("file", io.BytesIO(b"content"), filename="name.txt")
    return {"data": form}


async def from_disk(world: World) -> None:
    with THIS.open("rb") as file:
        async with world.session.put(world.url + "keep/1", data=file) as response:
            assert await response.read() == THIS.read_bytes()


async def tracked(world: World) -> None:
    tracker = martlet.UploadTracker()
    data = io.BytesIO(LARGE)
    async with world.session.put(world.url, data=data, upload_tracker=tracker) as response:
        await response.read()


def upload(path: str, data: Callable[[], object], **options: Any) -> Any:
    return asking(path, method="PUT", expected=None, options=lambda _: {"data": data(), **options})


UPLOADS: Final = [
    Policy("what is generated", upload("", generated)),
    Policy("what is generated, after a redirect", upload("see/1", generated)),
    Policy("a file, redirected", from_disk),
    Policy("a large file, redirected", upload("keep/2", lambda: io.BytesIO(LARGE))),
    Policy("a large file over TLS", upload("keep/1", lambda: io.BytesIO(LARGE)), tls=True),
    Policy("a multipart body", asking("keep/1", method="POST", expected=None, options=multipart)),
    Policy("a form with a file", asking("keep/1", method="POST", expected=None, options=form)),
    Policy("a compressed body", upload("keep/1", lambda: io.BytesIO(LARGE), compress="gzip")),
    Policy("a body that waits for 100", upload("keep/1", lambda: io.BytesIO(b"ok"), expect100=True)),
    Policy("a body that is followed", tracked),
]  # fmt: skip

# Traces


async def receive(session: martlet.ClientSession, context: Any, params: Any) -> None:
    await asyncio.sleep(0)


SIGNALS: Final = (
    "request_start", "request_redirect", "request_end", "request_exception",
    "connection_queued_start", "connection_queued_end",
    "connection_create_start", "connection_create_end", "connection_reuseconn",
    "dns_resolvehost_start", "dns_resolvehost_end", "dns_cache_hit", "dns_cache_miss",
    "request_headers_sent", "request_chunk_sent", "response_chunk_received",
)  # fmt: skip


def traced(**others: Any) -> Callable[[], dict[str, Any]]:
    """Have a receiver that awaits of each signal."""

    def options() -> dict[str, Any]:
        config = martlet.TraceConfig()
        for name in SIGNALS:
            getattr(config, f"on_{name}").append(receive)
        return {"trace_configs": [config], **others}

    return options


TRACED: Final = [
    Policy("traces", asking("slow", expected=b"abcdef"), session=traced()),
    Policy("traces of lookups and redirects", asking("away/3"), session=traced(), resolve=True),
    Policy("traces of a full pool", asking("unread/2"), session=traced(), limit=1),
    Policy("traces of an upload", upload("keep/1", generated and (lambda: io.BytesIO(b"ok"))),
           session=traced()),
    Policy("traces of a large upload", upload("", lambda: io.BytesIO(LARGE)), session=traced()),
    Policy("traces over TLS", asking("hop/1"), session=traced(), tls=True),
    Policy("traces of a failure", failing("drop/9", martlet.ServerDisconnectedError),
           session=traced()),
    Policy("traces of a status", failing("status/404", martlet.ClientResponseError),
           session=traced(raise_for_status=True)),
    Policy("traces and retries", asking("drop/2"), session=lambda: traced(
           middlewares=[martlet.RetryMiddleware(backoff=lambda _: 0.0)])()),
]  # fmt: skip


# Proxies


def proxied(world: World, **options: Any) -> dict[str, Any]:
    return {"proxy": world.server.url, **options}


def tunnel(path: str, host: str = "localhost") -> Any:
    """Ask for *path* through a tunnel."""

    async def act(world: World) -> None:
        url = f"https://{host}:{world.server.port}/{path}"
        async with world.session.get(url, ssl=client_context(), **proxied(world)) as response:
            assert await response.read() == b"ok"

    return act


async def tunnel_refused(world: World) -> None:
    try:
        await tunnel("", "refused.test")(world)
    except martlet.ClientHttpProxyError as exc:
        assert exc.status == 407
    else:
        raise AssertionError("it was not refused")


async def tunnel_twice(world: World) -> None:
    for _ in range(2):
        await tunnel("hop/1")(world)


def with_user(world: World) -> dict[str, Any]:
    return proxied(world, proxy_auth=martlet.BasicAuth("me", "secret"))


PROXIES: Final = [
    Policy("a proxy", asking("hop/2", options=proxied)),
    Policy("a proxy that wants to know who", asking("keep/1", options=with_user)),
    Policy("a proxy, by TLS", asking("hop/1", options=proxied), tls=True),
    Policy("a proxy and an upload", asking("keep/1", method="PUT",
           options=lambda world: proxied(world, data=io.BytesIO(b"ok")))),
    Policy("a tunnel", tunnel("")),
    Policy("a tunnel, redirected", tunnel_twice),
    Policy("a tunnel that is refused", tunnel_refused),
    Policy("a tunnel with traces", tunnel("hop/1"), session=traced()),
    Policy("a tunnel with digest", tunnel("digest"),
           session=lambda: {"middlewares": [martlet.DigestAuthMiddleware("me", "secret")]}),
]  # fmt: skip


# Statuses, and requests without a session


async def check(response: martlet.ClientResponse) -> None:
    body = await response.read()
    await asyncio.sleep(0)
    if response.status >= 400:
        raise LookupError(body)


async def awaited(world: World) -> None:
    response = await martlet.request("GET", world.url + "slow", timeout=LIMIT)
    assert await response.read() == b"abcdef"


async def entered(world: World) -> None:
    async with martlet.request("GET", world.url + "hop/2", timeout=LIMIT) as response:
        assert await response.read() == b"ok"


async def entered_and_left(world: World) -> None:
    async with martlet.request("GET", world.url + "slow", timeout=LIMIT) as response:
        await response.content.readany()


async def lent_connector(world: World) -> None:
    connector = world.session.connector
    url = world.url + "hop/2"
    async with martlet.request("GET", url, timeout=LIMIT, connector=connector) as response:
        assert await response.read() == b"ok"


async def posted(world: World) -> None:
    data = io.BytesIO(b"ok")
    url = world.url + "keep/1"
    async with martlet.request("POST", url, timeout=LIMIT, data=data) as response:
        assert await response.read() == b"ok"


OTHERS: Final = [
    Policy("a check of the status that reads", failing("status/404", LookupError),
           session=lambda: {"raise_for_status": check}),
    Policy("a check of the status that is content", asking("hop/1"),
           session=lambda: {"raise_for_status": check}),
    Policy("a status that is raised", failing("status/500", martlet.ClientResponseError,
           options=lambda _: {"raise_for_status": True})),
    Policy("martlet.request, awaited", awaited),
    Policy("martlet.request, entered", entered),
    Policy("martlet.request, left early", entered_and_left),
    Policy("martlet.request, over a connector", lent_connector),
    Policy("martlet.request, with a file", posted),
]  # fmt: skip

FURTHER: Final = [*UPLOADS, *TRACED, *PROXIES, *OTHERS]
