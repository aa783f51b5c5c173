"""A call over the redirects that it meets."""

from typing import Any

import pytest
from attrs import evolve
from yarl import URL

from martlet_client_session import ClientSession, Redirect
from martlet_client_session._redirects import RedirectPolicy, redirected
from martlet_exceptions import (
    ClientConnectionError,
    InvalidURL,
    InvalidUrlClientError,
    InvalidUrlRedirectClientError,
    NonHttpUrlClientError,
    NonHttpUrlRedirectClientError,
    RedirectClientError,
    TooManyRedirects,
)
from martlet_interfaces import HttpVersion10, Timeouts, TransportOptions

from .redirecting import chain, redirect, section
from .scripted import ScriptedConnector, ScriptedExchange, answer

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"]
REDIRECTS = [301, 302, 303, 307, 308]
# Whether a plan is made for the request, or not.
SPECIAL: list[dict[str, Any]] = [{}, {"proxy": "http://proxy"}]


@pytest.mark.parametrize("special", SPECIAL)
@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.parametrize("method", METHODS)
async def test_the_next_request_has_the_method_of_its_status(
    session: ClientSession,
    connector: ScriptedConnector,
    method: str,
    status: int,
    special: dict[str, Any],
) -> None:
    connector.script = chain(redirect("/x?y", status), answer(b"there"))
    response = await session.request(
        method, "http://h/a?b#c", data=b"body", headers={"X-A": "1"}, **special
    )
    assert response.status == 200
    assert await response.read() == b"there"
    first, second = connector.exchanges
    next_method, keeps_body = redirected(method, status)
    assert second.request.method == next_method
    assert str(second.request.url) == "http://h/x?y#c"
    assert second.body == (b"body" if keeps_body else None)
    fields = {"X-A": "1"} | ({"Content-Type": "application/octet-stream"} if keeps_body else {})
    assert dict(section(second)) == fields
    assert second.request.headers["Host"] == "h"
    assert first.body == b"body"
    assert first.calls == ["release"]
    assert second.calls == []
    assert second.timeouts == first.timeouts


@pytest.mark.parametrize("status", [200, 201, 204, 300, 304, 305, 306, 399, 400])
async def test_other_statuses_do_not_redirect(
    session: ClientSession, connector: ScriptedConnector, status: int
) -> None:
    connector.script = redirect("/x", status)
    response = await session.get("http://h/")
    assert response.status == status
    assert response.history == ()
    assert len(connector.exchanges) == 1


@pytest.mark.parametrize("special", SPECIAL)
async def test_history_is_what_led_there(
    session: ClientSession, connector: ScriptedConnector, special: dict[str, Any]
) -> None:
    connector.script = chain(redirect("b"), redirect("c", 307), redirect("//o/d"), answer())
    response = await session.get("http://h/a", **special)
    assert [str(past.url) for past in response.history] == [
        "http://h/a",
        "http://h/b",
        "http://h/c",
    ]
    assert [past.status for past in response.history] == [302, 307, 302]
    assert [past.history for past in response.history] == [(), (), ()]
    assert all(past.closed for past in response.history)
    assert str(response.url) == "http://o/d"
    with pytest.raises(ClientConnectionError):
        await response.history[0].read()


@pytest.mark.parametrize("special", SPECIAL)
@pytest.mark.parametrize("fields", [[], [("Location", "")]])
async def test_one_that_does_not_say_where_to_is_the_response(
    session: ClientSession,
    connector: ScriptedConnector,
    fields: list[tuple[str, str]],
    special: dict[str, Any],
) -> None:
    connector.script = chain(redirect("/b"), answer(b"text", status=302, fields=fields))
    response = await session.get("http://h/a", **special)
    assert response.status == 302
    assert len(response.history) == 1
    assert await response.read() == b"text"


@pytest.mark.parametrize("special", SPECIAL)
async def test_redirects_are_not_followed_if_they_are_not_allowed(
    session: ClientSession, connector: ScriptedConnector, special: dict[str, Any]
) -> None:
    connector.script = redirect("http://")
    for response in (
        await session.get("http://h/", allow_redirects=False, **special),
        await session.head("http://h/", **special),
    ):
        assert response.status == 302
        assert response.history == ()
    connector.script = chain(redirect("/x"), answer())
    assert (await session.head("http://h/", allow_redirects=True, **special)).status == 200


