"""Each text that objects take which requests go through: jars, credentials, middlewares."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from attrs import evolve
from multidict import CIMultiDict
from yarl import URL

import martlet
from martlet_cookiejar import Cookie

from .injection_bench import HOST, Bench, Case

__all__ = ["object_cases"]

_CHALLENGE: Final = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
    b'WWW-Authenticate: Digest realm="r", nonce="n", qop="%b", algorithm=%b\r\n\r\n'
)
_TEXTS: Final = {"BasicAuth.decode(auth_header)": "Basic dTpw"}
_MOVED: Final = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /there\r\n\r\n"


async def _get(bench: Bench, **options: Any) -> None:
    async with bench.session(**options) as session, session.get(bench.url) as response:
        await response.read()


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


def _basic(make: Callable[[str], Any]) -> Callable[[Bench, str], Any]:
    """Send credentials, or the field that has been made of some."""

    async def attempt(bench: Bench, text: str) -> None:
        made = make(text)
        if isinstance(made, str):
            await _get(bench, headers={"Authorization": made})
        else:
            await _get(bench, auth=made)

    return attempt


_CREDENTIALS: Final[dict[str, Callable[[str], Any]]] = {
    "BasicAuth(login)": lambda text: martlet.BasicAuth(text, "p", "utf-8"),
    "BasicAuth(password)": lambda text: martlet.BasicAuth("u", text, "utf-8"),
    "BasicAuth(encoding)": lambda text: martlet.BasicAuth("u", "p", text),
    "BasicAuth.decode(auth_header)": lambda text: martlet.BasicAuth.decode(text),
    "BasicAuth.decode(encoding)": lambda text: martlet.BasicAuth.decode("Basic dTpw", text),
    "BasicAuth.from_url(url)": lambda text: martlet.BasicAuth.from_url(
        URL(f"http://{text}:{text}@{HOST}/", encoded=True), encoding="utf-8"
    ),
    "BasicAuth.from_url(encoding)": lambda text: martlet.BasicAuth.from_url(
        URL(f"http://u:p@{HOST}/"), encoding=text
    ),
    "encode_basic_auth(login)": lambda text: martlet.encode_basic_auth(text, "p"),
    "encode_basic_auth(password)": lambda text: martlet.encode_basic_auth("u", text),
    "encode_basic_auth(encoding)": lambda text: martlet.encode_basic_auth("u", "p", text),
}


def _digest(pair: Callable[[str], tuple[str, str]]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        await _get(bench, middlewares=[martlet.DigestAuthMiddleware(*pair(text))])

    return attempt


async def _retried(bench: Bench, text: str) -> None:
    middleware = martlet.RetryMiddleware(2, methods=[text], jitter=False)
    await _get(bench, middlewares=[middleware])


def _traced(change: Callable[[CIMultiDict[str], str], None]) -> Callable[[Bench, str], Any]:
    async def attempt(bench: Bench, text: str) -> None:
        async def on_start(_: object, __: object, params: martlet.TraceRequestStartParams) -> None:
            change(params.headers, text)

        trace = martlet.TraceConfig()
        trace.on_request_start.append(on_start)
        await _get(bench, trace_configs=[trace])

    return attempt


def _steered(change: Callable[[martlet.Redirect, str], martlet.Redirect]) -> Any:
    async def attempt(bench: Bench, text: str) -> None:
        await _get(bench, redirect_policy=lambda redirect: change(redirect, text))

    return attempt


def object_cases() -> Iterator[Case]:
    """Give all of them."""
    for where, make in _CREDENTIALS.items():
        text = _TEXTS.get(where, "utf-8" if "(encoding)" in where else "value")
        yield Case(where, "", _basic(make), text)
    for (where, part), fill in _JARS.items():
        may_drop = b"Cookie" if "headers" in where else b""
        yield Case(f"CookieJar.{where}", part, _with_jar(fill), may_drop=may_drop)
    for qop, algorithm in ((b"auth", b"MD5"), (b"auth-int", b"SHA-256-sess")):
        answers = (_CHALLENGE % (qop, algorithm),)
        for where, pair in (
            ("DigestAuthMiddleware(login)", lambda text: (text, "p")),
            ("DigestAuthMiddleware(password)", lambda text: ("u", text)),
        ):
            yield Case(where, qop.decode(), _digest(pair), answers=answers)
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
