"""Proxies with credentials, each a canary, and who goes by which of them."""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from attrs import field, frozen

import martlet

from .redirect_chains import canaries, canary

__all__ = ["PROXIES", "ProxyPlan", "draw_proxies"]

PROXIES: Final = {"first": "proxy-one.test:3128", "second": "proxy-two.test:3129"}
"""``host:port`` of those that are to be had."""


@frozen
class ProxyPlan:
    """What is said of proxies, and what that means."""

    session: Mapping[str, Any] = field(factory=dict)
    """Parameters of the session."""
    request: Mapping[str, Any] = field(factory=dict)
    """Parameters of the request."""
    expected: Mapping[str, tuple[str, frozenset[str]]] = field(factory=dict)
    """By the scheme of the URL: a proxy's ``host:port``, and the canaries that are for it."""


def draw_proxies(rng: Random, environment: Mapping[str, str]) -> ProxyPlan:
    """Draw what a session and a request say; *environment*: ``http_proxy`` and its kin, if used."""
    kind = rng.randrange(12)
    if kind == 0:
        url, secrets = _with_userinfo("first")
        return ProxyPlan(request={"proxy": url}, expected=_for_all("first", secrets))
    if kind == 1:
        auth, secrets = _auth(rng)
        given = {"proxy": f"http://{PROXIES['first']}", "proxy_auth": auth}
        return ProxyPlan(request=given, expected=_for_all("first", secrets))
    if kind == 2:
        text = canary("proxyfield")
        name = rng.choice(("Proxy-Authorization", "proxy-authorization", "PROXY-AUTHORIZATION"))
        given = {"proxy": f"http://{PROXIES['first']}", "proxy_headers": {name: f"Bearer {text}"}}
        return ProxyPlan(request=given, expected=_for_all("first", canaries(text)))
    if kind == 3:
        url, secrets = _with_userinfo("first")
        return ProxyPlan(session={"proxy": url}, expected=_for_all("first", secrets))
    if kind == 4:
        auth, secrets = _auth(rng)
        given = {"proxy": f"http://{PROXIES['first']}", "proxy_auth": auth}
        return ProxyPlan(session=given, expected=_for_all("first", secrets))
    if kind == 5:
        return _by_scheme(rng)
    if kind == 6:
        # The session's proxy is not the request's: it does not get its credentials.
        own: dict[str, Any] = {"proxy": _with_userinfo("first")[0]}
        if rng.random() < 0.5:
            own = {"proxy": f"http://{PROXIES['first']}", "proxy_auth": _auth(rng)[0]}
        return ProxyPlan(
            session=own,
            request={"proxy": f"http://{PROXIES['second']}"},
            expected=_for_all("second", frozenset()),
        )
    return ProxyPlan(
        expected={
            name.partition("_")[0]: (url.rpartition("@")[2].rpartition("/")[2], canaries(url))
            for name, url in environment.items()
        }
    )


def _by_scheme(rng: Random) -> ProxyPlan:
    given: dict[str, str | None] = {}
    expected = {}
    for scheme, name in (("http", "first"), ("https", "second")):
        given[scheme], secrets = _with_userinfo(name)
        expected[scheme] = PROXIES[name], secrets
    if rng.random() < 0.5:
        gone = rng.choice(("http", "https"))
        given[gone] = None
        del expected[gone]
    return ProxyPlan(session={"proxies": given}, expected=expected)


def _with_userinfo(name: str) -> tuple[str, frozenset[str]]:
    userinfo = f"{canary(f'proxylogin{name}')}:{canary(f'proxypassword{name}')}"
    return f"http://{userinfo}@{PROXIES[name]}", canaries(userinfo)


def _auth(rng: Random) -> tuple[object, frozenset[str]]:
    pair = canary("proxyauthlogin"), canary("proxyauthpassword")
    return rng.choice((pair, martlet.BasicAuth(*pair))), frozenset(pair)


def _for_all(name: str, secrets: frozenset[str]) -> dict[str, tuple[str, frozenset[str]]]:
    return dict.fromkeys(("http", "https"), (PROXIES[name], secrets))
