"""An application that asks for Digest credentials, and takes nothing amiss but what is wrong.

It is the server's side of RFC 7616, written from its text, with nothing of the client's:
``uvicorn client.asgi_digest:app``.

* ``PUT /rules/NAME``: say, in JSON, what the space NAME asks for; see `Space`.
* ``/space/NAME/…``: what is protected; ``?to=URL`` redirects (``&status=``, 302 by default).
* ``GET /log/NAME``: what has happened there so far.

What no client may send is answered with 400 and a reason; wrong credentials with another 401.
"""

import hashlib
import hmac
import json
import re
import secrets
from typing import Any, Final
from urllib.parse import unquote

from .asgi_call import Call, Receive, Scope, Send

__all__ = ["Space", "app"]

_HASHES: Final = {
    "MD5": "md5",
    "SHA": "sha1",
    "SHA-256": "sha256",
    "SHA-512": "sha512",
    "SHA-512-256": "sha512_256",
}
_QUOTED: Final = frozenset({"username", "realm", "nonce", "uri", "response", "cnonce", "opaque"})
_TOKENS: Final = frozenset({"algorithm", "qop", "nc", "userhash", "username*"})
_PARAMETER: Final = re.compile(
    r"""(?P<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)=
    (?: "(?P<quoted>(?:[^"\\]|\\.)*)" | (?P<token>[!#$%&'*+.^_`|~0-9A-Za-z-]+) )
    (?:,[ ]|\Z)""",
    re.VERBOSE,
)


class RuleError(Exception):
    """The client has broken a rule."""


class Nonce:
    """A nonce that the server has given out."""

    def __init__(self, key: "tuple[str, str] | None" = None) -> None:
        self.used: set[int] = set()
        self.is_over = False
        # The nonce and the cnonce that the session key is made of (section 3.4.2).
        self.key = key


class Space:
    """One protection space.

    *algorithm*, *qop*, *domain*: as in the challenge; ``None``: not there. *others*: challenges
    before it. *uses*: how many requests a nonce is good for; *next_nonce*: give a new one with
    each response, and let the old one be over. *in_order*: requests come one after the other.
    """

    def __init__(self, rules: dict[str, Any]) -> None:
        self.realm: str = rules.get("realm", 'the "inner" \\ realm')
        self.login: str = rules.get("login", "Mufasa")
        self.password: str = rules.get("password", "Circle of Life")
        self.algorithm: str | None = rules.get("algorithm")
        self.qop: str | None = rules.get("qop")
        self.domain: str | None = rules.get("domain")
        self.userhash: bool = rules.get("userhash", False)
        self.utf8: bool = rules.get("utf8", False)
        self.others: list[str] = rules.get("others", [])
        self.uses: int | None = rules.get("uses")
        self.next_nonce: bool = rules.get("next_nonce", False)
        self.in_order: bool = rules.get("in_order", True)
        self.opaque = secrets.token_hex(8) + '"\\'
        self.nonces: dict[str, Nonce] = {}
        self.log: list[str] = []

    def hash(self, *parts: str) -> str:
        name = (self.algorithm or "MD5").removesuffix("-sess")
        return hashlib.new(_HASHES[name], ":".join(parts).encode()).hexdigest()

    def hash_body(self, body: bytes) -> str:
        name = (self.algorithm or "MD5").removesuffix("-sess")
        return hashlib.new(_HASHES[name], body).hexdigest()

    def new_nonce(self, key: "tuple[str, str] | None" = None) -> str:
        nonce = secrets.token_urlsafe(12)
        self.nonces[nonce] = Nonce(key)
        return nonce

    def challenges(self, *, stale: bool) -> list[tuple[str, str]]:
        """Give the fields of a 401."""
        parts = [
            f"realm={_quoted(self.realm)}",
            f"nonce={_quoted(self.new_nonce())}",
            f"opaque={_quoted(self.opaque)}",
        ]
        if self.domain is not None:
            parts.append(f"domain={_quoted(self.domain)}")
        if self.algorithm is not None:
            parts.append(f"algorithm={self.algorithm}")
        if self.qop is not None:
            parts.append(f"qop={_quoted(self.qop)}")
        for name, is_there in (("stale", stale), ("userhash", self.userhash)):
            if is_there:
                parts.append(f"{name}=true")
        if self.utf8:
            parts.append("charset=UTF-8")
        fields = [*self.others, "Digest " + ", ".join(parts)]
        return [("WWW-Authenticate", field) for field in fields]

    def check(self, method: str, target: str, field: str, body: bytes) -> tuple[bool, bool]:
        """Tell whether *field* is right, and whether only its nonce is too old."""
        given = _parse(field)
        nonce = self._known_nonce(given, target)
        self._check_protection(given, nonce)
        first, secret = self._secret(given, nonce)
        asked = [method, target]
        if given.get("qop") == "auth-int":
            asked.append(self.hash_body(body))
        proof = [given["nonce"]]
        if "qop" in given:
            proof += [given["nc"], given["cnonce"], given["qop"]]
        expected = self.hash(secret, *proof, self.hash(*asked))
        if not hmac.compare_digest(expected.encode(), given["response"].encode()):
            return False, False
        if nonce.is_over or (self.uses is not None and len(nonce.used) > self.uses):
            return False, True
        nonce.key = first
        return True, False

    def _known_nonce(self, given: dict[str, str], target: str) -> Nonce:
        nonce = self.nonces.get(given["nonce"])
        if nonce is None:
            raise RuleError("a nonce of somebody else")
        for name, expected in (
            ("realm", self.realm),
            ("opaque", self.opaque),
            ("uri", target),
            ("algorithm", self.algorithm),
        ):
            if given.get(name) != expected:
                raise RuleError(f"{name} is {given.get(name)!r}, not {expected!r}")
        return nonce

    def _check_protection(self, given: dict[str, str], nonce: Nonce) -> None:
        offered = [part.strip() for part in (self.qop or "").split(",") if part.strip()]
        if not offered:
            if "qop" in given or "nc" in given:
                raise RuleError("qop or nc without an offer of qop")
            nonce.used.add(len(nonce.used) + 1)
            return
        if given.get("qop") not in offered:
            raise RuleError(f"qop is {given.get('qop')!r}")
        if not given.get("cnonce"):
            raise RuleError("no cnonce")
        if re.fullmatch("[0-9a-f]{8}", given.get("nc", "")) is None:
            raise RuleError(f"nc is {given.get('nc')!r}")
        count = int(given["nc"], 16)
        if count in nonce.used or (self.in_order and count != len(nonce.used) + 1):
            raise RuleError(f"nc is {count} after {sorted(nonce.used)}")
        nonce.used.add(count)

    def _secret(self, given: dict[str, str], nonce: Nonce) -> tuple["tuple[str, str] | None", str]:
        """Give what the session key is made of, and H(A1)."""
        names = given.keys() & {"username", "username*"}
        if self.userhash:
            expected = {"username": self.hash(self.login, self.realm), "userhash": "true"}
        elif self.utf8 and not self.login.isascii():
            expected = {"username*": self.login}
        else:
            expected = {"username": self.login}
        if "userhash" in given:
            names.add("userhash")
        found = {name: given[name] for name in names}
        if "username*" in found:
            charset, language, value = found["username*"].split("'")
            if (charset, language) != ("UTF-8", ""):
                raise RuleError(f"username* is {found['username*']}")
            found["username*"] = unquote(value, errors="strict")
        if found != expected:
            raise RuleError(f"the user is {found}, not {expected}")
        secret = self.hash(self.login, self.realm, self.password)
        if not (self.algorithm or "").endswith("-sess"):
            return None, secret
        first = nonce.key or (given["nonce"], given["cnonce"])
        return first, self.hash(secret, *first)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def _parse(field: str) -> dict[str, str]:
    scheme, _, rest = field.partition(" ")
    if scheme != "Digest":
        raise RuleError(f"the scheme is {scheme}")
    given: dict[str, str] = {}
    place = 0
    while place < len(rest):
        match = _PARAMETER.match(rest, place)
        if match is None:
            raise RuleError(f"cannot read {rest[place:]!r}")
        place = match.end()
        name, quoted, token = match.group("name", "quoted", "token")
        if name in given or name not in (_TOKENS if quoted is None else _QUOTED):
            raise RuleError(f"{match[0]!r} is there twice, or not to be there like this")
        given[name] = token if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
    for name in ("realm", "nonce", "uri", "response"):
        if name not in given:
            raise RuleError(f"no {name}")
    return given


