"""What a session and a request are given, drawn at random: each secret is a canary.

What is drawn says whose the secrets are; nothing here asks the client.
"""

import io
from collections.abc import AsyncIterator, Callable, Mapping
from random import Random
from typing import Any, Final

from attrs import define, field, frozen
from multidict import CIMultiDict

import martlet

from .redirect_chains import Chain, canaries, canary

__all__ = ["BODY", "OF_BODY", "Body", "Secrets", "draw_body", "draw_secrets"]

BODY: Final = canary("body")
OF_BODY: Final = frozenset(
    {
        "content-type", "content-length", "content-encoding", "content-language",
        "content-location", "content-disposition", "content-range", "content-md5",
        "digest", "content-digest", "repr-digest", "expect", "trailer", "transfer-encoding",
    }
)  # fmt: skip
"""Fields, in lower case, that make no sense without a body."""
_GIVEN_OF_BODY: Final = (
    ("Content-Language", "de"),
    ("CONTENT-LOCATION", "/here"),
    ("content-disposition", "inline"),
    ("Digest", "sha-256=4REjxQ4yrqUVicfSKYNO/cF9zNj5ANbzgDZt3/h3Qxo="),
    ("Content-Md5", "Q2hlY2sgSW50ZWdyaXR5IQ=="),
    ("Trailer", "X-Sum"),
)
_CASES: Final[tuple[Callable[[str], str], ...]] = (str, str.lower, str.upper, str.swapcase)


@define
class Secrets:
    """Parameters of a session and of a request, and the canaries in them."""

    session: dict[str, Any] = field(factory=dict)
    request: dict[str, Any] = field(factory=dict)
    first_url: str | None = None
    """What to ask for, if it is not the first URL of the chain."""
    host: str | None = None
    """A Host that is given by hand."""
    authorization: frozenset[str] = frozenset()
    """What is to be in the Authorization fields of the first request."""
    fields: frozenset[str] = frozenset()
    """What is to be in its Cookie and Proxy-Authorization fields, but for what a jar has."""
    hidden: frozenset[str] = frozenset()
    """What is to be nowhere: another one was given in its place, or it is of another origin."""
    digest: frozenset[str] = frozenset()
    """The login of a `DigestAuthMiddleware`, if there is one."""

    @property
    def of_the_first(self) -> frozenset[str]:
        """All that only the first origin may see."""
        return self.authorization | self.fields | self.digest


@frozen
class Body:
    """What is sent, by which parameters."""

    options: Mapping[str, Any] = field(factory=dict)
    once: bool = False
    """Whether it can be sent once only."""

    def __bool__(self) -> bool:
        return bool(self.options.keys() & {"data", "json"})


def draw_body(rng: Random, method: str) -> tuple[Body, dict[str, str]]:
    """Draw a body, and fields that speak of it."""
    if method in {"GET", "HEAD", "OPTIONS"} and rng.random() < 0.8:
        return Body(), {}
    fields = dict(rng.sample(_GIVEN_OF_BODY, rng.choice((0, 0, 1, 3))))
    kind = rng.randrange(9)
    options: dict[str, Any] = {}
    if kind == 0:
        return Body(), fields
    if kind in {1, 2}:
        options["data"] = BODY.encode()
        if rng.random() < 0.2:
            options["expect100"] = True
        elif rng.random() < 0.2:
            fields["content-LENGTH"] = str(len(BODY))
    elif kind == 3:
        options["json"] = {"value": BODY}
    elif kind == 4:
        options["data"] = {"value": BODY}
    elif kind == 5:
        options["data"] = io.BytesIO(BODY.encode())
    elif kind == 6:
        options["data"], options["chunked"] = BODY, True
        if rng.random() < 0.5:
            del options["chunked"]
            fields["Transfer-encoding"] = "chunked"
    elif kind == 7:
        form = martlet.FormData()
        form.add_field("value", BODY, filename="value.txt")
        options["data"] = form
    else:
        return Body({"data": _pieces()}, once=True), fields
    return Body(options), fields


async def _pieces() -> AsyncIterator[bytes]:
    yield BODY[:4].encode()
    yield BODY[4:].encode()


