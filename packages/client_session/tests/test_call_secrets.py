"""What is secret, over redirects: it is seen by whom it is meant for, and by nobody else."""

from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session import BasicAuth, ClientSession
from martlet_client_session._origin import origin

from .redirecting import chain, redirect, sent
from .scripted import ScriptedConnector, answer, run_virtual

U, V = "Basic dTpw", "Basic djpw"
BEARER = {"Authorization": "Bearer b"}


async def asked(
    connector: ScriptedConnector,
    hops: str,
    options: dict[str, Any],
    of_session: dict[str, Any] | None = None,
) -> None:
    """Ask for the first of *hops*, whose redirects lead over the others."""
    first, *others = hops.split()
    connector.script = chain(*map(redirect, others), answer())
    async with ClientSession(connector=connector, **(of_session or {})) as session:
        await session.get(first, **options)


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        ("http://h/ /x http://h/y HTTP://H:80/z", [True, True, True, True]),
        ("http://h/ http://o/", [True, False]),
        ("http://h/ http://o/ http://o/x", [True, False, False]),
        ("http://h/ http://o/ http://h/", [True, False, False]),
        ("http://h/ https://h/", [True, False]),
        ("https://h/ http://h/ https://h/", [True, False, False]),
        ("http://h/ http://h:81/", [True, False]),
        ("http://h/ http://h./", [True, False]),
        ("http://h/ http://sub.h/", [True, False]),
        ("http://h/ //h/x", [True, True]),
        ("http://[::1]/ http://[::1]:80/", [True, True]),
        ("http://xn--bcher-kva/ http://b\u00fccher/ http://B\u00dcCHER/", [True, True, True]),
    ],
)
@pytest.mark.parametrize(
    ("options", "of_session", "name", "value"),
    [
        ({"auth": ("u", "p")}, {}, "Authorization", U),
        ({"auth": BasicAuth("u", "p")}, {}, "Authorization", U),
        ({"headers": {"authorization": "Bearer b"}}, {}, "Authorization", "Bearer b"),
        (
            {"headers": [("AUTHORIZATION", "a"), ("authorization", "b")]},
            {},
            "Authorization",
            "a, b",
        ),
        ({"headers": {"cookie": "a=1"}}, {}, "Cookie", "a=1"),
        ({"headers": {"proxy-AUTHORIZATION": "p"}}, {}, "Proxy-Authorization", "p"),
        ({"cookies": {"a": "1"}}, {}, "Cookie", "a=1"),
        ({"cookies": {"a": "1"}, "headers": {"Cookie": "b=2"}}, {}, "Cookie", "a=1; b=2"),
        ({}, {"auth": ("u", "p")}, "Authorization", U),
        ({}, {"headers": BEARER}, "Authorization", "Bearer b"),
        ({}, {"headers": {"Cookie": "a=1"}}, "Cookie", "a=1"),
    ],
)
async def test_it_stays_with_its_origin_and_never_comes_back(
    connector: ScriptedConnector,
    hops: str,
    expected: list[bool],
    options: dict[str, Any],
    of_session: dict[str, Any],
    name: str,
    value: str,
) -> None:
    await asked(connector, hops, options, of_session)
    assert sent(connector, name) == [value if is_sent else None for is_sent in expected]


@pytest.mark.parametrize(
    ("hops", "options", "of_session", "expected"),
    [
        # Credentials in a URL are for it, and for what it leads to at its origin.
        ("http://u:p@h/ /x http://o/ http://h/", {}, {}, [U, U, None, None]),
        ("http://h/ http://u:p@h/ /x", {}, {}, [None, U, U]),
        ("http://h/ http://u:p@o/ /x http://h/", {}, {}, [None, U, U, None]),
        ("http://u:p@h/ http://v:p@h/ /x", {}, {}, [U, V, V]),
        ("http://u:p@h/ http://v:p@o/ http://h/", {}, {}, [U, V, None]),
        ("http://h/ http://v:p@o/", {"auth": ("u", "p")}, {}, [U, V]),
        ("http://h/ http://v:p@h/", {"headers": BEARER}, {}, ["Bearer b", V]),
        ("http://h/ http://v:p@h/", {}, {"auth": ("u", "p")}, [U, V]),
        # The session's own, where it has a base.
        ("/x /y http://o/ http://h/", {}, {"base_url": "http://h/", "auth": ("u", "p")},
         [U, U, None, None]),
        ("http://o/ http://h/", {}, {"base_url": "http://h/", "auth": ("u", "p")}, [None, None]),
        # A request's own are better than those, and fields than the session's credentials.
        ("http://h/ /x", {"auth": ("v", "p")}, {"auth": ("u", "p")}, [V, V]),
        ("http://v:p@h/ /x", {}, {"auth": ("u", "p")}, [V, V]),
        ("http://h/ /x", {"headers": BEARER}, {"auth": ("u", "p")}, ["Bearer b", "Bearer b"]),
        ("http://h/", {}, {"auth": ("u", "p"), "headers": BEARER}, ["Bearer b"]),
        ("http://h/", {"auth": ("v", "p")}, {"headers": BEARER}, [V]),
    ],
)  # fmt: skip
async def test_credentials_in_urls(
    connector: ScriptedConnector,
    hops: str,
    options: dict[str, Any],
    of_session: dict[str, Any],
    expected: list[str | None],
) -> None:
    await asked(connector, hops, options, of_session)
    assert sent(connector, "Authorization") == expected
    for exchange in connector.exchanges:
        assert exchange.request.url.raw_user is None
        assert exchange.request.url.raw_password is None


