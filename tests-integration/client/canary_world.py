"""A story: a chain of redirects, all that a call is given, and what has to be sent where.

`Story.judge` compares that with what has been sent. Whose a canary is (`_Request.owned`) and when
it is to be sent (`_Request.expected`) are put together apart from each other: the first says what
must never be, the second that the first is not kept by sending nothing at all.
"""

import re
from base64 import b64decode
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from attrs import define, evolve, field, frozen
from yarl import URL

import martlet

from .canary_jar import CookieOwners, draw_cookies
from .canary_proxies import ProxyPlan, draw_proxies
from .canary_secrets import BODY, OF_BODY, Body, Secrets, draw_body, draw_secrets
from .canary_surroundings import NetrcOwners, Surroundings
from .redirect_chains import IN_MEMORY, Chain, Hop, Place, Territory, canaries, canary

__all__ = ["Sent", "Story", "seen_in"]

_BASIC: Final = re.compile(rb"basic +([a-z0-9+/=]+)", re.IGNORECASE)


def seen_in(wire: bytes) -> frozenset[str]:
    """Find the canaries in *wire*, also those in Basic credentials."""
    clear = b" ".join([wire, *map(b64decode, _BASIC.findall(wire))])
    return canaries(clear.decode("latin-1"))


@frozen
class Sent:
    """One request, as it has gone out."""

    place: Place
    wire: bytes
    """All of it, as the origin sees it, or the proxy that has to read it."""
    method: str
    target: str
    fields: Sequence[tuple[str, str]]
    body: bytes
    proxy: str | None
    """``host:port`` of the proxy that it has gone by."""
    to_proxy: bytes
    """What the proxy alone was told: its fields, or the request to open a tunnel."""


@define
class _Request:
    """What one request has to be."""

    hop: Hop
    method: str
    has_body: bool
    changed: bool
    """Whether a redirect has taken the body from it."""
    host: str
    owned: frozenset[str]
    expected: frozenset[str]
    proxy: tuple[str, frozenset[str]] | None


