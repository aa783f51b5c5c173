"""What a server that wants Digest credentials asks for (RFC 7616 section 3.3, RFC 2617)."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

from martlet_http_parser import Challenge, parse_challenges

__all__ = ["DigestChallenge", "choose_challenge", "next_nonce"]

# From strong to weak; by the name that hashlib has, and those that servers use.
_HASHES: Final = {
    "sha512": ("sha-512", "sha512"),
    "sha512_256": ("sha-512-256",),
    "sha256": ("sha-256", "sha256"),
    "sha1": ("sha",),
    "md5": ("md5",),
}
_RANKS: Final = {
    alias: (rank, name) for rank, (name, aliases) in enumerate(_HASHES.items()) for alias in aliases
}
_SESSION: Final = "-sess"
# The first one needs no look at the body.
_AUTH_FIRST: Final = ("auth", "auth-int")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


class DigestChallenge(NamedTuple):
    """A challenge that can be answered.

    *algorithm* is as the server wrote it, ``None`` if it did not; *hash_name*: what hashlib calls
    its hash; *rank*: how strong that is, 0 being the strongest. *qop*: ``"auth"``,
    ``"auth-int"``, or ``""`` for a server of RFC 2069.
    """

    realm: str
    nonce: str
    opaque: str | None = None
    algorithm: str | None = None
    hash_name: str = "md5"
    rank: int = 0
    is_session: bool = False
    qop: str = ""
    domain: str = ""
    is_stale: bool = False
    has_userhash: bool = False
    is_utf8: bool = False


def choose_challenge(fields: Iterable[str], *, with_body: bool = True) -> DigestChallenge | None:
    """Choose from the lines of WWW-Authenticate the challenge with the strongest hash.

    Of equal ones the first (RFC 7616 section 3.7). Those that cannot be answered are passed over,
    with those of the body (``auth-int``) unless *with_body*; ``None`` if there is no other.
    """
    usable = _AUTH_FIRST if with_body else _AUTH_FIRST[:1]
    read = [_read(challenge, usable) for challenge in parse_challenges(", ".join(fields))]
    return min((found for found in read if found is not None), key=_rank_of, default=None)


def next_nonce(fields: Iterable[str]) -> str | None:
    """Find the ``nextnonce`` in the lines of Authentication-Info (RFC 7616 section 3.5)."""
    for challenge in parse_challenges(f"Digest {', '.join(fields)}")[:1]:
        nonce = challenge.parameters.get("nextnonce")
        if nonce and not _CONTROLS.search(nonce):
            return nonce
    return None


def _rank_of(challenge: DigestChallenge) -> int:
    return challenge.rank


@cache
def _is_available(hash_name: str) -> bool:
    import hashlib

    try:
        hashlib.new(hash_name, usedforsecurity=False)
    except ValueError:  # sha512_256 depends on the library that Python was built with
        return False
    return True


def _read(challenge: Challenge, usable: Sequence[str]) -> DigestChallenge | None:
    given = challenge.parameters
    realm, nonce, opaque = challenge.realm, given.get("nonce"), given.get("opaque")
    if challenge.scheme != "digest" or realm is None or not nonce:
        return None
    # They come back in a field of ours.
    if _CONTROLS.search(f"{realm}{nonce}{opaque}"):
        return None
    algorithm = given.get("algorithm")
    name = "md5" if algorithm is None else algorithm.lower()
    rank, hash_name = _RANKS.get(name.removesuffix(_SESSION), (0, ""))
    qop = _chosen_qop(given.get("qop", ""), usable)
    if not hash_name or qop is None or not _is_available(hash_name):
        return None
    return DigestChallenge(
        realm,
        nonce,
        opaque,
        algorithm,
        hash_name,
        rank,
        name.endswith(_SESSION),
        qop,
        given.get("domain", ""),
        given.get("stale", "").lower() == "true",
        given.get("userhash", "").lower() == "true",
        given.get("charset", "").lower() == "utf-8",
    )


def _chosen_qop(offered: str, usable: Sequence[str]) -> str | None:
    options = [option.strip(" \t").lower() for option in offered.split(",")]
    for option in usable:
        if option in options:
            return option
    return None if any(options) else ""
