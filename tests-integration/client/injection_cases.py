"""Each text that a session's calls take, and where it goes."""

from collections.abc import Awaitable, Callable, Iterator
from http.cookies import Morsel, SimpleCookie
from typing import Any, Final, cast

from yarl import URL

import martlet

from .injection_bench import HOST, Bench, Case

__all__ = ["VERBS", "request_cases", "session_cases"]

VERBS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_Options = Callable[[Bench, str], dict[str, Any]]


def _proxied(bench: Bench, **options: Any) -> dict[str, Any]:
    return {"proxy": f"http://{HOST}:{bench.port}", **options}


def _cookies(name: str, value: str, **attributes: str) -> SimpleCookie:
    # As a program may put one together that does not ask whether it can be sent.
    morsel: Morsel[str] = Morsel()
    dict.update(morsel, attributes)
    vars(Morsel)["__setstate__"](morsel, {"key": name, "value": value, "coded_value": value})
    cookies = SimpleCookie()
    dict.__setitem__(cookies, name, morsel)
    return cookies


# What a request takes, by parameter and part.
_COMMON: Final[dict[tuple[str, str], _Options]] = {
    ("params", "text"): lambda _, text: {"params": f"a={text}"},
    ("params", "key"): lambda _, text: {"params": {text: "1"}},
    ("params", "value"): lambda _, text: {"params": {"a": text}},
    ("params", "one of several"): lambda _, text: {"params": {"a": ["1", text]}},
    ("headers", "name"): lambda _, text: {"headers": {text: "1"}},
    ("headers", "value"): lambda _, text: {"headers": {"X-A": text}},
    ("headers", "name in pairs"): lambda _, text: {"headers": [(text, "1"), ("X-B", "2")]},
    ("headers", "value in pairs"): lambda _, text: {"headers": [("X-A", "1"), ("X-A", text)]},
    ("headers", "Host"): lambda _, text: {"headers": {"Host": text}},
    ("headers", "Cookie"): lambda _, text: {"headers": {"Cookie": f"a={text}"}},
    ("headers", "User-Agent"): lambda _, text: {"headers": {"User-Agent": text}},
    ("auth", "login"): lambda _, text: {"auth": (text, "p")},
    ("auth", "password"): lambda _, text: {"auth": ("u", text)},
    ("auth", "login of BasicAuth"): lambda _, text: {"auth": martlet.BasicAuth(text, "p")},
    ("auth", "password of BasicAuth"): lambda _, text: {
        "auth": martlet.BasicAuth("u", text, "utf-8")
    },
    ("proxy", "host"): lambda bench, text: {"proxy": f"http://{text}.test:{bench.port}"},
    ("proxy", "login"): lambda bench, text: {"proxy": f"http://{text}:p@{HOST}:{bench.port}"},
    ("proxy", "password"): lambda bench, text: {"proxy": f"http://u:{text}@{HOST}:{bench.port}"},
    ("proxy", "a URL"): lambda bench, text: {
        "proxy": URL(f"http://u:{text}@{HOST}:{bench.port}", encoded=True)
    },
    ("proxy_auth", "login"): lambda bench, text: _proxied(bench, proxy_auth=(text, "p")),
    ("proxy_auth", "password"): lambda bench, text: _proxied(bench, proxy_auth=("u", text)),
}
_OF_REQUESTS: Final[dict[tuple[str, str], _Options]] = {
    ("cookies", "name"): lambda _, text: {"cookies": {text: "1"}},
    ("cookies", "value"): lambda _, text: {"cookies": {"a": text}},
    ("cookies", "value in pairs"): lambda _, text: {"cookies": [("a", text), ("b", "1")]},
    ("cookies", "name of a Morsel"): lambda _, text: {"cookies": _cookies(text, "1")},
    ("cookies", "value of a Morsel"): lambda _, text: {"cookies": _cookies("a", text)},
    ("cookies", "path of a Morsel"): lambda _, text: {"cookies": _cookies("a", "1", path=text)},
    ("cookies", "domain of a Morsel"): lambda _, text: {"cookies": _cookies("a", "1", domain=text)},
    ("skip_auto_headers", ""): lambda _, text: {"skip_auto_headers": [text]},
    ("data", "text"): lambda _, text: {"data": text},
    ("data", "bytes"): lambda _, text: {"data": text.encode()},
    ("data", "key"): lambda _, text: {"data": {text: "1"}},
    ("data", "value"): lambda _, text: {"data": {"a": text}},
    ("data", "key in pairs"): lambda _, text: {"data": [(text, "1"), ("b", "2")]},
    ("data", "key of a file"): lambda _, text: {"data": {text: b"1"}},
    ("json", "key"): lambda _, text: {"json": {text: 1}},
    ("json", "value"): lambda _, text: {"json": {"a": text}},
    ("compress", ""): lambda _, text: {"data": b"a", "compress": text},
    ("proxy_headers", "name"): lambda bench, text: _proxied(bench, proxy_headers={text: "1"}),
    ("proxy_headers", "value"): lambda bench, text: _proxied(bench, proxy_headers={"X-A": text}),
    ("server_hostname", ""): lambda _, text: {"server_hostname": text},
    ("trace_request_ctx", ""): lambda _, text: {"trace_request_ctx": text},
}
_OF_WEBSOCKETS: Final[dict[tuple[str, str], _Options]] = {
    ("method", ""): lambda _, text: {"method": text},
    ("protocols", ""): lambda _, text: {"protocols": [text]},
    ("origin", ""): lambda _, text: {"origin": text},
    ("proxy_headers", "value"): _OF_REQUESTS["proxy_headers", "value"],
    ("proxy_headers", "name"): _OF_REQUESTS["proxy_headers", "name"],
    ("server_hostname", ""): _OF_REQUESTS["server_hostname", ""],
}
_URLS: Final[dict[str, Callable[[Bench, str], str | URL]]] = {
    "whole": lambda bench, text: f"{bench.url}{text}",
    "scheme": lambda bench, text: f"{text}://{HOST}:{bench.port}/",
    "host": lambda bench, text: f"http://{text}.test:{bench.port}/",
    "port": lambda bench, text: f"http://{HOST}:{bench.port}{text}/",
    "path": lambda bench, text: f"http://{HOST}:{bench.port}/{text}/end",
    "query": lambda bench, text: f"{bench.url}?a={text}&b=1",
    "fragment": lambda bench, text: f"{bench.url}#{text}",
    "login": lambda bench, text: f"http://{text}:p@{HOST}:{bench.port}/",
    "password": lambda bench, text: f"http://u:{text}@{HOST}:{bench.port}/",
    "a URL": lambda bench, text: URL(f"{bench.url}/{text}?{text}#{text}"),
    "path of an encoded URL": lambda bench, text: URL(f"{bench.url}/{text}", encoded=True),
    "query of an encoded URL": lambda bench, text: URL(f"{bench.url}?{text}", encoded=True),
    "host of an encoded URL": lambda bench, text: URL(
        f"http://{text}.test:{bench.port}/", encoded=True
    ),
    "host of a URL that was built": lambda bench, text: URL.build(
        scheme="http", host=text, port=bench.port, path="/"
    ),
    "login of an encoded URL": lambda bench, text: URL(
        f"http://{text}:p@{HOST}:{bench.port}/", encoded=True
    ),
    "path of a URL that was built": lambda bench, text: URL.build(
        scheme="http", host=HOST, port=bench.port, path=f"/{text}", encoded=True
    ),
}
# What is no text by itself, and harmless only so.
_TEXTS: Final = {
    ("compress", ""): "gzip",
    ("url", "scheme"): "http",
    ("url", "port"): "",
    ("method", ""): "GET",
}


