"""Keeping secrets out of files."""

from collections.abc import Iterable
from typing import Final

from attrs import evolve
from yarl import URL

from ._recorded_exchange import Fields, RecordedExchange

__all__ = ["REDACTED", "SECRET_HEADERS", "Redaction"]

REDACTED: Final = "REDACTED"
"""What stands in place of a secret."""
SECRET_HEADERS: Final = ("Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie")
"""The fields whose values are not written down, unless one says otherwise."""


class Redaction:
    """Replaces the values of header fields and of parameters of the query, by their names.

    Of a Set-Cookie the cookie's name and its attributes stay, so that a replayed session has
    cookies, too.
    """

    def __init__(self, headers: Iterable[str], params: Iterable[str]) -> None:
        self._headers = frozenset(_names(headers, "redact"))
        self._params = frozenset(_names(params, "redact_params"))

    def redacted(self, exchange: RecordedExchange) -> RecordedExchange:
        """Give *exchange* without its secrets."""
        request, response = exchange.request, exchange.response
        return evolve(
            exchange,
            request=evolve(
                request, url=self._url(request.url), headers=self._fields(request.headers)
            ),
            response=evolve(
                response,
                headers=self._fields(response.headers),
                trailers=self._fields(response.trailers),
            ),
        )

    def _fields(self, fields: Fields) -> Fields:
        return tuple(
            (name, _hidden(name, value) if name.lower() in self._headers else value)
            for name, value in fields
        )

    def _url(self, url: URL) -> URL:
        secret = {name for name in url.query if name.lower() in self._params}
        if not secret:
            return url
        pairs = [(name, REDACTED if name in secret else value) for name, value in url.query.items()]
        return url.with_query(pairs)


def _names(names: Iterable[str], what: str) -> list[str]:
    if isinstance(names, str):
        raise TypeError(f"{what} is a list of names, not one: give [{names!r}]")
    return [name.lower() for name in names]


def _hidden(name: str, value: str) -> str:
    if name.lower() != "set-cookie":
        return REDACTED
    pair, semicolon, attributes = value.partition(";")
    cookie = pair.partition("=")[0]
    return f"{cookie}={REDACTED}{semicolon}{attributes}"
