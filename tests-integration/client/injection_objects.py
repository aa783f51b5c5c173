"""Each text that objects take which requests go through: jars, credentials, middlewares."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from attrs import evolve
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

import martlet
from martlet import ClientRequest
from martlet_cookiejar import Cookie
from martlet_interfaces import RequestHead, Timeouts, TransportOptions

from .injection_bench import HOST, Bench, Case

__all__ = ["object_cases"]

_CHALLENGE: Final = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
    b'WWW-Authenticate: Digest realm="r", nonce="n", qop="%b", algorithm=%b\r\n\r\n'
)
_MOVED: Final = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /there\r\n\r\n"
_Change = Callable[[ClientRequest, str], Any]


async def _get(bench: Bench, **options: Any) -> None:
    async with bench.session(**options) as session, session.get(bench.url) as response:
        await response.read()


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
    ("ClientRequest.update_headers(headers)", "name"): lambda request, text: (
        request.update_headers({text: "1"})
    ),
    ("ClientRequest.update_headers(headers)", "value"): lambda request, text: (
        request.update_headers({"X-A": text})
    ),
    ("ClientRequest.update_headers(headers)", "Host"): lambda request, text: (
        request.update_headers({"Host": text})
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
    ("ClientRequest.update_cookies(cookies)", "name"): lambda request, text: (
        request.update_cookies({text: "1"})
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

        await _get(bench, middlewares=[middleware])

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

        await _get(bench, middlewares=[middleware])

    return attempt


# What a jar takes.
_JARS: Final[dict[tuple[str, str], Callable[[martlet.CookieJar, str], None]]] = {
    ("update_cookies(cookies)", "name"): lambda jar, text: jar.update_cookies({text: "1"}),
    ("update_cookies(cookies)", "value"): lambda jar, text: jar.update_cookies({"a": text}),
    ("update_cookies(response_url)", ""): lambda jar, text: jar.update_cookies(
        {"a": "1"}, f"http://{HOST}/{text}"
    ),
    ("update_cookies_from_headers(headers)", "name"): lambda jar, text: (
        jar.update_cookies_from_headers([f"{text}=1; Path=/"], f"http://{HOST}/")
    ),
    ("update_cookies_from_headers(headers)", "value"): lambda jar, text: (
        jar.update_cookies_from_headers([f"a={text}; Path=/"], f"http://{HOST}/")
    ),
    ("update_cookies_from_headers(headers)", "path"): lambda jar, text: (
        jar.update_cookies_from_headers([f"a=1; Path=/{text}"], f"http://{HOST}/")
    ),
    ("update_cookies_from_headers(response_url)", ""): lambda jar, text: (
        jar.update_cookies_from_headers(["a=1"], f"http://{HOST}/{text}")
    ),
    ("add(cookie)", "name"): lambda jar, text: jar.add(Cookie(text, "1")),
    ("add(cookie)", "value"): lambda jar, text: jar.add(Cookie("a", text)),
    ("add(cookie)", "path"): lambda jar, text: jar.add(Cookie("a", "1", path=f"/{text}")),
    ("add(cookie)", "domain"): lambda jar, text: jar.add(Cookie("a", "1", domain=f"{text}.test")),
}


def _with_jar(fill: Callable[[martlet.CookieJar, str], None]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        jar = martlet.CookieJar()
        fill(jar, text)
        await _get(bench, cookie_jar=jar)

    return attempt


def _digest(login: Callable[[str], tuple[str, str]]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        await _get(bench, middlewares=[martlet.DigestAuthMiddleware(*login(text))])

    return attempt


async def _retried(bench: Bench, text: str) -> None:
    middleware = martlet.RetryMiddleware(2, methods=[text], jitter=False)
    await _get(bench, middlewares=[middleware])


def _traced(change: Callable[[CIMultiDict[str], str], None]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        async def on_start(
            _: object, __: object, params: martlet.TraceRequestStartParams
        ) -> None:
            change(params.headers, text)

        trace = martlet.TraceConfig()
        trace.on_request_start.append(on_start)
        await _get(bench, trace_configs=[trace])

    return attempt


def _steered(change: Callable[[martlet.Redirect, str], martlet.Redirect]) -> Any:
    async def attempt(bench: Bench, text: str) -> None:
        await _get(bench, redirect_policy=lambda redirect: change(redirect, text))

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
    ("proxy_headers", "value of a CONNECT"): lambda bench, text: {
        "url": URL(bench.tls_url),
        "options": TransportOptions(
            proxy=URL(f"http://{HOST}:{bench.port}"), proxy_headers=(("X-A", text),)
        ),
    },
    ("server_hostname", ""): lambda bench, text: {
        "url": URL(bench.tls_url), "options": TransportOptions(False, text)
    },
}  # fmt: skip


def _sent(given: Callable[[Bench, str], dict[str, Any]]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        made = {"method": "GET", "url": URL(bench.url), "headers": {"Host": HOST}}
        made |= given(bench, text)
        section = CIMultiDictProxy(CIMultiDict(made["headers"]))
        head = RequestHead(
            made["method"], made["url"], section, options=made.get("options", TransportOptions())
        )
        connector = bench.connector()
        try:
            await connector.send(head, None, _Deaf(), timeouts=Timeouts())
        finally:
            await connector.close()

    return attempt


def object_cases() -> Iterator[Case]:
    """Give all of them."""
    texts = {
        "ClientRequest.update_version(version)": "1.1",
        "version": "1.1",
        "ClientRequest.compress": "gzip",
        "compress": "gzip",
    }
    for (where, part), change in _CHANGES.items():
        yield Case(where, part, _changing(change), texts.get(where, "value"))
    for (parameter, part), given in _BY_HAND.items():
        where = f"ClientRequest({parameter})"
        yield Case(where, part, _made(given), texts.get(parameter, "value"))
    for (where, part), fill in _JARS.items():
        yield Case(f"CookieJar.{where}", part, _with_jar(fill))
    for parameter, given_head in _HEADS.items():
        yield Case("BaseConnector.send(request)", " ".join(parameter), _sent(given_head))
    for qop, algorithm in ((b"auth", b"MD5"), (b"auth-int", b"SHA-256-sess")):
        answers = (_CHALLENGE % (qop, algorithm),)
        for where, login in (
            ("DigestAuthMiddleware(login)", lambda text: (text, "p")),
            ("DigestAuthMiddleware(password)", lambda text: ("u", text)),
        ):
            yield Case(where, qop.decode(), _digest(login), answers=answers)
    yield Case("RetryMiddleware(methods)", "", _retried)
    yield Case(
        "TraceRequestStartParams(headers)", "name",
        _traced(lambda headers, text: headers.add(text, "1")),
    )  # fmt: skip
    yield Case(
        "TraceRequestStartParams(headers)", "value",
        _traced(lambda headers, text: headers.add("X-A", text)),
    )  # fmt: skip
    for part, steer in (
        ("method", lambda redirect, text: evolve(redirect, method=text)),
        ("url", lambda redirect, text: evolve(redirect, url=redirect.url / text)),
        (
            "url",
            lambda redirect, text: evolve(
                redirect, url=URL(f"{redirect.url}/{text}", encoded=True)
            ),
        ),
    ):
        yield Case(f"Redirect({part})", "", _steered(steer), answers=(_MOVED,))
