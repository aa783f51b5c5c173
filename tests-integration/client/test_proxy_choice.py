"""Which proxy a request goes by, and whose credentials it gets, with real proxies."""

import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

import martlet

from .proxied import Proxied, serve_proxied
from .world import client_context


@pytest.fixture(scope="module")
def proxied() -> Iterator[Proxied]:
    with serve_proxied() as servers:
        yield servers


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("REQUEST_METHOD", raising=False)
    monkeypatch.setenv("NETRC", os.devnull)


async def by_request(session: martlet.ClientSession, url: str, options: dict[str, Any]) -> str:
    async with session.get(url, **options) as got:
        if got.status in {401, 407}:  # tinyproxy says 401, whatever RFC 9110 section 11.7.1 says
            return "refused"
        assert got.status == 200
        return await got.text()


async def by_websocket(session: martlet.ClientSession, url: str, options: dict[str, Any]) -> str:
    try:
        async with session.ws_connect(url, **options) as ws:
            return str(await ws.receive_str())
    except martlet.WSServerHandshakeError as exc:
        return "refused" if exc.status in {401, 407} else str(exc)


Way = Callable[[martlet.ClientSession, str, dict[str, Any]], Awaitable[str]]

# How the origin is asked, and by which of its schemes.
WAYS: Final[dict[str, tuple[Way, str, str]]] = {
    "request": (by_request, "http", "https"),
    "ws_connect": (by_websocket, "ws", "wss"),
}


NONE: Final[dict[str, Any]] = {}


class Row(NamedTuple):
    """One case; what stands in braces are the names of servers, for `Proxied.filled`."""

    expected: str
    """The same for http and https, unless `or_tls` is given."""
    session: dict[str, Any] = NONE
    request: dict[str, Any] = NONE
    environ: dict[str, str] = NONE
    netrc: str = ""
    or_tls: str = ""
    or_tunnel: str = ""
    """The same for what goes by a tunnel: by TLS, or a WebSocket."""

    def name(self) -> str:
        parts = (self.session, self.request, self.environ, self.netrc)
        return " ".join(str(part) for part in parts if part) or "nothing"


TINY, SQUID, USERS = "http://{tiny}", "http://{squid}", "http://{users}"
ANN, BOB, CAT = ("http://" + user + ":pass@{users}" for user in ("ann", "bob", "cat"))
NETRC = "machine localhost login dan password pass\n"
TRUST: dict[str, Any] = {"trust_env": True}