async def _call(
    bench: Bench, verb: str, options: dict[str, Any], url: str | URL | None = None
) -> None:
    if url is None:
        url = bench.tls_url if "server_hostname" in options else bench.url
    async with bench.session() as session:
        call = getattr(session, verb)
        arguments = (url,) if verb != "request" else ("GET", url)
        async with call(*arguments, **options) as response:
            if verb != "ws_connect":
                await response.read()


async def _call_once(
    bench: Bench, _: str, options: dict[str, Any], url: str | URL | None = None
) -> None:
    if url is None:
        url = bench.tls_url if "server_hostname" in options else bench.url
    connector = bench.connector()
    try:
        async with martlet.request("GET", url, connector=connector, **options) as response:
            await response.read()
    finally:
        await connector.close()


async def _connect_once(
    bench: Bench, _: str, options: dict[str, Any], url: str | URL | None = None
) -> None:
    if url is None:
        url = bench.tls_url if "server_hostname" in options else bench.url
    connector = bench.connector()
    try:
        async with martlet.ws_connect(url, connector=connector, **options):
            pass
    finally:
        await connector.close()


def _cases_of(
    where: str,
    verb: str,
    call: Callable[..., Awaitable[None]],
    table: dict[tuple[str, str], _Options],
) -> Iterator[Case]:
    for (parameter, part), options in table.items():

        async def attempt(bench: Bench, text: str, options: _Options = options) -> None:
            await call(bench, verb, options(bench, text))

        text = _TEXTS.get((parameter, part), "value")
        yield Case(f"{where}({parameter})", part, attempt, text)
    for part, url in _URLS.items():

        async def go(bench: Bench, text: str, url: Callable[[Bench, str], str | URL] = url) -> None:
            await call(bench, verb, {}, url(bench, text))

        text = _TEXTS.get(("url", part), "value")
        # A fragment is not sent, and yarl has made a URL what it is before it is given.
        kept = part != "fragment" and "URL" not in part
        yield Case(f"{where}(url)", part, go, text, kept=kept)


