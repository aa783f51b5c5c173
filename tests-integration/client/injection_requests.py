"""Each text that requests take which are made by hand, or changed on their way."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

import martlet
from martlet import ClientRequest
from martlet_interfaces import RequestHead, Timeouts, TransportOptions

from .injection_bench import HOST, Bench, Case

__all__ = ["by_hand_cases"]

_Change = Callable[[ClientRequest, str], Any]
_TEXTS: Final = {
    "ClientRequest.update_version(version)": "1.1",
    "version": "1.1",
    "ClientRequest.compress": "gzip",
    "compress": "gzip",
}

# What a middleware does to a request.
_CHANGES: Final[dict[tuple[str, str], _Change]] = {
    ("ClientRequest.method", ""): lambda request, text: setattr(request, "method", text),
    ("ClientRequest.url", "path"): lambda request, text: setattr(
        request, "url", request.url / text
    ),
    ("ClientRequest.url", "host"): lambda request, text: setattr(
        request, "url", URL(f"http://{text}.test:{request.url.port}/", encoded=True)
    ),
    ("ClientRequest.url", "query"): lambda request, text: setattr(
        request, "url", URL(f"{request.url}?{text}", encoded=True)
    ),
    ("ClientRequest.headers", "name"): lambda request, text: request.headers.add(text, "1"),
    ("ClientRequest.headers", "value"): lambda request, text: request.headers.add("X-A", text),
    ("ClientRequest.headers", "Host"): lambda request, text: request.headers.update(Host=text),
    ("ClientRequest.update_headers(headers)", "name"): lambda request, text: request.update_headers(
        {text: "1"}
    ),
    ("ClientRequest.update_headers(headers)", "value"): lambda request, text: (
        request.update_headers({"X-A": text})
    ),
    ("ClientRequest.update_headers(headers)", "Host"): lambda request, text: request.update_headers(
        {"Host": text}
    ),
    ("ClientRequest.update_auto_headers(skip_auto_headers)", ""): lambda request, text: (
        request.update_auto_headers([text])
    ),
    ("ClientRequest.update_host(url)", "host"): lambda request, text: request.update_host(
        URL(f"http://{text}.test:{request.url.port}/", encoded=True)
    ),
    ("ClientRequest.update_host(url)", "login"): lambda request, text: request.update_host(
        URL(f"http://{text}:p@{HOST}:{request.url.port}/", encoded=True)
    ),
    ("ClientRequest.update_version(version)", ""): lambda request, text: request.update_version(
        text
    ),
    ("ClientRequest.update_cookies(cookies)", "name"): lambda request, text: request.update_cookies(
        {text: "1"}
    ),
    ("ClientRequest.update_cookies(cookies)", "value"): lambda request, text: (
        request.update_cookies({"a": text})
    ),
    ("ClientRequest.update_auth(auth)", "login"): lambda request, text: request.update_auth(
        (text, "p")
    ),
    ("ClientRequest.update_auth(auth)", "password"): lambda request, text: request.update_auth(
        ("u", text)
    ),
    ("ClientRequest.update_proxy(proxy)", "login"): lambda request, text: request.update_proxy(
        f"http://{text}@{HOST}:{request.url.port}", None, None
    ),
    ("ClientRequest.update_proxy(proxy)", "host"): lambda request, text: request.update_proxy(
        f"http://{text}.test:{request.url.port}", None, None
    ),
    ("ClientRequest.update_proxy(proxy_auth)", ""): lambda request, text: request.update_proxy(
        f"http://{HOST}:{request.url.port}", (text, text), None
    ),
    ("ClientRequest.update_proxy(proxy_headers)", "value"): lambda request, text: (
        request.update_proxy(f"http://{HOST}:{request.url.port}", None, {"X-A": text})
    ),
    ("ClientRequest.update_proxy(proxy_headers)", "name"): lambda request, text: (
        request.update_proxy(f"http://{HOST}:{request.url.port}", None, {text: "1"})
    ),
    ("ClientRequest.update_body(body)", "text"): lambda request, text: request.update_body(text),
    ("ClientRequest.update_body(body)", "key"): lambda request, text: request.update_body(
        {text: b"1"}
    ),
    ("ClientRequest.update_body_from_data(body)", "text"): lambda request, text: (
        request.update_body_from_data(text)
    ),
    ("ClientRequest.update_body_from_data(body)", "key"): lambda request, text: (
        request.update_body_from_data({text: text})
    ),
    ("ClientRequest.update_content_encoding(data)", ""): lambda request, text: (
        request.update_content_encoding(text)
    ),
    ("ClientRequest.compress", ""): lambda request, text: _compress(request, text),
}


async def _compress(request: ClientRequest, text: str) -> None:
    request.compress = text
    await request.update_body(b"1")


def _changing(change: _Change) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        async def middleware(
            request: ClientRequest, handler: martlet.ClientHandlerType
        ) -> martlet.ClientResponse:
            pending = change(request, text)
            if pending is not None:
                await pending
            return await handler(request)

        await _pass_by(bench, middleware)

    return attempt


# What makes a request by hand, that a middleware then sends in place of its own.
_BY_HAND: Final[dict[tuple[str, str], Callable[[Bench, str], dict[str, Any]]]] = {
    ("method", ""): lambda _, text: {"method": text},
    ("url", "path"): lambda bench, text: {"url": URL(f"{bench.url}/{text}", encoded=True)},
    ("url", "host"): lambda bench, text: {
        "url": URL(f"http://{text}.test:{bench.port}/", encoded=True)
    },
    ("url", "password"): lambda bench, text: {
        "url": URL(f"http://u:{text}@{HOST}:{bench.port}/", encoded=True)
    },
    ("params", ""): lambda _, text: {"params": {text: text}},
    ("headers", "name"): lambda _, text: {"headers": {text: "1"}},
    ("headers", "value"): lambda _, text: {"headers": {"X-A": text}},
    ("skip_auto_headers", ""): lambda _, text: {"skip_auto_headers": [text]},
    ("data", ""): lambda _, text: {"data": {text: b"1"}},
    ("cookies", ""): lambda _, text: {"cookies": {text: text}},
    ("auth", ""): lambda _, text: {"auth": (text, text)},
    ("compress", ""): lambda _, text: {"compress": text, "data": b"1"},
    ("proxy", ""): lambda bench, text: {"proxy": f"http://{text}.test:{bench.port}"},
    ("proxy_auth", ""): lambda bench, text: {
        "proxy": f"http://{HOST}:{bench.port}", "proxy_auth": (text, text)
    },
    ("proxy_headers", ""): lambda bench, text: {
        "proxy": f"http://{HOST}:{bench.port}", "proxy_headers": {"X-A": text}
    },
    ("server_hostname", ""): lambda bench, text: {
        "url": URL(bench.tls_url), "ssl": False, "server_hostname": text
    },
    ("version", ""): lambda _, text: {"version": text},
}  # fmt: skip


def _made(given: Callable[[Bench, str], dict[str, Any]]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        async def middleware(
            request: ClientRequest, handler: martlet.ClientHandlerType
        ) -> martlet.ClientResponse:
            options = {"method": "GET", "url": URL(bench.url), **given(bench, text)}
            other = ClientRequest(options.pop("method"), options.pop("url"), **options)
            return await handler(other)

        await _pass_by(bench, middleware)

    return attempt


class _Deaf:
    """A receiver, and a sink, that lets all pass."""

    def on_head(self, *_: object) -> "_Deaf":
        """Take a head."""
        return self

    def feed(self, _: bytes) -> None:
        """Take a piece."""

    def eof(self) -> None:
        """Take the end."""

    def fail(self, _: BaseException) -> None:
        """Take what went wrong."""


_HEADS: Final[dict[tuple[str, str], Callable[[Bench, str], dict[str, Any]]]] = {
    ("method", ""): lambda _, text: {"method": text},
    ("url", "path"): lambda bench, text: {"url": URL(f"{bench.url}/{text}", encoded=True)},
    ("url", "host"): lambda bench, text: {
        "url": URL(f"http://{text}.test:{bench.port}/", encoded=True)
    },
    ("headers", "name"): lambda _, text: {"headers": {"Host": HOST, text: "1"}},
    ("headers", "value"): lambda _, text: {"headers": {"Host": HOST, "X-A": text}},
    ("headers", "Host"): lambda _, text: {"headers": {"Host": text}},
    ("proxy_headers", "name"): lambda bench, text: {
        "options": TransportOptions(
            proxy=URL(f"http://{HOST}:{bench.port}"), proxy_headers=((text, "1"),)
        )
    },
    ("server_hostname", ""): lambda bench, text: {
        "url": URL(bench.tls_url), "options": TransportOptions(False, text)
    },
}  # fmt: skip

_TUNNELS: Final[dict[str, Callable[[Bench, str], dict[str, Any]]]] = {
    "fields' names": lambda bench, text: _tunnel(bench, ((text, "1"),)),
    "fields' values": lambda bench, text: _tunnel(bench, (("X-A", text),)),
    "target": lambda bench, text: _tunnel(bench, (), URL(f"https://{text}.test/", encoded=True)),
}


def _tunnel(
    bench: Bench, fields: tuple[tuple[str, str], ...], url: URL | None = None
) -> dict[str, Any]:
    proxy = URL(f"http://{HOST}:{bench.port}")
    options = TransportOptions(proxy=proxy, proxy_headers=fields)
    return {"url": url or URL(bench.tls_url), "options": options}


def _refused(sent: Callable[[Bench, str], Any]) -> Callable[[Bench, str], Any]:
    """Have the proxy open none."""

    async def attempt(bench: Bench, text: str) -> None:
        bench.answer_with(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        await sent(bench, text)

    return attempt


def _sent(given: Callable[[Bench, str], dict[str, Any]]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        made: dict[str, Any] = {"method": "GET", "url": URL(bench.url), "headers": {"Host": HOST}}
        made |= given(bench, text)
        section = CIMultiDictProxy(CIMultiDict[str](made["headers"]))
        head = RequestHead(
            made["method"], made["url"], section, options=made.get("options", TransportOptions())
        )
        connector = bench.connector()
        try:
            await connector.send(head, None, _Deaf(), timeouts=Timeouts())
        finally:
            await connector.close()

    return attempt


async def _pass_by(bench: Bench, middleware: martlet.ClientMiddlewareType) -> None:
    async with bench.session(middlewares=[middleware]) as session:
        await session.get(bench.url)


def by_hand_cases() -> Iterator[Case]:
    """Give all of them."""
    for (where, part), change in _CHANGES.items():
        yield Case(where, part, _changing(change), _TEXTS.get(where, "value"))
    for (parameter, part), given in _BY_HAND.items():
        text = _TEXTS.get(parameter, "value")
        yield Case(f"ClientRequest({parameter})", part, _made(given), text)
    for names, given_head in _HEADS.items():
        yield Case("BaseConnector.send(request)", " ".join(names), _sent(given_head))
    for part, given_head in _TUNNELS.items():
        attempt = _refused(_sent(given_head))
        yield Case("BaseConnector.send(request)", f"{part} of a CONNECT", attempt)
