"""Where which Digest credentials hold (RFC 7616 sections 3.3 and 3.6)."""

from collections import OrderedDict
from itertools import islice
from typing import Final, TypeAlias

from yarl import URL

from ._digest_challenge import DigestChallenge
from ._digest_session import DigestSession
from ._origin import origin

__all__ = ["ProtectionSpaces"]

# What servers can make us remember.
_MAX_ORIGINS: Final = 64
_MAX_SESSIONS: Final = 16
_MAX_PREFIXES: Final = 32

_Origin: TypeAlias = tuple[str, str | None, int | None]
# By realm and nonce, the last ones used at the end.
_Sessions: TypeAlias = "OrderedDict[tuple[str, str], DigestSession]"


class ProtectionSpaces:
    """Remembers the sessions of the origins that have sent a challenge, at most 64 of them.

    A session never leaves the origin of its challenge, whatever ``domain`` says: a server could
    have the client show an answer to its nonce, made of the password, to anybody.
    """

    __slots__ = ("_origins",)

    def __init__(self) -> None:
        self._origins: OrderedDict[_Origin, _Sessions] = OrderedDict()

    def find(self, url: URL) -> DigestSession | None:
        """Find the session that holds for *url*: the one that says so most precisely."""
        sessions = self._origins.get(origin(url))
        if sessions is None:
            return None
        target = url.raw_path_qs
        best, longest = None, -1
        for session in reversed(sessions.values()):
            length = session.covers(target) if session.is_current else -1
            if length > longest:
                best, longest = session, length
        return best

    def challenged(self, url: URL, challenge: DigestChallenge) -> DigestSession:
        """Give the session of *challenge*, which is the answer to a request to *url*.

        It is the one that is there if the nonce is known: its count goes on.
        """
        sessions = self._of(url)
        prefixes = _prefixes(url, challenge.domain)
        known = sessions.get((challenge.realm, challenge.nonce))
        if known is None:
            known = DigestSession(challenge, prefixes)
        else:
            known.renew(challenge, prefixes)
        return _made_current(sessions, known)

    def followed(self, url: URL, session: DigestSession, nonce: str) -> None:
        """Go on with *nonce* after *session*, which a request to *url* has used."""
        sessions = self._of(url)
        known = sessions.get((session.challenge.realm, nonce))
        if known is None:
            known = DigestSession(session.challenge, session.prefixes, nonce, session.start)
        _made_current(sessions, known)

    def _of(self, url: URL) -> _Sessions:
        key = origin(url)
        sessions = self._origins.setdefault(key, OrderedDict())
        self._origins.move_to_end(key)
        if len(self._origins) > _MAX_ORIGINS:
            self._origins.popitem(last=False)
        return sessions


def _made_current(sessions: _Sessions, session: DigestSession) -> DigestSession:
    realm = session.challenge.realm
    # The others stay for their counts: answers to them may still be on their way.
    for other in sessions.values():
        if other.challenge.realm == realm:
            other.is_current = False
    session.is_current = True
    sessions[realm, session.nonce] = session
    sessions.move_to_end((realm, session.nonce))
    if len(sessions) > _MAX_SESSIONS:
        sessions.popitem(last=False)
    return session


def _prefixes(url: URL, domain: str) -> tuple[str, ...]:
    """Read ``domain``: URIs, relative to *url*, between spaces; none: the whole server."""
    entries = domain.split()
    if not entries:
        return ("/",)
    here = origin(url)
    prefixes = []
    for entry in islice(entries, _MAX_PREFIXES):
        try:
            meant = url.join(URL(entry))
            if origin(meant) == here:
                prefixes.append(meant.raw_path_qs)
        except ValueError:
            continue
    return tuple(prefixes)
