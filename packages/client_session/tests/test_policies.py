"""What holds for each request of a session."""

from typing import Any

import pytest
from yarl import URL

from martlet_client_session import (
    BasicAuth,
    ClientRequest,
    ClientResponse,
    ClientSession,
    RetryMiddleware,
)
from martlet_client_session._middlewares import ClientHandlerType
from martlet_client_session._policies import Policies, given_base_url, given_middlewares
from martlet_exceptions import InvalidURL, InvalidUrlClientError

from .scripted import ScriptedConnector

NOTHING: dict[str, Any] = {
    "base_url": None, "auth": None, "proxy": None, "proxy_auth": None, "proxies": None,
    "trust_env": False, "requote_redirect_url": True, "redirect_policy": None,
    "middlewares": (), "request_class": None, "trace_configs": None, "connector": None,
}  # fmt: skip


async def passing(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    return await handler(request)


def test_with_nothing_there_is_nothing_to_be_done() -> None:
    policies = Policies(**NOTHING)
    assert policies.plain
    assert policies.are_plain(URL("http://h/"))
    assert policies.default_auth(URL("http://h/")) is None
    assert policies.proxies is None
    assert policies.proxies_or_none().route(URL("http://h/"), None, None, None) is None


class Path(ScriptedConnector):
    uses_proxies = False


def test_a_connector_without_proxies_has_none_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    url = URL("http://h/")
    trusting = {**NOTHING, "trust_env": True}
    with_proxies = Policies(**{**trusting, "connector": ScriptedConnector()})
    assert with_proxies.proxies_or_none().route(url, None, None, None) is not None
    without = Policies(**{**trusting, "connector": Path()})
    assert without.proxies is None
    # There may be credentials for the host in the environment.
    assert not without.plain
    given = Policies(**{**trusting, "connector": Path(), "proxy": "http://proxy"})
    assert given.proxies_or_none().route(url, None, None, None) is not None


@pytest.mark.parametrize("url", ["http://u@h/", "http://:p@h/", "http://u:p@h/"])
def test_userinfo_is_something(url: str) -> None:
    assert not Policies(**NOTHING).are_plain(URL(url))


@pytest.mark.parametrize(
    "given",
    [
        {"auth": ("u", "p")},
        {"auth": BasicAuth("u")},
        {"proxy": "http://proxy"},
        {"proxy_auth": ("u", "p")},
        {"proxies": {}},
        {"trust_env": True},
        {"middlewares": [passing]},
        {"request_class": ClientRequest},
    ],
)
def test_each_of_these_is_something(given: dict[str, Any]) -> None:
    policies = Policies(**{**NOTHING, **given})
    assert not policies.plain
    assert not policies.are_plain(URL("http://h/"))
    assert policies.proxies_or_none() is policies.proxies or policies.proxies is None


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"redirect_policy": True}, "redirect_policy has to be a callable"),
        ({"middlewares": [5]}, "int cannot be called"),
        ({"middlewares": None}, "iterable"),
        ({"middlewares": passing}, "a list of them, not a single one"),
        ({"middlewares": [RetryMiddleware]}, "is an instance: give RetryMiddleware"),
        ({"auth": "u:p"}, "BasicAuth or a tuple"),
        ({"auth": ("u",)}, "BasicAuth or a tuple"),
        ({"trace_configs": [5]}, "TraceConfig"),
        ({"base_url": 5}, "str or a yarl.URL"),
    ],
)
def test_what_cannot_be_is_a_type_error(given: dict[str, Any], match: str) -> None:
    with pytest.raises(TypeError, match=match):
        Policies(**{**NOTHING, **given})


def test_middlewares_may_come_from_anything_iterable() -> None:
    assert given_middlewares([passing]) == (passing,)
    assert given_middlewares(iter([passing])) == (passing,)  # type: ignore[arg-type]  # is tested