def _section(rng: Random, pairs: list[tuple[str, str]]) -> CIMultiDict[str] | list[tuple[str, str]]:
    cased = [(rng.choice(_CASES)(name), value) for name, value in pairs]
    rng.shuffle(cased)
    return CIMultiDict(cased) if rng.random() < 0.5 else cased


def _lines(rng: Random, name: str, kind: str, form: str = "{}") -> list[tuple[str, str]]:
    count = rng.choice((0, 0, 1, 1, 2))
    return [(name, form.format(canary(f"{kind}{number}"))) for number in range(count)]


def draw_secrets(rng: Random, chain: Chain, of_body: Mapping[str, str]) -> Secrets:
    """Draw what there may be of secrets besides the jar, ``.netrc`` and proxies."""
    secrets = Secrets()
    own = [*of_body.items(), ("X-Public", "1")]
    if not chain.hops[0].userinfo:
        own += _draw_auth(rng, secrets)
    else:
        secrets.authorization = canaries(chain.hops[0].userinfo)
    given = _lines(rng, "Cookie", "cookiefield", "{0}={0}")
    given += _lines(rng, "Proxy-Authorization", "proxyauthorization", "Bearer {}")
    names = {name for name, _ in given}
    default = [
        (name, value)
        for name, value in (
            ("Cookie", f"defaultcookie={canary('defaultcookie')}"),
            ("Proxy-Authorization", f"Bearer {canary('defaultproxyauthorization')}"),
            ("Authorization", f"Bearer {canary('defaultauthorization')}"),
        )
        if rng.random() < 0.25
    ]
    for name, value in default:
        replaced = secrets.authorization if name == "Authorization" else name in names
        if replaced:
            secrets.hidden |= canaries(value)
        elif name == "Authorization":
            secrets.authorization = canaries(value)
        else:
            secrets.fields |= canaries(value)
    secrets.fields |= canaries(str(given))
    if rng.random() < 0.1:
        secrets.host = f"{canary('host')}.test"
        (own if rng.random() < 0.5 else default).append(("Host", secrets.host))
    secrets.session["headers"] = _section(rng, default)
    secrets.request["headers"] = _section(rng, own + given)
    if rng.random() < 0.3:
        pair = f"given={canary('cookies')}"
        secrets.request["cookies"] = dict([pair.split("=")])
        secrets.fields |= canaries(pair)
    _draw_base(rng, chain, secrets)
    return secrets


def _draw_auth(rng: Random, secrets: Secrets) -> list[tuple[str, str]]:
    """Draw the credentials of the request; give those that are fields."""
    kind = rng.randrange(5)
    if kind == 0:
        lines = _lines(rng, "Authorization", "authorization", "Bearer {}")
        secrets.authorization = canaries(str(lines))
        return lines
    if kind == 1:
        value = martlet.encode_basic_auth(canary("basiclogin"), canary("basicpassword"))
        secrets.authorization = frozenset({canary("basiclogin"), canary("basicpassword")})
        return [("Authorization", value)]
    if kind == 2:
        pair = canary("authlogin"), canary("authpassword")
        secrets.request["auth"] = pair if rng.random() < 0.5 else martlet.BasicAuth(*pair)
        secrets.authorization = frozenset(pair)
    return []


def _draw_base(rng: Random, chain: Chain, secrets: Secrets) -> None:
    """Draw a ``base_url``, and the session's ``auth``, which is for its origin."""
    first = chain.hops[0]
    base_place = None
    if rng.random() < 0.3:
        base_place = rng.choice(chain.hops).place
        login = ""
        if base_place == first.place and not secrets.authorization and rng.random() < 0.4:
            login = f"{canary('baselogin')}:{canary('basepassword')}"
            secrets.first_url = first.target
            secrets.authorization = canaries(login)
        elif base_place == first.place and not first.userinfo:
            secrets.first_url = first.target
        url = base_place.spelled(rng, login, ascii_only=False)
        secrets.session["base_url"] = f"{url}/"
    if rng.random() < 0.25:
        pair = canary("sessionlogin"), canary("sessionpassword")
        secrets.session["auth"] = pair if rng.random() < 0.5 else martlet.BasicAuth(*pair)
        if secrets.authorization or base_place not in {None, first.place}:
            secrets.hidden |= frozenset(pair)
        else:
            secrets.authorization = frozenset(pair)
