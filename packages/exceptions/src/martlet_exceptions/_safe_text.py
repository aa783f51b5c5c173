"""What may be shown of foreign text in an error: no credentials, no control characters, no floods.

The text of an error ends up in logs and on terminals. What a peer or a caller gave is
therefore cut, escaped and rid of credentials here, and nowhere else. Attributes of the
errors keep the values as they were.
"""

import re
from typing import Final

from yarl import URL

__all__ = ["clipped", "printable", "public_url", "shown_bytes"]

TEXT_LIMIT: Final = 300
URL_LIMIT: Final = 2000

_BEFORE_AUTHORITY: Final = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.\-]*:[/\\]+|[/\\]{2,})")
_AUTHORITY_END: Final = re.compile(r"[/\\?#]")
_HOST_AND_PORT: Final = re.compile(r"(?:\[[^\]]*\]|[^:]*)(?::\d*)?")
_SECRET_FIELD: Final = re.compile(
    rb"((?:set-)?cookie2?|(?:proxy-)?authorization)([ \t]*:)(?:[^\r\n]|\r?\n[ \t])*", re.IGNORECASE
)


def clipped(text: str, limit: int = TEXT_LIMIT) -> str:
    """Cut *text* to *limit* characters, with an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def printable(text: str) -> str:
    """Escape what could forge a log line or steer a terminal; other letters stay."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def public_url(url: URL | str) -> str:
    """Write *url* without its userinfo, also where it is too malformed to be parsed."""
    return clipped(printable(_without_userinfo(str(url))), URL_LIMIT)


def _without_userinfo(text: str) -> str:
    if "@" not in text:
        return text
    prefix = _BEFORE_AUTHORITY.match(text)
    if prefix is None:
        # A path, a query or a fragment alone has no userinfo. Of anything else nobody can
        # say where the credentials end, so all up to the last "@" goes.
        return text if text[0] in "/?#" else _after_last_at(text)
    head, rest = text[: prefix.end()], text[prefix.end() :]
    end = _AUTHORITY_END.search(rest)
    authority = rest if end is None else rest[: end.start()]
    if "@" in authority:
        return head + _after_last_at(authority) + rest[len(authority) :]
    if _HOST_AND_PORT.fullmatch(authority):
        return text
    # "user:pa/ss@host": a delimiter that was not encoded cut the password in two.
    return head + _after_last_at(rest)


def _after_last_at(text: str) -> str:
    return text[text.rindex("@") + 1 :] if "@" in text else text


def shown_bytes(data: bytes) -> str:
    """Write *data* as a bytes literal: pure ASCII, without the values of secret fields."""
    return repr(_SECRET_FIELD.sub(rb"\1\2 ***", data))