@pytest.mark.parametrize(
    ("base", "url", "is_default"),
    [
        (None, "http://any/", True),
        ("http://h/", "http://h/x", True),
        ("http://h/a/", "http://H:80/b", True),
        ("http://h/", "https://h/", False),
        ("http://h/", "http://h:81/", False),
        ("http://h/", "http://sub.h/", False),
        ("http://h/", "http://h./", False),
    ],
)
def test_credentials_are_for_the_origin_of_the_base(
    base: str | None, url: str, is_default: bool
) -> None:
    policies = Policies(**{**NOTHING, "base_url": base, "auth": ("u", "p")})
    assert policies.auth == BasicAuth("u", "p", "utf-8")
    assert policies.default_auth(URL(url)) == (policies.auth if is_default else None)


@pytest.mark.parametrize(
    ("base", "url", "sent"),
    [
        ("http://h/", "x", "http://h/x"),
        ("http://h", "x", "http://h/x"),
        ("http://h/a/", "x", "http://h/a/x"),
        ("http://h/a/", "./x", "http://h/a/x"),
        ("http://h/a/", "../x", "http://h/x"),
        ("http://h/a/", "/x", "http://h/x"),
        ("http://h/a/", "", "http://h/a/"),
        ("http://h/a/", "?q=1", "http://h/a/?q=1"),
        ("http://h/a/", "//o/x", "http://o/x"),
        ("https://h/a/", "//o/x", "https://o/x"),
        ("http://h/a/", "https://o/x", "https://o/x"),
        ("http://h/a/?q=0", "x", "http://h/a/x"),
        (URL("http://h/%2f/", encoded=True), "x", "http://h/%2f/x"),
        ("http://h/a/", URL("x"), "http://h/a/x"),
    ],
)
async def test_urls_are_relative_to_the_base(
    connector: ScriptedConnector, base: str | URL, url: str | URL, sent: str
) -> None:
    async with ClientSession(base, connector=connector) as session:
        await session.get(url)
        await session.get(url)  # from memory
    assert [str(exchange.request.url) for exchange in connector.exchanges] == [sent, sent]


@pytest.mark.parametrize("url", ["http:x", "http:/x", "http:///x", "//", "///x"])
async def test_a_url_without_a_host_is_not_helped_by_a_base(
    connector: ScriptedConnector, url: str
) -> None:
    async with ClientSession("http://h/", connector=connector) as session:
        with pytest.raises(InvalidUrlClientError):
            await session.get(url)
    assert connector.exchanges == []


@pytest.mark.parametrize(
    ("base", "reason"),
    [
        ("", "absolute"),
        ("/x/", "absolute"),
        ("h", "absolute"),
        ("//h/", "absolute"),
        ("http:", "absolute|host"),
        ("http:///", "absolute|host"),
        ("http://h/x", "has to end in '/'"),
        ("http://[/", "IPv6"),
        ("http://[]@", "index|IPv6"),
        ("http://a%2fb/", "host"),
        ("http://h\r\n/", "control characters"),
        ("http://h/\x00/", "control characters"),
        (URL("http://a b/", encoded=True), "host"),
    ],
)
def test_what_nothing_can_be_joined_to_is_no_base(base: str | URL, reason: str) -> None:
    with pytest.raises(InvalidURL, match=reason):
        given_base_url(base)
    connector = ScriptedConnector()
    with pytest.raises(InvalidURL, match=reason):
        ClientSession(base, connector=connector)
    assert not connector.closed


async def test_userinfo_of_the_base_goes_with_what_is_relative_to_it(
    connector: ScriptedConnector,
) -> None:
    async with ClientSession("http://u:p@h/a/", connector=connector) as session:
        for url in ("x", "/x", "http://h/x", "//h/x"):
            await session.get(url)
    sent = [exchange.request.headers.get("Authorization") for exchange in connector.exchanges]
    assert sent == ["Basic dTpw", "Basic dTpw", None, None]
    assert str(connector.exchanges[0].request.url) == "http://h/a/x"


def test_a_class_is_no_connector() -> None:
    with pytest.raises(TypeError, match=r"an instance: give ScriptedConnector\(\)"):
        ClientSession(connector=ScriptedConnector)  # type: ignore[arg-type]  # what is tested