ROWS = [
    Row("directly"),
    # The request's proxy, the session's, its mapping, the environment.
    Row("tiny", request={"proxy": TINY}),
    Row("tiny", {"proxy": TINY}),
    Row("tiny", {"proxies": {"all": TINY}}),
    Row("tiny", TRUST, environ={"all_proxy": TINY}),
    Row("directly", {}, environ={"all_proxy": TINY}),
    Row("squid", {"proxy": TINY}, {"proxy": SQUID}),
    Row("squid", {"proxies": {"all": TINY}}, {"proxy": SQUID}),
    Row("squid", TRUST, {"proxy": SQUID}, {"all_proxy": TINY}),
    Row("squid", {"proxy": SQUID, "proxies": {"all": TINY}}),
    Row("squid", TRUST | {"proxy": SQUID}, environ={"all_proxy": TINY}),
    Row("squid", TRUST | {"proxies": {"all": SQUID}}, environ={"all_proxy": TINY}),
    Row("squid", TRUST | {"proxy": SQUID}, environ={"all_proxy": TINY, "no_proxy": "*"}),
    Row("squid", TRUST, {"proxy": SQUID}, {"no_proxy": "*"}),
    # Directly, whatever else is there.
    Row("directly", {"proxy": TINY}, {"proxy": ""}),
    Row("directly", TRUST, {"proxy": ""}, {"all_proxy": TINY}),
    Row("directly", TRUST | {"proxy": ""}, environ={"all_proxy": TINY}),
    Row("directly", TRUST | {"proxies": {"all": None}}, environ={"all_proxy": TINY}),
    # By scheme.
    Row("tiny", {"proxies": {"http": TINY, "https": SQUID}}, or_tls="squid"),
    Row("tiny", {"proxies": {"http": TINY}}, or_tls="directly"),
    Row("directly", {"proxies": {"https": TINY}}, or_tls="tiny"),
    Row("tiny", {"proxies": {"HTTP://": TINY, "all": SQUID}}, or_tls="squid"),
    Row("squid", {"proxies": {"http": TINY, "http://127.0.0.1": SQUID}}, or_tls="directly"),
    Row("tiny", {"proxies": {"all": TINY, "no": "localhost,192.168.0.0/16"}}),
    Row("directly", {"proxies": {"all": TINY, "no": "localhost,127.0.0.0/8"}}),
    Row("tiny", TRUST, environ={"http_proxy": TINY, "https_proxy": SQUID}, or_tls="squid"),
    Row("tiny", TRUST, environ={"HTTP_PROXY": TINY, "HTTPS_PROXY": SQUID}, or_tls="squid"),
    Row("tiny", TRUST, environ={"HTTP_PROXY": TINY}, or_tls="directly"),
    Row("tiny", TRUST, environ={"HTTP_PROXY": TINY, "ALL_PROXY": SQUID}, or_tls="squid"),
    Row("tiny", TRUST | {"proxies": {"http": TINY}}, environ={"all_proxy": SQUID}, or_tls="squid"),
    # How variables are written.
    Row("tiny", TRUST, environ={"all_proxy": TINY, "ALL_PROXY": SQUID}),
    Row("directly", TRUST, environ={"all_proxy": "", "ALL_PROXY": SQUID}),
    Row("tiny", TRUST, environ={"all_proxy": "{tiny}"}),
    Row("tiny", TRUST, environ={"all_proxy": " http://{tiny}/ "}),
    Row(
        "squid",
        TRUST,
        environ={"HTTP_PROXY": TINY, "REQUEST_METHOD": "GET", "all_proxy": SQUID},
    ),
    # What is reached directly.
    Row("directly", TRUST, environ={"all_proxy": TINY, "no_proxy": "127.0.0.1"}),
    Row("directly", TRUST, environ={"all_proxy": TINY, "NO_PROXY": "a.test 127.0.0.0/8"}),
    Row("tiny", TRUST, environ={"all_proxy": TINY, "no_proxy": "localhost,127.0.0.2"}),
    Row("tiny", TRUST, environ={"all_proxy": TINY, "no_proxy": "", "NO_PROXY": "*"}),
    Row(
        "directly",
        TRUST,
        environ={"all_proxy": TINY, "no_proxy": "127.0.0.1:{http}"},
        or_tls="tiny",
    ),
    # Credentials of the request.
    Row("refused", request={"proxy": USERS}),
    Row("ann@squid", request={"proxy": ANN}),
    Row("bob@squid", request={"proxy": USERS, "proxy_auth": ("bob", "pass")}),
    Row("bob@squid", request={"proxy": ANN, "proxy_auth": martlet.BasicAuth("bob", "pass")}),
    Row("refused", request={"proxy": ANN, "proxy_auth": ("ann", "wrong")}),
    Row("bob@squid", {"proxy": ANN}, {"proxy_auth": ("bob", "pass")}),
    Row("bob@squid", {"proxies": {"all": ANN}}, {"proxy_auth": ("bob", "pass")}),
    Row("bob@squid", TRUST, {"proxy_auth": ("bob", "pass")}, {"all_proxy": ANN}, NETRC),
    Row("directly", request={"proxy_auth": ("bob", "pass")}),
    Row(
        "cat@squid",
        {"proxy": USERS, "proxy_auth": ("ann", "pass")},
        {"proxy_headers": {"Proxy-Authorization": martlet.BasicAuth("cat", "pass").encode()}},
    ),
    # Of the session.
    Row("ann@squid", {"proxy": ANN}),
    Row("bob@squid", {"proxy": USERS, "proxy_auth": ("bob", "pass")}),
    Row("bob@squid", {"proxy": ANN, "proxy_auth": ("bob", "pass")}),
    Row("ann@squid", {"proxies": {"all": ANN}}),
    Row("cat@squid", {"proxies": {"http": ANN, "https": BOB}, "proxy_auth": ("cat", "pass")}, {
        "proxy": CAT,
    }),
    Row("ann@squid", {"proxies": {"http": ANN, "https": BOB}}, or_tls="bob@squid"),
    Row("bob@squid", {"proxies": {"all": USERS}, "proxy_auth": ("bob", "pass")}),
    Row("bob@squid", {"proxy_auth": ("bob", "pass")}, {"proxy": USERS}),
    Row("ann@squid", {"proxy_auth": ("bob", "pass")}, {"proxy": ANN}),
    Row("bob@squid", {"proxy": USERS, "proxy_auth": ("bob", "pass")}, {"proxy": USERS}),
    # They are for the proxy that they were given for.
    Row("refused", {"proxy": TINY, "proxy_auth": ("bob", "pass")}, {"proxy": USERS}),
    Row("refused", TRUST | {"proxy_auth": ("bob", "pass")}, environ={"all_proxy": USERS}),
    # Of the environment.
    Row("ann@squid", TRUST, environ={"all_proxy": ANN}),
    Row("ann@squid", TRUST, environ={"all_proxy": "ann:pa%73s@{users}"}),
    Row("ann@squid", TRUST, environ={"all_proxy": ANN}, netrc=NETRC),
    Row("dan@squid", TRUST, environ={"all_proxy": USERS}, netrc=NETRC),
    Row("refused", TRUST, environ={"all_proxy": USERS}, netrc="machine other login dan\n"),
    Row("refused", {"proxy": USERS}, netrc=NETRC),
    Row("refused", TRUST | {"proxy": USERS}, netrc=NETRC),
    Row("refused", TRUST, {"proxy": USERS}, {"all_proxy": ANN}, NETRC),
    # By tinyproxy, which knows ann alone.
    Row("shy", request={"proxy": "http://ann:pass@{shy}"}),
    Row("shy", {"proxy": "http://{shy}", "proxy_auth": ("ann", "pass")}),
    Row("shy", TRUST, environ={"all_proxy": "ann:pass@{shy}"}),
    Row("refused", TRUST, environ={"all_proxy": "http://{shy}"}),
    Row("refused", TRUST, environ={"all_proxy": "http://{shy}"}, netrc=NETRC),
    # By TLS.
    Row("ann@squid", request={"proxy": "https://ann:pass@{tls}"}),
    Row("dan@squid", TRUST, environ={"all_proxy": "https://{tls}"}, netrc=NETRC),
    # Fields for the proxy, which hands on those of a request that it reads.
    Row("squid one", request={"proxy": SQUID, "proxy_headers": {"X-For-Proxy": "one"}},
        or_tunnel="squid"),
    Row("squid one", TRUST, {"proxy_headers": {"X-For-Proxy": "one"}}, {"all_proxy": SQUID},
        or_tunnel="squid"),
    Row("directly", request={"proxy_headers": {"X-For-Proxy": "one"}}),
]  # fmt: skip


