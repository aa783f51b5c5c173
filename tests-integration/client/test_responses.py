"""What a response says of itself, and how its body becomes text and documents."""

import json
from http.cookies import SimpleCookie

import pytest
from yarl import URL

import martlet

from .asgi_responses import CHARSETS, HEADERS, JSON
from .asgi_server import SCHEMES, AsgiServer, in_session
from .fault_server import request, send
from .world import LOOPS, LoopFactory, World, run


@LOOPS
def test_fields_that_mean_something(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/headers") as response:
            pass
        # All of this stays when the connection is given up.
        links = response.links
        assert sorted(links) == ["last", "next", "other"]
        assert links["next"]["url"] == URL(f"{asgi.http}/next?page=2")
        assert links["next"]["title"] == "Two"
        assert links["last"]["url"] == URL("https://example.org/")
        assert links["other"]["url"] == URL(f"{asgi.http}/other")
        disposition = response.content_disposition
        assert disposition is not None
        assert (disposition.type, disposition.filename) == ("attachment", "naïve.txt")
        cookies = response.cookies
        assert isinstance(cookies, SimpleCookie)
        assert {name: morsel.value for name, morsel in cookies.items()} == {
            "first": "1",
            "second": "zwei",
        }
        assert (cookies["first"]["path"], cookies["second"]["max-age"]) == ("/", "60")
        assert response.headers.getall("X-REPEATED") == ["one", "two"]
        assert response.headers["x-latin"] == "Grüße"
        raw = [pair for pair in response.raw_headers if pair[0] not in (b"date", b"server")]
        expected = [(name.lower(), value) for name, value in HEADERS]
        expected.append(("content-length", "7"))
        assert raw == [(name.encode(), value.encode("latin-1")) for name, value in expected]

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
def test_the_facts_of_the_exchange(
    asgi: AsgiServer, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        url = URL(f"{asgi.base(scheme)}/bytes/1000000?a=1#fragment")
        async with session.get(url, headers={"X-Own": "1"}) as response:
            connection = response.connection
            assert connection is not None
            assert connection.transport is not None
            assert connection.get_extra_info("peername") == ("127.0.0.1", url.port)
            await response.read()
        assert response.connection is None
        assert (response.method, response.host) == ("GET", "127.0.0.1")
        assert response.real_url == url
        assert response.url == response.url_obj == url.with_fragment(None)
        assert response.history == ()
        info = response.request_info
        assert (info.url, info.method, info.real_url) == (response.url, "GET", url)
        assert info.headers["x-own"] == "1"
        assert (response.version, response.reason, response.ok) == ((1, 1), "OK", True)
        assert response.content_length == 1_000_000
        assert not response.trailers
        assert response.get_extra_info("peername") == ("127.0.0.1", url.port)
        sockname = response.get_extra_info("sockname")
        assert isinstance(sockname, tuple)
        assert sockname[0] == "127.0.0.1"
        assert (response.get_extra_info("cipher") is not None) is (scheme == "https")
        assert (response.get_extra_info("ssl_object") is not None) is (scheme == "https")
        assert response.get_extra_info("nonsense", "nothing") == "nothing"
        assert response.get_extra_info("reused") is False
        async with session.get(url) as again:
            assert again.get_extra_info("reused") is True
            assert again.get_extra_info("sockname") == sockname
            await again.read()

    in_session(loop_factory, scenario)


@LOOPS
@pytest.mark.parametrize(
    ("variant", "charset", "text"),
    [
        ("utf-8", "utf-8", CHARSETS["utf-8"][1].decode()),
        ("latin-1", "iso-8859-1", "Grüße"),
        ("utf-16", "utf-16", "Grüße"),
        ("shift-jis", "shift_jis", "東京"),
        ("none", None, "Grüße"),
        ("meta", None, "<meta charset=iso-8859-2>Łódź"),
        ("unknown", "nonsense", "Grüße"),
        ("cp1252", None, "“Grüße”"),
    ],
)
def test_text(
    asgi: AsgiServer,
    variant: str,
    charset: str | None,
    text: str,
    loop_factory: LoopFactory,
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/charset/{variant}") as response:
            assert await response.text() == text
            assert response.charset == charset
            assert await response.text("latin-1") == CHARSETS[variant][1].decode("latin-1")
            if variant == "cp1252":
                with pytest.raises(UnicodeDecodeError):
                    await response.text("utf-8", errors="strict")

    in_session(loop_factory, scenario)


@LOOPS
def test_a_resolver_names_the_charset(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/charset/cp1252") as response:
            assert await response.text() == CHARSETS["cp1252"][1].decode("cp850")

    in_session(loop_factory, scenario, fallback_charset_resolver=lambda _, __: "cp850")


@LOOPS
def test_json(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        for variant, expected in (
            ("plain", JSON),
            ("utf-8", JSON),
            ("suffix", JSON),
            ("empty", None),
            ("latin-1", "Grüße"),
        ):
            async with session.get(f"{asgi.http}/json/{variant}") as response:
                assert await response.json() == expected, variant
        async with session.get(f"{asgi.http}/json/text") as response:
            with pytest.raises(martlet.ContentTypeError) as caught:
                await response.json()
            assert caught.value.status == 200
            assert await response.json(content_type=None) == JSON
            assert await response.json(content_type="text/plain", loads=len) == len(
                json.dumps(JSON)
            )
        async with session.get(f"{asgi.http}/json/broken") as response:
            with pytest.raises(json.JSONDecodeError):
                await response.json()

    in_session(loop_factory, scenario)


@LOOPS
@pytest.mark.parametrize("status", [400, 404, 418, 500, 503])
def test_raise_for_status_keeps_the_body(
    asgi: AsgiServer, status: int, loop_factory: LoopFactory
) -> None:
    body = f"status {status}"

    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/status/{status}") as response:
            assert not response.ok
            with pytest.raises(martlet.ClientResponseError) as early:
                response.raise_for_status()
            assert early.value.body in (b"", body.encode())  # what has come by then
            assert await response.text() == body
            with pytest.raises(martlet.ClientResponseError) as late:
                response.raise_for_status()
        error = late.value
        assert (error.status, error.message) == (status, response.reason)
        assert error.body == body.encode()
        assert error.request_info == response.request_info
        assert error.headers is not None
        assert error.headers["Content-Length"] == str(len(body))

    in_session(loop_factory, scenario)


@LOOPS
def test_raise_for_status_by_the_session_has_what_came_with_the_head(
    loop_factory: LoopFactory,
) -> None:
    raw = b"HTTP/1.1 409 No\r\nContent-Length: 100002\r\n\r\n{}" + bytes(100_000)

    async def scenario(world: World) -> None:
        with pytest.raises(martlet.ClientResponseError) as caught:
            await world.session.get(world.url)
        error = caught.value
        assert (error.status, error.message) == (409, "No")
        assert error.body is not None
        assert error.body.startswith(b"{}")
        assert len(error.body) <= 65_536

    run(loop_factory, scenario, [request, send(raw)], raise_for_status=True)


@LOOPS
@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body(asgi: AsgiServer, status: int, loop_factory: LoopFactory) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        async with session.get(f"{asgi.http}/status/{status}") as response:
            assert response.status == status
            assert await response.read() == b""
        async with session.head(f"{asgi.http}/bytes/1000000") as response:
            assert response.content_length == 1_000_000
            assert await response.read() == b""
            assert response.get_extra_info("reused") is True

    in_session(loop_factory, scenario)


@LOOPS
def test_trailers_come_after_the_body(loop_factory: LoopFactory) -> None:
    raw = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Digest\r\n\r\n"
        b"4\r\nbody\r\n0\r\nX-Digest: abc\r\nx-other: 1\r\nX-Other: 2\r\n\r\n"
    )

    async def scenario(world: World) -> None:
        async with world.session.get(world.url) as response:
            assert await response.read() == b"body"
            assert "X-Digest" not in response.headers
            assert response.trailers["x-digest"] == "abc"
            assert response.trailers.getall("X-Other") == ["1", "2"]
        assert response.trailers["X-Digest"] == "abc"

    run(loop_factory, scenario, [request, send(raw)])
