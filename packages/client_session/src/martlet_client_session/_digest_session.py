"""What Digest keeps between requests: a nonce, and how often it has been used."""

from itertools import count
from typing import Final

from ._digest_challenge import DigestChallenge
from ._digest_response import DigestRequest, digest_credentials

__all__ = ["DigestSession"]

_CNONCE_BYTES: Final = 16


class DigestSession:
    """A challenge, one of the nonces that came with it or after it, and its count.

    *prefixes*: the request-targets for which it holds begin with one of these. *nonce*: that of
    the challenge, if no other one is given. *start*: the nonce and the client's nonce that the
    ``-sess`` algorithms make their key of, once for a challenge (RFC 7616 section 3.4.2).
    """

    __slots__ = ("_count", "challenge", "is_current", "nonce", "prefixes", "start")

    def __init__(
        self,
        challenge: DigestChallenge,
        prefixes: tuple[str, ...],
        nonce: str | None = None,
        start: tuple[str, str] | None = None,
    ) -> None:
        self.challenge = challenge
        self.nonce: Final = challenge.nonce if nonce is None else nonce
        self.prefixes = prefixes
        self.is_current = True
        self.start = (challenge.nonce, _cnonce()) if start is None else start
        self._count = count(1)

    def renew(self, challenge: DigestChallenge, prefixes: tuple[str, ...]) -> None:
        """Learn that the nonce has come again, in *challenge*; its count goes on."""
        self.challenge, self.prefixes = challenge, prefixes
        if self.start[0] != challenge.nonce:
            self.start = challenge.nonce, _cnonce()

    def credentials(
        self, login: str, password: str, method: str, uri: str, body: bytes = b""
    ) -> str:
        """Give the Authorization field of the next request."""
        # The key of a session has the first one in it, and servers look for it in each request.
        cnonce = self.start[1] if self.challenge.is_session else _cnonce()
        request = DigestRequest(
            method, uri, self.nonce, next(self._count), cnonce, self.start, body
        )
        return digest_credentials(self.challenge, login, password, request)

    def is_of(self, challenge: DigestChallenge) -> bool:
        """Tell whether *challenge* brings nothing new."""
        return (self.challenge.realm, self.nonce) == (challenge.realm, challenge.nonce)

    def covers(self, target: str) -> int:
        """Tell how long the prefix is that *target* has; -1 if it has none of them."""
        return max((len(p) for p in self.prefixes if _is_under(target, p)), default=-1)


def _is_under(target: str, prefix: str) -> bool:
    # Not "/documents" under "/doc".
    rest = target[len(prefix) :]
    return target.startswith(prefix) and (
        not rest or prefix[-1:] in {"/", "&", "="} or rest[0] in "/?&"
    )


def _cnonce() -> str:
    from secrets import token_hex

    return token_hex(_CNONCE_BYTES)