_spaces: Final[dict[str, Space]] = {}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    _, first, name, rest = (scope["path"] + "///").split("/", 3)
    call = Call(scope, receive, send, rest)
    body = b"".join([piece async for piece in call.body()])
    if first == "rules":
        _spaces[name] = Space(json.loads(body))
        await call.answer(b"")
    elif first == "log":
        await call.json(_spaces[name].log)
    else:
        await protected(call, _spaces[name], body)


async def protected(call: Call, space: Space, body: bytes) -> None:
    fields = [value for name, value in call.fields if name == "authorization"]
    query = call.scope["query_string"]
    target = (call.scope["raw_path"] + (b"?" + query if query else b"")).decode("ascii")
    if not fields:
        space.log.append("asked")
        await call.answer(b"who are you?", 401, space.challenges(stale=False))
        return
    try:
        if len(fields) > 1:
            raise RuleError("two Authorization fields")
        field = fields[0].encode("latin-1").decode()
        right, stale = space.check(call.scope["method"], target, field, body)
    except RuleError as exc:
        space.log.append(f"wrong: {exc}")
        await call.answer(str(exc).encode(), 400)
        return
    if not right:
        space.log.append("stale" if stale else "refused")
        await call.answer(b"no" * 100, 401, space.challenges(stale=stale))
        return
    space.log.append("welcome")
    await _welcome(call, space, field, body)


async def _welcome(call: Call, space: Space, field: str, body: bytes) -> None:
    headers = []
    if space.next_nonce:
        nonce = space.nonces[_parse(field)["nonce"]]
        nonce.is_over = True
        headers.append(("Authentication-Info", f"nextnonce={_quoted(space.new_nonce(nonce.key))}"))
    if "to" in call.query:
        headers.append(("Location", call.query["to"]))
        await call.answer(b"", int(call.query.get("status", "302")), headers)
        return
    await call.answer(body or b"welcome", 200, headers)
