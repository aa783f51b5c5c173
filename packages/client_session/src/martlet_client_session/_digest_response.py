"""How a Digest challenge is answered (RFC 7616 section 3.4, RFC 2617 section 3.2.2)."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import quote

from ._digest_challenge import DigestChallenge

__all__ = ["DigestRequest", "digest_credentials"]

_ESCAPED: Final = re.compile(r'(["\\])')
# What an ext-value holds as it is (RFC 8187 section 3.2.1), besides letters, digits and "-._~".
_ATTR_CHARS: Final = "!#$&+^`|"


class DigestRequest(NamedTuple):
    """What of a request goes into an answer.

    *uri*: the request-target. *nonce*, *uses*: the nonce to use, and how many requests have
    used it, this one included. *cnonce*: the client's nonce. *session*: the nonce and the client's
    nonce that the session began with, for the ``-sess`` algorithms. *body*: for ``auth-int``.
    """

    method: str
    uri: str
    nonce: str
    uses: int
    cnonce: str
    session: tuple[str, str]
    body: bytes = b""


def digest_credentials(
    challenge: DigestChallenge, login: str, password: str, request: DigestRequest
) -> str:
    """Give the value of the Authorization field that answers *challenge*."""
    digest = _hash_of(challenge.hash_name)
    if challenge.is_utf8:
        login, password = _normal(login), _normal(password)
    secret = digest(_encoded(login, challenge.realm, password))
    if challenge.is_session:
        secret = digest(_encoded(secret, *request.session))
    if challenge.qop == "auth-int":
        asked = digest(_encoded(request.method, request.uri, digest(request.body)))
    else:
        asked = digest(_encoded(request.method, request.uri))
    count = f"{request.uses:08x}"
    proof = [secret, request.nonce]
    if challenge.qop:
        proof += [count, request.cnonce, challenge.qop]
    parts = [
        *_username(challenge, login, digest),
        f'realm="{_escaped(challenge.realm)}"',
        f'nonce="{_escaped(request.nonce)}"',
        f'uri="{_escaped(request.uri)}"',
        f'response="{digest(_encoded(*proof, asked))}"',
    ]
    # Some of these are tokens, and not to be quoted (RFC 7616 section 3.4).
    if challenge.algorithm is not None:
        parts.append(f"algorithm={challenge.algorithm}")
    if challenge.opaque is not None:
        parts.append(f'opaque="{_escaped(challenge.opaque)}"')
    if challenge.qop:
        parts += [f"qop={challenge.qop}", f"nc={count}"]
    if challenge.qop or challenge.is_session:
        parts.append(f'cnonce="{request.cnonce}"')
    return "Digest " + ", ".join(parts)


def _username(
    challenge: DigestChallenge, login: str, digest: Callable[[bytes], str]
) -> tuple[str, ...]:
    if challenge.has_userhash:
        return f'username="{digest(_encoded(login, challenge.realm))}"', "userhash=true"
    if challenge.is_utf8 and not login.isascii():
        return (f"username*=UTF-8''{quote(login, safe=_ATTR_CHARS)}",)
    # To a server that names no charset UTF-8 goes as it is: RFC 2617 knows no other way.
    return (f'username="{_escaped(login)}"',)


def _hash_of(name: str) -> Callable[[bytes], str]:
    import hashlib

    def digest(data: bytes) -> str:
        # Which one it is, is the server's choice.
        return hashlib.new(name, data, usedforsecurity=False).hexdigest()

    return digest


def _encoded(*parts: str) -> bytes:
    # What a server sent that is not UTF-8 is in surrogates, and goes back as it came.
    return ":".join(parts).encode("utf-8", "surrogateescape")


def _escaped(text: str) -> str:
    return _ESCAPED.sub(r"\\\1", text)


def _normal(text: str) -> str:
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)
