"""What a session does over an application: all that it does over a network."""

import asyncio
import gc
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

import martlet
from martlet_asgi import ASGIConnector

from .shop_app import Shop


async def test_the_application_lives_as_long_as_the_session(shop: Shop) -> None:
    async with martlet.ClientSession("http://shop.test", connector=ASGIConnector(shop)) as session:
        async with session.get("/") as response:
            assert await response.text() == "7 in stock"
        assert shop.log == ["opened"]
    assert shop.log == ["opened", "closed"]


async def test_a_session_that_does_not_own_it_leaves_it_running(shop: Shop) -> None:
    async with ASGIConnector(shop) as connector:
        for _ in range(2):
            async with martlet.ClientSession(connector=connector, connector_owner=False) as session:
                async with session.get("http://any.test/") as response:
                    assert response.status == 200
        assert shop.log == ["opened"]
    assert shop.log == ["opened", "closed"]


async def test_json_params_and_headers(session: martlet.ClientSession) -> None:
    options: dict[str, Any] = {"json": {"name": "martlet"}, "params": {"q": "a b"}}
    async with session.post("/echo", headers={"X-Own": "caf\xe9"}, **options) as response:
        seen = await response.json()
    assert seen["body"] == '{"name": "martlet"}'
    assert seen["query"] == "q=a+b"
    assert ["content-type", "application/json"] in seen["headers"]
    assert ["x-own", "caf\xe9"] in seen["headers"]
    assert ["host", "shop.test"] in seen["headers"]


async def test_a_form_with_a_file(session: martlet.ClientSession) -> None:
    form = martlet.FormData()
    form.add_field("file", b"content", filename="a.txt")
    async with session.post("/echo", data=form) as response:
        body = (await response.json())["body"]
    assert 'filename="a.txt"' in body
    assert "content" in body


async def test_a_body_that_is_generated(session: martlet.ClientSession) -> None:
    async def words() -> AsyncIterator[bytes]:
        for word in (b"one ", b"two ", b"three"):
            yield word

    async with session.put("/echo", data=words()) as response:
        seen = await response.json()
    assert (seen["body"], seen["pieces"]) == ("one two three", 4)
    assert ["transfer-encoding", "chunked"] in seen["headers"]


async def test_expectations(session: martlet.ClientSession, shop: Shop) -> None:
    async with session.put("/echo", data=b"body", expect100=True) as response:
        assert (await response.json())["body"] == "body"
    async with session.put("/early", data=b"body", expect100=True) as response:
        assert (response.status, await response.text()) == (413, "too large")


async def test_cookies_and_redirects(session: martlet.ClientSession, shop: Shop) -> None:
    async with session.post("/login", data=b"secret") as response:
        seen = await response.json()
    assert (seen["method"], seen["body"]) == ("GET", "")
    assert ["cookie", "session=42"] in seen["headers"]
    assert [answer.status for answer in response.history] == [303]
    assert shop.seen == [("POST", "/login"), ("GET", "/echo")]


async def test_a_redirect_to_elsewhere_leaves_credentials_behind(
    session: martlet.ClientSession,
) -> None:
    auth = martlet.BasicAuth("me", "secret")
    async with session.put("/moved", data=b"body", auth=auth) as response:
        seen = await response.json()
    names = [name for name, _ in seen["headers"]]
    assert (str(response.url), seen["body"]) == ("https://other.test/echo?moved", "body")
    assert "authorization" not in names


async def test_middlewares(session: martlet.ClientSession, shop: Shop) -> None:
    retry = martlet.RetryMiddleware(3, backoff=lambda _: 0)
    async with session.get("/busy", middlewares=[retry]) as response:
        assert response.status == 200
    assert shop.seen == [("GET", "/busy")] * 3


async def test_tracing(shop: Shop) -> None:
    trace = martlet.TraceConfig()
    heard: list[str] = []
    names = ["request_start", "request_chunk_sent", "request_headers_sent", "request_end"]
    names += ["response_chunk_received", "connection_create_start", "request_exception"]
    for name in names:

        async def hear(
            _session: martlet.ClientSession, _ctx: SimpleNamespace, _params: Any, name: str = name
        ) -> None:
            heard.append(name)

        getattr(trace, f"on_{name}").append(hear)
    options: dict[str, Any] = {"connector": ASGIConnector(shop), "trace_configs": [trace]}
    async with martlet.ClientSession("http://shop.test", **options) as session:
        async with session.post("/echo", data=b"body") as response:
            await response.read()
    assert heard[0] == "request_start"
    assert sorted(heard[1:]) == [
        "request_chunk_sent",
        "request_end",
        "request_headers_sent",
        "response_chunk_received",
    ]


async def test_content_codings(session: martlet.ClientSession) -> None:
    async with session.get("/zipped") as response:
        assert await response.read() == b"many words " * 1000