@pytest.mark.parametrize(
    ("hops", "options", "of_session", "expected"),
    [
        ("http://h/ /x http://o/ http://h/", {}, {}, ["h", "h", "o", "h"]),
        ("http://h/ http://d/ http://h/", {}, {}, ["h", None, "h"]),
        ("http://d/ /x http://e/", {}, {}, ["d", "d", None]),
        ("http://h/ https://h/ http://h:81/", {}, {}, ["h", None, None]),
        ("http://h/ /x", {"auth": ("u", "p")}, {}, [U, U]),
        ("http://h/ http://o/", {"auth": ("u", "p")}, {}, [U, "o"]),
        ("http://h/ http://o/", {"headers": BEARER}, {}, ["Bearer b", "o"]),
        ("http://u:p@h/ /x", {}, {}, [U, U]),
        ("http://h/ http://u:p@o/ /x", {}, {}, ["h", U, U]),
        ("http://h/ http://o/", {}, {"auth": ("u", "p")}, [U, "o"]),
        ("http://h/", {}, {"headers": BEARER}, ["Bearer b"]),
    ],
)
@pytest.mark.parametrize("own_class", [False, True])
async def test_credentials_of_the_users_file_are_for_where_there_are_no_others(
    connector: ScriptedConnector,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hops: str,
    options: dict[str, Any],
    of_session: dict[str, Any],
    expected: list[str | None],
    own_class: bool,
) -> None:
    from martlet_client_session import ClientRequest

    class Own(ClientRequest):
        pass

    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    path = tmp_path / "netrc"
    path.write_text(
        "machine h login h password p\nmachine o login o password p\ndefault login d password p\n"
    )
    monkeypatch.setenv("NETRC", str(path))
    of_file = {login: BasicAuth(login, "p").encode() for login in "hod"}
    of_session = {**of_session, "trust_env": True}
    if own_class:
        of_session["request_class"] = Own
    await asked(connector, hops, options, of_session)
    assert sent(connector, "Authorization") == [of_file.get(one or "", one) for one in expected]


async def test_cookies_of_the_jar_go_where_they_belong(connector: ScriptedConnector) -> None:
    connector.script = chain(
        redirect("/x", fields=[("Set-Cookie", "a=1")]),
        redirect("http://o.example/", fields=[("Set-Cookie", "b=2; Path=/x")]),
        redirect("http://h.example/x", fields=[("Set-Cookie", "a=3")]),
        answer(),
    )
    async with ClientSession(connector=connector) as session:
        await session.get("http://h.example/", cookies={"own": "0"})
    assert sent(connector, "Cookie") == ["own=0", "own=0; a=1", None, "b=2; a=1"]


async def test_cookies_of_a_request_win_over_those_of_the_jar_and_are_not_kept(
    connector: ScriptedConnector,
) -> None:
    async with ClientSession(connector=connector, cookies={"a": "1", "b": "2"}) as session:
        await session.get("http://h/", cookies={"a": "9"})
        await session.get("http://h/", cookies={"a": "9"}, headers={"Cookie": "b=8; a=7; c=6"})
        await session.get("http://h/", headers={"Cookie": "a=7"})
        await session.get("http://h/", cookies={})
        assert len(session.cookie_jar) == 2
    assert sent(connector, "Cookie") == ["a=9; b=2", "a=9; b=8; c=6", "a=7; b=2", "a=1; b=2"]


async def test_cookies_of_a_request_that_belong_elsewhere_are_not_sent(
    connector: ScriptedConnector,
) -> None:
    cookies = SimpleCookie("a=1; Domain=o.example")
    async with ClientSession(connector=connector) as session:
        await session.get("http://h.example/", cookies=cookies)
        await session.get("http://o.example/", cookies=cookies)
    assert sent(connector, "Cookie") == [None, "a=1"]


@pytest.mark.parametrize(("quote", "field"), [(True, 'a="x y"'), (False, "a=x y")])
async def test_cookies_of_a_request_are_quoted_as_the_jar_does(
    connector: ScriptedConnector, quote: bool, field: str
) -> None:
    from martlet_cookiejar import CookieJar

    jar = CookieJar(quote_cookie=quote)
    async with ClientSession(connector=connector, cookie_jar=jar) as session:
        await session.get("http://127.0.0.1/", cookies={"a": "x y"})
    assert sent(connector, "Cookie") == [field]


_ORIGINS = [
    "http://a.example", "https://a.example", "http://a.example:81", "http://A.EXAMPLE",
    "http://a.example.", "http://b.example", "https://b.example", "http://u:p@b.example",
    "http://b\u00fccher.example",
]  # fmt: skip


@given(st.lists(st.sampled_from(_ORIGINS), min_size=1, max_size=6), st.integers(0, 4))
def test_canaries_of_one_origin_are_seen_there_only_and_once_dropped_stay_away(
    hops: list[str], status: int
) -> None:
    connector = ScriptedConnector()
    steps = [redirect(f"{hop}/", [301, 302, 303, 307, 308][status]) for hop in hops[1:]]
    connector.script = chain(*steps, answer())

    async def main() -> None:
        async with ClientSession(
            connector=connector, headers={"Proxy-Authorization": "canary"}
        ) as session:
            await session.post(
                "http://start.example/" if "u:p@" in hops[0] else f"{hops[0]}/",
                data=b"x",
                headers=[("authorization", "canary"), ("COOKIE", "c=canary")],
                cookies={"d": "canary"},
            )

    run_virtual(main)
    first, *others = (exchange.request for exchange in connector.exchanges)
    assert str(first.headers).count("canary") == 4
    stayed = True
    for request in others:
        stayed = stayed and origin(request.url) == origin(first.url)
        present = str(request.headers).count("canary")
        # Credentials in a URL take the place of the field.
        assert present in ({4, 3} if stayed else {0})
