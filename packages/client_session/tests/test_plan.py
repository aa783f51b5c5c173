"""What a request wants of policies; that it gets it."""

from collections.abc import Callable
from typing import Any

import pytest
from multidict import CIMultiDict
from yarl import URL

from martlet_client_session import ClientRequest, ClientResponse, ClientSession
from martlet_client_session._middlewares import ClientHandlerType
from martlet_interfaces import DIRECT, RequestHead

from .scripted import ScriptedConnector
from .trace_recording import recording


async def marking(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    request.headers["X-Marked"] = "1"
    return await handler(request)


def is_direct(request: RequestHead) -> bool:
    return request.options is DIRECT


def goes_by(name: str, **fields: str) -> Callable[[RequestHead], bool]:
    def check(request: RequestHead) -> bool:
        proxy = request.options.proxy
        return (
            proxy is not None
            and proxy == URL(f"http://{name}")
            and CIMultiDict(request.options.proxy_headers) == CIMultiDict(fields)
        )

    return check


@pytest.mark.parametrize(
    ("of_session", "options", "check"),
    [
        ({}, {}, is_direct),
        ({}, {"auth": ("u", "p")}, lambda r: r.headers["Authorization"] == "Basic dTpw"),
        ({}, {"cookies": {"a": "1"}}, lambda r: r.headers["Cookie"] == "a=1"),
        ({}, {"cookies": {}}, lambda r: "Cookie" not in r.headers),
        ({}, {"proxy": "http://p"}, goes_by("p")),
        ({}, {"proxy": "http://p", "proxy_headers": {"A": "1"}}, goes_by("p", A="1")),
        ({}, {"proxy": "http://p", "proxy_headers": iter([("A", "1")])}, goes_by("p", A="1")),
        (
            {},
            {"proxy": "http://p", "proxy_auth": ("u", "p")},
            goes_by("p", **{"Proxy-Authorization": "Basic dTpw"}),
        ),
        ({}, {"proxy_auth": ("u", "p")}, is_direct),
        ({}, {"proxy_headers": {"A": "1"}}, is_direct),
        ({"proxy": "http://p"}, {}, goes_by("p")),
        ({"proxy": "http://p"}, {"proxy": "http://q"}, goes_by("q")),
        ({"proxies": {"http": "http://p"}}, {}, goes_by("p")),
        ({"proxies": {"https": "http://p"}}, {}, is_direct),
        ({}, {"middlewares": [marking]}, lambda r: "X-Marked" in r.headers),
        ({"middlewares": [marking]}, {}, lambda r: "X-Marked" in r.headers),
        ({"middlewares": [marking]}, {"middlewares": []}, lambda r: "X-Marked" not in r.headers),
        ({"request_class": ClientRequest}, {"middlewares": []}, is_direct),
        ({"trace_configs": [recording([])]}, {}, is_direct),
        ({}, {"max_line_size": 5}, lambda r: r.limits.line == 5),
        (
            {"max_line_size": 5},
            {"max_headers": 6},
            lambda r: (r.limits.line, r.limits.fields) == (5, 6),
        ),
        ({}, {"verify_ssl": False}, lambda r: r.options.ssl is False),
        ({}, {"trace_request_ctx": object()}, is_direct),
    ],
)
async def test_what_is_wanted_is_done(
    connector: ScriptedConnector,
    of_session: dict[str, Any],
    options: dict[str, Any],
    check: Callable[[Any], bool],
) -> None:
    async with ClientSession(connector=connector, **of_session) as session:
        await session.get("http://h.example/", **options)
    assert check(connector.request)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"auth": "u:p"}, TypeError),
        ({"auth": ("u", "p"), "headers": {"Authorization": "x"}}, ValueError),
        ({"cookies": 5}, TypeError),
        ({"proxy": 5}, TypeError),
        ({"proxy": "ftp://p"}, ValueError),
        ({"proxy": "http://p", "proxy_auth": "u:p"}, TypeError),
        ({"proxy": "http://p", "proxy_headers": 5}, TypeError),
        ({"proxy_auth": ("u", "p"), "proxy_headers": {"Proxy-Authorization": "x"}}, ValueError),
        ({"middlewares": [5]}, TypeError),
        ({"middlewares": 5}, TypeError),
        ({"max_headers": -1}, ValueError),
        ({"max_headers": "5"}, TypeError),
        ({"read_bufsize": -1}, ValueError),
        ({"verify_ssl": False, "ssl": False}, ValueError),
        ({"timeout": -1}, ValueError),
    ],
)
async def test_what_cannot_be_done_is_refused_before_anything_is_sent(
    session: ClientSession,
    connector: ScriptedConnector,
    options: dict[str, Any],
    error: type[Exception],
) -> None:
    with pytest.raises(error):
        await session.get("http://h/", **options)
    assert connector.exchanges == []
    # No deadline was set, or it is gone again.
    assert session._deadlines.idle


async def test_a_body_is_closed_if_the_request_is_refused(
    session: ClientSession, tmp_path: Any
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    with path.open("rb") as file:
        with pytest.raises(TypeError):
            await session.post("http://h/", data=file, auth="u:p")  # type: ignore[arg-type]  # is tested
        assert file.closed


async def test_how_the_body_is_read(connector: ScriptedConnector) -> None:
    from .scripted import answer

    connector.script = answer(b"not gzip", fields=[("Content-Encoding", "gzip")])
    async with ClientSession(connector=connector) as session:
        response = await session.get("http://h/", auto_decompress=False)
        assert await response.read() == b"not gzip"
        connector.script = answer(b"x" * 10, complete=False)
        async with session.get("http://h/", read_bufsize=5):
            assert connector.exchange.calls == ["pause"]
        connector.script = answer(b"", complete=False)
        async with session.get("http://h/", read_until_eof=False) as response:
            assert await response.read() == b""