@pytest.mark.parametrize("special", SPECIAL)
@pytest.mark.parametrize("limit", [0, 1, 2, 3, 10])
async def test_so_many_redirects_are_followed_and_no_more(
    session: ClientSession, connector: ScriptedConnector, limit: int, special: dict[str, Any]
) -> None:
    connector.script = chain(*[redirect("/x")] * limit, answer())
    response = await session.get("http://h/", max_redirects=limit, **special)
    assert len(response.history) == limit
    del connector.exchanges[:]

    connector.script = redirect("/x", 307, fields=[("X-A", "1")])
    with pytest.raises(TooManyRedirects, match=f"more than {limit} redirects") as caught:
        await session.get("http://h/", max_redirects=limit, **special)
    error = caught.value
    assert (error.status, len(error.history)) == (307, limit + 1)
    assert error.headers is not None
    assert error.headers["X-A"] == "1"
    assert str(error.request_info.url) == "http://h/"
    assert len(connector.exchanges) == limit + 1
    assert [exchange.calls for exchange in connector.exchanges] == [["release"]] * limit + [
        ["abort"]
    ]
    assert session._deadlines.idle


async def test_ten_redirects_are_the_default(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    connector.script = redirect("/x")
    with pytest.raises(TooManyRedirects):
        await session.get("http://h/")
    assert len(connector.exchanges) == 11


@pytest.mark.parametrize("limit", [None, "5", 1.5])
async def test_a_limit_that_is_no_number_is_refused_before_anything_is_sent(
    session: ClientSession, connector: ScriptedConnector, limit: Any
) -> None:
    with pytest.raises(TypeError, match="max_redirects must be an int"):
        await session.get("http://h/", max_redirects=limit)
    assert connector.exchanges == []


@pytest.mark.parametrize("special", SPECIAL)
@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("http://[", InvalidUrlRedirectClientError),
        ("http:", InvalidUrlRedirectClientError),
        ("0://[]@", InvalidUrlRedirectClientError),
        ("ftp://h/", NonHttpUrlRedirectClientError),
        ("http://u%3Av:secret@h/", InvalidUrlRedirectClientError),
        ("http://u%0A:secret@h/", InvalidUrlRedirectClientError),
    ],
)
async def test_one_that_leads_nowhere_is_an_error(
    session: ClientSession,
    connector: ScriptedConnector,
    location: str,
    error: type[Exception],
    special: dict[str, Any],
) -> None:
    connector.script = answer(status=302, fields=[("Location", location)], complete=False)
    with pytest.raises(error) as caught:
        await session.get("http://h/", **special)
    assert isinstance(caught.value, RedirectClientError)
    assert isinstance(caught.value, InvalidURL)
    assert "secret" not in str(caught.value)
    assert connector.exchange.calls == ["abort"]
    assert session._deadlines.idle


async def test_the_session_says_how_redirects_are_quoted(connector: ScriptedConnector) -> None:
    async with ClientSession(connector=connector, requote_redirect_url=False) as session:
        for requote, path in ((False, "/%7e"), (True, "/~")):
            session.requote_redirect_url = requote
            connector.script = chain(redirect("/%7e"), answer())
            await session.get("http://h/")
            assert connector.request.url.raw_path == path


async def test_what_is_said_of_a_request_holds_for_each_hop(connector: ScriptedConnector) -> None:
    connector.script = chain(redirect("https://h:8443/"), redirect("https://o/"), answer())
    async with ClientSession(connector=connector, version=HttpVersion10) as session:
        await session.get(
            "https://h/", ssl=False, server_hostname="name", max_headers=5, timeout=7,
            auto_decompress=False,
        )  # fmt: skip
    assert [exchange.request.options for exchange in connector.exchanges] == [
        TransportOptions(ssl=False, server_hostname="name"),
        TransportOptions(ssl=False, server_hostname="name"),
        TransportOptions(ssl=False),
    ]
    for exchange in connector.exchanges:
        assert exchange.request.version == HttpVersion10
        assert exchange.request.limits is not None
        assert exchange.request.limits.fields == 5
        assert exchange.timeouts == Timeouts()


async def asked(
    connector: ScriptedConnector, policy: RedirectPolicy, as_parameter: bool, **options: Any
) -> Any:
    """Ask with *policy*, the session's or the request's."""
    of_session = None if as_parameter else policy
    async with ClientSession(connector=connector, redirect_policy=of_session) as session:
        allow: Any = policy if as_parameter else True
        return await session.post("http://h/a", data=b"x", allow_redirects=allow, **options)