def filled(proxied: Proxied, value: Any) -> Any:
    """Put ports into all strings of *value*."""
    if isinstance(value, str):
        return proxied.filled(value)
    return {k: filled(proxied, v) for k, v in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("row", ROWS, ids=Row.name)
async def test_choice(
    proxied: Proxied,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    row: Row,
    way: str,
    tls: bool,
) -> None:
    if way == "ws_connect":
        proxied = proxied.by_websocket()
    for name, value in row.environ.items():
        monkeypatch.setenv(name, proxied.filled(value))
    if row.netrc:
        (tmp_path / "netrc").write_text(row.netrc)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    ask, plain_scheme, tls_scheme = WAYS[way]
    url = proxied.origin(tls_scheme if tls else plain_scheme)
    tunnel = tls or way == "ws_connect"
    expected = (tunnel and row.or_tunnel) or (tls and row.or_tls) or row.expected
    options = {"ssl": client_context(), **filled(proxied, row.request)}
    async with martlet.ClientSession(**filled(proxied, row.session)) as session:
        for _ in range(2):  # the second one may find a connection
            try:
                told = await ask(session, url, options)
            except martlet.ClientHttpProxyError as exc:
                told = "refused" if exc.status in {401, 407} else str(exc)
            found = proxied.sender(told) if told.startswith("{") else told
            assert found == expected


async def test_each_hop_chooses_anew(proxied: Proxied, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", proxied.filled(ANN))
    monkeypatch.setenv("https_proxy", proxied.filled(BOB))
    async with martlet.ClientSession(trust_env=True) as session:
        url = f"{proxied.origin('http')}/away"
        async with session.get(url, ssl=client_context()) as got:
            assert len(got.history) == 1
            assert "squid" in got.history[0].headers["Via"]
            assert proxied.sender(await got.text()) == "bob@squid"
        monkeypatch.setenv("no_proxy", proxied.filled("127.0.0.1:{https}"))
        async with session.get(url, ssl=client_context()) as got:
            assert "squid" in got.history[0].headers["Via"]
            assert proxied.sender(await got.text()) == "directly"


async def test_the_environment_may_change_between_requests(
    proxied: Proxied, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with martlet.ClientSession(trust_env=True) as session:
        for value in (TINY, SQUID, ANN, BOB, TINY, ANN):
            monkeypatch.setenv("http_proxy", proxied.filled(value))
            told = await by_request(session, proxied.origin("http"), {})
            name = value.removeprefix("http://").partition(":")[0].strip("{}")
            expected = f"{name}@squid" if "@" in value else name
            assert proxied.sender(told) == expected


@pytest.mark.parametrize(
    ("session", "request_", "environ", "message"),
    [
        ({}, {"proxy": "ann:secret@p:1"}, {}, "no scheme; write http://"),
        ({}, {"proxy": "socks5://ann:secret@p:1"}, {}, "its scheme is socks5"),
        ({}, {"proxy": TINY, "proxy_headers": {"X": "secret\n"}}, {}, "control character"),
        (TRUST, {}, {"all_proxy": "socks5://ann:secret@p:1"}, "the variable all_proxy"),
        (TRUST, {}, {"HTTP_PROXY": "http://ann:secret@"}, "the variable HTTP_PROXY"),
    ],
)
async def test_mistakes(
    proxied: Proxied,
    monkeypatch: pytest.MonkeyPatch,
    session: dict[str, Any],
    request_: dict[str, Any],
    environ: dict[str, str],
    message: str,
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    async with martlet.ClientSession(**session) as opened:
        with pytest.raises(ValueError, match=message) as caught:
            await opened.get(proxied.origin("http"), **filled(proxied, request_))
        assert "secret" not in f"{caught.value} {caught.value!r}"
        assert "unused" in repr(opened.connector)