@define
class Story:
    """What happens; *digest*: ``None``, or where its middleware has been challenged before."""

    chain: Chain
    territory: Territory
    secrets: Secrets
    body: Body
    proxies: ProxyPlan
    surroundings: Surroundings | None
    jar: martlet.CookieJar
    cookies: CookieOwners
    digest: list[Place] | None
    plumbing: int
    requests: list[_Request] = field(factory=list)
    fails: bool = False
    """Whether the body would have to be read twice, and cannot."""

    @classmethod
    def drawn(
        cls, seed: int, surroundings: Surroundings, territory: Territory = IN_MEMORY
    ) -> "Story":
        """Draw one that begins in *surroundings*, which it may heed or not."""
        rng = Random(seed)
        chain = Chain.drawn(rng, seed, territory)
        body, of_body = draw_body(rng, chain.method)
        secrets = draw_secrets(rng, chain, of_body)
        heeded = surroundings if rng.random() < 0.35 else None
        jar = martlet.CookieJar(unsafe=rng.random() < 0.7)
        cookies = CookieOwners(jar.unsafe)
        for place, text in draw_cookies(rng, [hop.place for hop in chain.hops]):
            cookies.take(place, text)
            host = f"[{place.host}]" if ":" in place.host else place.host
            jar.update_cookies_from_headers([text], f"{place.scheme}://{host}/")
        digest = None
        if rng.random() < 0.25:
            digest = [hop.place for hop in chain.hops if rng.random() < 0.3]
            secrets.digest = frozenset({canary("digestlogin")})
        story = cls(
            chain, territory, secrets, body,
            draw_proxies(rng, heeded.proxies if heeded else {}),
            heeded, jar, cookies, digest, rng.randrange(8),
        )  # fmt: skip
        story._expect()
        return story

    # What has to happen

    def _owned(self) -> list[frozenset[str]]:
        """Say, hop by hop, what the place may see, but for cookies."""
        chain, netrc = self.chain, None
        if self.surroundings is not None:
            netrc = NetrcOwners(self.surroundings)
        owned = []
        for index, hop in enumerate(chain.hops):
            may = set(self.secrets.of_the_first) if chain.stays(0, index) else set()
            for earlier in range(1, index + 1):
                if chain.stays(earlier, index):
                    may |= canaries(chain.hops[earlier].userinfo)
            if netrc is not None:
                may |= netrc.visit(hop.place)
            owned.append(frozenset(may))
        return owned

    def _expect(self) -> None:
        secrets, chain = self.secrets, self.chain
        method, has_body, changed = chain.method, bool(self.body), False
        authorization, fields, host = secrets.authorization, secrets.fields, secrets.host
        known = list(self.digest or ())
        crossed = False
        netrc = NetrcOwners(self.surroundings or Surroundings())
        before: Hop | None = None
        for hop, owned in zip(chain.hops, self._owned(), strict=True):
            if before is not None:
                if before.place != hop.place:
                    authorization, fields, host, crossed = frozenset(), frozenset(), None, True
                authorization = canaries(hop.userinfo) or authorization
                method, keeps = _after(method, before.status)
                changed = changed or not keeps
                if has_body and keeps and self.body.once:
                    self.fails = True
                    return
                has_body = has_body and keeps
            from_jar = self.cookies.of(hop.place)
            credentials = netrc.visit(hop.place)
            credentials = authorization or credentials
            stuck = has_body and self.body.once
            turns = self._turns(hop, bool(credentials) or crossed, stuck, known)
            for shown in turns:
                request = _Request(
                    hop, method, has_body, changed,
                    host or hop.place.authority, owned | from_jar,
                    fields | from_jar | credentials | shown,
                    self.proxies.expected.get(hop.place.scheme),
                )  # fmt: skip
                self.requests.append(request)
            if self._ends_unauthorized(hop, turns, credentials):
                return
            self.cookies.take(hop.place, hop.set_cookie)
            before = hop

    def _turns(
        self, hop: Hop, is_let_be: bool, stuck: bool, known: list[Place]
    ) -> list[frozenset[str]]:
        """Give what Digest adds to each of the requests that *hop* takes."""
        nothing, login = frozenset[str](), self.secrets.digest
        if self.digest is None or is_let_be:
            return [nothing]
        if hop.place in known:
            return [login]
        if not hop.challenged or stuck:
            return [nothing]
        known.append(hop.place)
        return [nothing, login]

    def _ends_unauthorized(
        self, hop: Hop, turns: list[frozenset[str]], credentials: frozenset[str]
    ) -> bool:
        if self.chain.keeps_spellings:
            return False  # it may know better
        return hop.challenged and not credentials and not turns[-1]

    # What has happened

    def judge(self, sent: Sequence[Sent], outcome: object) -> list[str]:
        """Give all that is wrong with what was *sent*, and with what came of it."""
        if self.chain.keeps_spellings:
            # What is one host to us may be two to the client, which then keeps more to itself, and
            # is challenged once more.
            by_target = {meant.hop.target: meant for meant in self.requests}
            pairs = [(one, by_target[one.target]) for one in sent]
        else:
            pairs = list(zip(sent, self.requests, strict=False))
        faults: list[str] = []
        for index, (one, meant) in enumerate(pairs):
            faults += [f"request {index}: {fault}" for fault in self._faults(one, meant)]
        if self.chain.keeps_spellings:
            return faults
        if len(sent) != len(self.requests):
            faults.append(f"{len(sent)} requests in place of {len(self.requests)}")
        if self.fails != isinstance(outcome, martlet.ClientPayloadError):
            faults.append(f"the outcome is {outcome!r}")
        elif isinstance(outcome, BaseException) and not self.fails:
            faults.append(f"it has raised {outcome!r}")
        return faults

    def _faults(self, one: Sent, meant: _Request) -> list[str]:
        seen = seen_in(one.wire) - {BODY, f"{canary('host')}"}
        proxy, for_proxy = meant.proxy or (None, frozenset())
        told = seen_in(one.to_proxy)
        tunnelled = meant.hop.place.is_secure
        if proxy is not None and not tunnelled:
            seen -= for_proxy
        names = [name.lower() for name, _ in one.fields]
        hosts = [value.lower() for name, value in one.fields if name.lower() == "host"]
        left = sorted(OF_BODY & set(names) - ({"content-length"} if one.body == b"" else set()))
        checks = [
            (
                one.place.address == meant.hop.place.address,
                f"it went to {one.place}, not to {meant.hop.place}",
            ),
            (seen <= meant.owned, f"LEAK of {sorted(seen - meant.owned)}"),
            (told <= for_proxy, f"LEAK to the proxy of {sorted(told - for_proxy)}"),
            (told == for_proxy, f"the proxy was not told {sorted(for_proxy - told)}"),
            (one.proxy == proxy, f"it went by {one.proxy}, not by {proxy}"),
            (one.method == meant.method, f"{one.method} in place of {meant.method}"),
            (one.target == meant.hop.target, f"target {one.target}"),
            ((BODY.encode() in one.body) == meant.has_body, f"body {one.body!r}"),
            (meant.has_body or one.body == b"", f"body {one.body!r}"),
            (not (meant.changed and left), f"fields of a body that is not there: {left}"),
        ]
        if not self.chain.keeps_spellings:
            checks += [
                (seen <= meant.expected, f"{sorted(seen - meant.expected)} came back"),
                (seen >= meant.expected, f"{sorted(meant.expected - seen)} is missing"),
                (hosts == [meant.host], f"Host {hosts} in place of {meant.host}"),
            ]
        return [fault for holds, fault in checks if not holds]

    def __str__(self) -> str:
        return (
            f"{self.chain}\n  session {self.secrets.session} {dict(self.proxies.session)}\n"
            f"  request {self.secrets.first_url} {self.secrets.request} "
            f"{dict(self.proxies.request)} {dict(self.body.options)}\n  digest {self.digest},"
            f" netrc {self.surroundings is not None}, plumbing {self.plumbing}"
        )

    # What the call is made of, and how it is answered

    def location_after(self, hop: Hop) -> str:
        """Give where the answer of *hop* leads."""
        index = self.chain.hops.index(hop) + 1
        return f"http://decoy.test/{index}" if self.is_steered else self.chain.hops[index].url

    @property
    def is_steered(self) -> bool:
        """Whether a policy of the caller says where redirects lead, and not who answers."""
        return self.plumbing == 6

    def steer(self, redirect: martlet.Redirect) -> martlet.Redirect:
        """Be that policy."""
        hop = self.chain.hops[int(redirect.url.path[1:])]
        place = URL.build(scheme=hop.place.scheme, host=hop.place.host, port=hop.place.port)
        return evolve(redirect, url=place.join(URL(hop.url, encoded=not self.chain.requote)))

    @property
    def first_url(self) -> str | URL:
        """What to ask for."""
        if self.secrets.first_url is not None:
            return self.secrets.first_url
        url = self.chain.hops[0].url
        return URL(url, encoded=True) if self.chain.encoded else url

    @property
    def session_options(self) -> dict[str, Any]:
        """The parameters of the session, but for its connector and its middlewares."""
        return {
            "cookie_jar": self.jar,
            "requote_redirect_url": self.chain.requote,
            "trust_env": self.surroundings is not None,
            **self.secrets.session,
            **self.proxies.session,
        }

    @property
    def request_options(self) -> dict[str, Any]:
        """The parameters of the request."""
        return {**self.secrets.request, **self.proxies.request, **self.body.options}


def _after(method: str, status: int) -> tuple[str, bool]:
    """Say what RFC 9110 section 15.4 makes of a method, and whether the body stays."""
    if status in {307, 308}:
        return method, True
    if status == 303:
        return ("HEAD", False) if method == "HEAD" else ("GET", False)
    return ("GET", False) if method == "POST" else (method, True)