async def _with_method(bench: Bench, text: str) -> None:
    async with bench.session() as session, session.request(text, bench.url) as response:
        await response.read()


async def _with_method_once(bench: Bench, text: str) -> None:
    connector = bench.connector()
    try:
        await martlet.request(text, bench.url, connector=connector)
    finally:
        await connector.close()


async def _with_version_once(bench: Bench, text: str) -> None:
    version = martlet.HttpVersion(1, cast("int", text))
    connector = bench.connector()
    try:
        await martlet.request("GET", bench.url, connector=connector, version=version)
    finally:
        await connector.close()


def _reconnecting(url: Callable[[Bench, str], str | URL]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        async with bench.session() as session:
            async for _ in session.ws_reconnect(url(bench, text)):
                pass

    return attempt


def request_cases() -> Iterator[Case]:
    """Give what verbs take."""
    table = _COMMON | _OF_REQUESTS
    for verb in VERBS:
        yield from _cases_of(f"ClientSession.{verb}", verb, _call, table)
    yield from _cases_of("ClientSession.ws_connect", "ws_connect", _call, _COMMON | _OF_WEBSOCKETS)
    yield from _cases_of("ws_connect", "", _connect_once, _COMMON | _OF_WEBSOCKETS)
    yield from _cases_of("request", "", _call_once, table)
    yield Case("request(version)", "", _with_version_once, refused=True)
    for part, url in _URLS.items():
        text = _TEXTS.get(("url", part), "value")
        yield Case("ClientSession.ws_reconnect(url)", part, _reconnecting(url), text)
    yield Case("ClientSession.request(method)", "", _with_method)
    yield Case("request(method)", "", _with_method_once)


# What a session takes besides what each request does.
_OF_SESSIONS: Final[dict[tuple[str, str], _Options]] = {
    **{key: options for key, options in _COMMON.items() if key[0] != "params"},
    ("base_url", "host"): lambda bench, text: {"base_url": f"http://{text}.test:{bench.port}/"},
    ("base_url", "path"): lambda bench, text: {"base_url": f"http://{HOST}:{bench.port}/{text}/"},
    ("base_url", "login"): lambda bench, text: {
        "base_url": f"http://{text}:p@{HOST}:{bench.port}/"
    },
    ("base_url", "an encoded URL"): lambda bench, text: {
        "base_url": URL(f"http://{HOST}:{bench.port}/{text}/", encoded=True)
    },
    ("cookies", "name"): lambda _, text: {"cookies": {text: "1"}},
    ("cookies", "value"): lambda _, text: {"cookies": {"a": text}},
    ("cookies", "value of a Morsel"): lambda _, text: {"cookies": _cookies("a", text)},
    ("skip_auto_headers", ""): lambda _, text: {"skip_auto_headers": [text]},
    ("proxies", "scheme"): lambda bench, text: {
        "proxies": {text: f"http://{HOST}:{bench.port}", "http": None}
    },
    ("proxies", "host"): lambda bench, text: {
        "proxies": {"http": f"http://{text}.test:{bench.port}"}
    },
    ("proxies", "password"): lambda bench, text: {
        "proxies": {"http": f"http://u:{text}@{HOST}:{bench.port}"}
    },
    ("version", ""): lambda _, text: {"version": martlet.HttpVersion(1, cast("int", text))},
}


def session_cases() -> Iterator[Case]:
    """Give what sessions take."""
    for (parameter, part), options in _OF_SESSIONS.items():

        async def attempt(bench: Bench, text: str, options: _Options = options) -> None:
            given = options(bench, text)
            async with bench.session(**given) as session:
                url = "end" if "base_url" in given else bench.url
                async with session.get(url) as response:
                    await response.read()

        text = "https" if (parameter, part) == ("proxies", "scheme") else "value"
        refused = parameter == "version"
        yield Case(f"ClientSession({parameter})", part, attempt, text, refused=refused)
    for parameter, made in (
        ("json_serialize", lambda text: lambda _: text),
        ("json_serialize_bytes", lambda text: lambda _: text.encode()),
    ):

        async def serialize(
            bench: Bench, text: str, parameter: str = parameter, made: Any = made
        ) -> None:
            async with bench.session(**{parameter: made(text)}) as session:
                await session.post(bench.url, json=1, headers={"Content-Type": "text/plain"})

        yield Case(f"ClientSession({parameter})", "", serialize)

    async def changed_value(bench: Bench, text: str) -> None:
        async with bench.session() as session:
            session.headers["X-A"] = text
            await session.get(bench.url)

    async def changed_name(bench: Bench, text: str) -> None:
        async with bench.session() as session:
            session.headers[text] = "1"
            await session.get(bench.url)

    yield Case("ClientSession(headers)", "value that is changed", changed_value)
    yield Case("ClientSession(headers)", "name that is changed", changed_name)
