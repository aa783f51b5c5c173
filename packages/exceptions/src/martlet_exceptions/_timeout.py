"""Timeouts: each says which limit was hit, how large it is and how long the request took."""

from typing import Final, NamedTuple

from yarl import URL

from ._safe_text import printable, public_url
from ._server import ServerConnectionError

__all__ = [
    "ConnectionTimeoutError",
    "ServerTimeoutError",
    "SocketTimeoutError",
    "TotalTimeoutError",
]


class _Wording(NamedTuple):
    doing: str
    link: str
    failure: str


_WORDINGS: Final = {
    "connect": _Wording("getting a connection", "to", "none was ready within"),
    "sock_connect": _Wording("connecting", "to", "the peer did not answer within"),
    "sock_read": _Wording("reading data", "from", "nothing came for"),
    "head": _Wording("reading the response's head", "from", "it was not complete within"),
    "total": _Wording("the whole request", "to", "it was not done within"),
}


def _seconds(value: float) -> str:
    return f"{value:g} s"


def _text(phase: str | None, limit: float | None, elapsed: float | None, url: URL | None) -> str:
    shown_phase = printable(phase or "request")
    doing, link, failure = _WORDINGS.get(
        shown_phase, _Wording(shown_phase, "to", "it was not done within")
    )
    text = f"Timeout on {doing}"
    facts = []
    if url is not None:
        text += f" {link} {public_url(url)}"
    if limit is not None:
        text += f": {failure} {_seconds(limit)}"
        if phase is not None:
            facts.append(f"{shown_phase}={_seconds(limit)}")
    if elapsed is not None:
        facts.append(f"{_seconds(round(elapsed, 2))} since the request began")
    return f"{text} ({', '.join(facts)})" if facts else text


class ServerTimeoutError(ServerConnectionError, TimeoutError):
    """An operation took longer than its limit: every timeout of the client is one of these.

    `asyncio.TimeoutError` is `TimeoutError`, so code that waits for either catches it.

    Attributes, each `None` where it is not known: `phase` is the name of the limit that
    was hit (as in the timeout's settings, or ``head``), `limit` that limit in seconds,
    `elapsed` the seconds since the request began, `url` what was asked for. Where these
    are given and no other argument is, the text is built from them, without credentials.
    """

    def __init__(
        self,
        *args: object,
        phase: str | None = None,
        limit: float | None = None,
        elapsed: float | None = None,
        url: URL | None = None,
    ) -> None:
        known = any(fact is not None for fact in (phase, limit, elapsed, url))
        super().__init__(*(args if args or not known else (_text(phase, limit, elapsed, url),)))
        self.phase = phase
        self.limit = limit
        self.elapsed = elapsed
        self.url = url


class ConnectionTimeoutError(ServerTimeoutError):
    """No connection came about in time: phases ``connect`` and ``sock_connect``.

    Nothing of the request was sent. Attributes as in `ServerTimeoutError`.
    """


class SocketTimeoutError(ServerTimeoutError):
    """The peer was silent for too long: phases ``sock_read`` and ``head``.

    Attributes as in `ServerTimeoutError`.
    """


class TotalTimeoutError(ServerTimeoutError):
    """The request took longer than all of it may: phase ``total``.

    Attributes as in `ServerTimeoutError`.
    """