async def test_a_large_body_waits_for_its_reader(
    session: martlet.ClientSession, shop: Shop
) -> None:
    async with session.get("/large") as response:
        for _ in range(200):
            await asyncio.sleep(0)
        assert shop.log.count("sent") < 10
        body = await response.read()
    assert len(body) == 4 * 1024 * 1024
    assert shop.log.count("sent") == 64


async def test_chunks_are_the_applications_events(session: martlet.ClientSession) -> None:
    sizes = []
    async with session.get("/large") as response:
        async for _, end in response.content.iter_chunks():
            sizes.append(end)
    assert sizes.count(True) == 64


async def test_events(session: martlet.ClientSession, shop: Shop) -> None:
    async with session.get("/events") as response:
        async with response.events() as events:
            got = [(await anext(events)).data for _ in range(2)]
    assert got == ["hello", "hello"]
    connector = session.connector
    assert isinstance(connector, ASGIConnector)
    await connector.wait_idle()
    assert shop.log[-1] == "the listener left"


async def test_trailers(session: martlet.ClientSession) -> None:
    async with session.get("/trailers") as response:
        assert await response.read() == b"one"
        assert dict(response.trailers) == {"x-sum": "1"}


async def test_facts(session: martlet.ClientSession) -> None:
    async with session.get("/") as response:
        await response.read()
    assert response.timings.done is not None
    assert response.get_extra_info("peername") is None


# What goes wrong


async def test_an_exception_of_the_application_is_seen(session: martlet.ClientSession) -> None:
    with pytest.raises(LookupError, match="no such table"):
        await session.get("/broken")


async def test_or_is_a_500(shop: Shop, complaints: list[dict[str, Any]]) -> None:
    connector = ASGIConnector(shop, raise_app_exceptions=False)
    options: dict[str, Any] = {"connector": connector, "raise_for_status": True}
    async with martlet.ClientSession("http://shop.test", **options) as session:
        with pytest.raises(martlet.ClientResponseError) as caught:
            await session.get("/broken")
    assert caught.value.status == 500
    assert isinstance(complaints.pop()["exception"], LookupError)


@pytest.mark.parametrize(
    ("path", "timeout", "error"),
    [
        ("/slow", martlet.ClientTimeout(total=0.02), martlet.TotalTimeoutError),
        ("/slow", martlet.ClientTimeout(sock_read=0.02), martlet.SocketTimeoutError),
        ("/slow-body", martlet.ClientTimeout(total=0.02), martlet.TotalTimeoutError),
        ("/slow-body", martlet.ClientTimeout(sock_read=0.02), martlet.SocketTimeoutError),
    ],
)
async def test_time_is_limited(
    session: martlet.ClientSession,
    shop: Shop,
    path: str,
    timeout: martlet.ClientTimeout,
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        async with session.get(path, timeout=timeout) as response:
            await response.read()
    connector = session.connector
    assert isinstance(connector, ASGIConnector)
    await connector.wait_idle()
    assert shop.log[-1] == "slow is over"


async def test_closing_the_session_ends_what_is_under_way(shop: Shop) -> None:
    session = martlet.ClientSession("http://shop.test", connector=ASGIConnector(shop))
    getting = asyncio.ensure_future(_get(session, "/slow"))
    await shop.reached.wait()
    await session.close()
    with pytest.raises(martlet.ClientConnectionError):
        await getting
    assert shop.log == ["opened", "slow is over", "closed"]


async def _get(session: martlet.ClientSession, path: str) -> bytes:
    async with session.get(path) as response:
        return await response.read()


async def test_a_response_that_is_forgotten_lets_its_application_go(
    session: martlet.ClientSession, shop: Shop
) -> None:
    forgotten = [await session.get("/slow-body")]
    with pytest.warns(ResourceWarning, match="Unclosed response"):
        forgotten.clear()
    gc.collect()
    connector = session.connector
    assert isinstance(connector, ASGIConnector)
    await connector.wait_idle()
    assert shop.log[-1] == "slow is over"


@pytest.mark.parametrize("path", ["/", "/echo", "/large", "/slow", "/events"])
async def test_a_request_may_be_cancelled_anywhere(
    session: martlet.ClientSession, shop: Shop, path: str
) -> None:
    connector = session.connector
    assert isinstance(connector, ASGIConnector)
    await connector.startup()
    for turns in range(40):
        getting = asyncio.ensure_future(_get(session, path))
        for _ in range(turns):
            await asyncio.sleep(0)
        getting.cancel()
        await asyncio.wait([getting])
        async with session.get("/") as response:
            assert await response.text() == "7 in stock"
        await connector.wait_idle()


async def test_many_at_once(session: martlet.ClientSession) -> None:
    async def one(number: int) -> str:
        async with session.post("/echo", data=f"body {number}") as response:
            body: str = (await response.json())["body"]
            return body

    assert await asyncio.gather(*map(one, range(100))) == [f"body {n}" for n in range(100)]