@pytest.mark.parametrize("as_parameter", [True, False])
@pytest.mark.parametrize("special", SPECIAL)
class TestPolicy:
    async def test_it_is_asked_about_each(
        self, connector: ScriptedConnector, as_parameter: bool, special: dict[str, Any]
    ) -> None:
        seen: list[tuple[str, str, str, bool]] = []

        def policy(redirect: Redirect) -> bool:
            asked_for = str(redirect.response.url)
            seen.append((asked_for, redirect.method, str(redirect.url), redirect.keeps_body))
            return True

        connector.script = chain(redirect("b", 307), redirect("https://u:p@o/", 303), answer())
        response = await asked(connector, policy, as_parameter, **special)
        assert response.status == 200
        assert seen == [
            ("http://h/a", "POST", "http://h/b", True),
            ("http://h/b", "GET", "https://u:p@o/", False),
        ]

    async def test_no_means_the_response_as_it_is(
        self, connector: ScriptedConnector, as_parameter: bool, special: dict[str, Any]
    ) -> None:
        connector.script = chain(redirect("b"), redirect("https://o/"), answer())
        response = await asked(
            connector, lambda found: found.url.scheme == "http", as_parameter, **special
        )
        assert response.status == 302
        assert len(response.history) == 1
        assert await response.read() == b"moved"

    async def test_another_request_may_be_made_of_it(
        self, connector: ScriptedConnector, as_parameter: bool, special: dict[str, Any]
    ) -> None:
        def policy(redirect: Redirect) -> Redirect:
            return evolve(redirect, method="put", url=URL("http://o/x"), keeps_body=True)

        connector.script = chain(redirect("b", 303), answer())
        await asked(connector, policy, as_parameter, headers={"Authorization": "canary"}, **special)
        request = connector.request
        assert (request.method, str(request.url)) == ("PUT", "http://o/x")
        assert connector.exchange.body == b"x"
        assert request.headers["Host"] == "o"
        assert "Authorization" not in request.headers

    @pytest.mark.parametrize(
        ("decision", "error"),
        [
            (lambda _: "yes", TypeError),
            (lambda _: 1, TypeError),
            (lambda found: evolve(found, url="http://o /"), ValueError),
            (lambda found: evolve(found, url=5), TypeError),
            (lambda found: evolve(found, url=URL("/x")), InvalidUrlClientError),
            (lambda found: evolve(found, url=URL("ftp://o/")), NonHttpUrlClientError),
            (lambda found: evolve(found, url=URL("http://a%2fb/", encoded=True)), InvalidURL),
            (lambda found: evolve(found, method=None), TypeError),
            (lambda found: 1 / 0, ZeroDivisionError),
        ],
    )
    async def test_what_is_no_decision_is_refused(
        self,
        connector: ScriptedConnector,
        as_parameter: bool,
        special: dict[str, Any],
        decision: Any,
        error: type[Exception],
    ) -> None:
        connector.script = answer(status=307, fields=[("Location", "/x")], complete=False)
        with pytest.raises(error):
            await asked(connector, decision, as_parameter, **special)
        assert [exchange.calls for exchange in connector.exchanges] == [["abort"]]


async def test_each_hop_goes_by_the_proxy_of_its_url(connector: ScriptedConnector) -> None:
    proxies = {"http": "http://u:p@proxy", "https": None}
    connector.script = chain(redirect("https://h/"), redirect("http://o/"), answer())
    async with ClientSession(connector=connector, proxies=proxies) as session:
        await session.get("http://h/", ssl=False)
    first, second, third = (exchange.request.options for exchange in connector.exchanges)
    assert first == third
    assert first.proxy == URL("http://proxy")
    assert second == TransportOptions(ssl=False)


async def test_the_policy_of_a_request_is_asked_instead_of_the_sessions(
    connector: ScriptedConnector,
) -> None:
    connector.script = chain(redirect("b"), answer())
    async with ClientSession(connector=connector, redirect_policy=lambda _: False) as session:
        response = await session.get("http://h/", allow_redirects=lambda _: True)
        assert response.status == 200
        connector.script = chain(redirect("b"), answer())
        response = await session.get("http://h/", allow_redirects=False)
        assert response.status == 302


async def test_a_hop_that_fails_leaves_nothing_open(
    session: ClientSession, connector: ScriptedConnector
) -> None:
    async def refuse(_: ScriptedExchange) -> None:
        raise ClientConnectionError("refused")

    connector.script = chain(redirect("/x"), refuse)
    with pytest.raises(ClientConnectionError, match="refused"):
        await session.get("http://h/")
    assert connector.exchanges[0].calls == ["release"]
    assert session._deadlines.idle
