"""What a Set-Cookie field says (RFC 6265bis section 5.6)."""

import re
from functools import lru_cache
from typing import Final, TypeAlias

import attrs

from ._cookie import SameSite
from ._cookie_date import parse_cookie_date
from ._limits import DEFAULT_LIMITS, CookieLimits

# Surrogates that no octet gives could never be sent back.
_REFUSED: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udc7f\udd00-\udfff]")
# ASCII only, since a long s is none.
_EXPIRES: Final = re.compile(r";[ \t]*expires[ \t]*=([^;]*)", re.IGNORECASE | re.ASCII)
_MAX_AGE: Final = re.compile(r"-?[0-9]+\Z")
_SAME_SITE: Final[dict[str, SameSite]] = {"strict": "Strict", "lax": "Lax", "none": "None"}
# More than any limit of age; int() itself refuses texts of thousands of digits.
_FOREVER: Final = 10**18
# Longer attributes are unusual, and would take memory.
_REMEMBERED: Final = 512

_Attributes: TypeAlias = tuple[str | None, str | None, int | None, str, bool, bool, bool, SameSite]


@attrs.define(slots=True)
class SetCookie:
    """One Set-Cookie field, taken apart but not yet judged by the URL it came from.

    Args:
        name: May be empty.
        value: As it was received.
        domain: Lower case, without a leading dot; None if there is none. One that is not ASCII is
            left as it is, and is no host's domain.
        path: None if there is none that begins with a slash.
        max_age: Seconds, from the attribute Max-Age; None if there is no number.
        max_age_text: The attribute as it was received.
        secure: Whether the attribute is there; so the following.
        http_only: HttpOnly.
        partitioned: Partitioned.
        same_site: What the attribute says.
        expires: Seconds since 1970 UTC, from the attribute Expires; None if there is no date.
    """

    name: str
    value: str
    domain: str | None = None
    path: str | None = None
    max_age: int | None = None
    max_age_text: str = ""
    secure: bool = False
    http_only: bool = False
    partitioned: bool = False
    same_site: SameSite = ""
    expires: float | None = None


def parse_set_cookie(line: str, limits: CookieLimits = DEFAULT_LIMITS, /) -> SetCookie | None:
    """Take a Set-Cookie field's value apart, as leniently as browsers do.

    Args:
        line: The value; octets that are not UTF-8 are surrogates (``surrogateescape``).
        limits: What is too long: the whole cookie is ignored, or the attribute.

    Returns:
        None if the field is to be ignored.
    """
    if not line.isprintable() and _REFUSED.search(line) is not None:
        return None
    end = line.find(";")
    pair, attributes = (line, "") if end < 0 else (line[:end], line[end:])
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    name, value = name.strip(" \t"), value.strip(" \t")
    # A character has four octets at most.
    if 4 * len(pair) > limits.pair and octets(name) + octets(value) > limits.pair:
        return None
    if not (name or value):
        return None
    if not attributes:
        return SetCookie(name, value)
    expires = None
    # Apart: it differs from cookie to cookie, while the others are the same.
    if len(parts := _EXPIRES.split(attributes)) > 1:
        expires = _last_date(parts[1::2], limits.attribute)
        attributes = "".join(parts[::2])
    parse = _remembered if len(attributes) <= _REMEMBERED else _parse_attributes
    return SetCookie(name, value, *parse(attributes, limits.attribute), expires)


def parse_max_age(text: str, /) -> int | None:
    """Read the attribute Max-Age, of any size (5.6.2); None if it is no number of seconds."""
    if _MAX_AGE.match(text) is None:
        return None
    if len(text) <= 18:
        return int(text)
    digits = text.removeprefix("-").lstrip("0")
    seconds = int(digits or "0") if len(digits) <= 18 else _FOREVER
    return -seconds if text.startswith("-") else seconds


def parse_domain(text: str, /) -> str | None:
    """Read the attribute Domain (5.6.3); None if it is empty."""
    # Only ASCII: the lower case of the Kelvin sign is the k of another domain.
    return (text.lower() if text.isascii() else text).removeprefix(".") or None


def parse_same_site(text: str, /) -> SameSite:
    """Read the attribute SameSite (5.6.7)."""
    return _SAME_SITE.get(text.lower(), "")


def octets(text: str, /) -> int:
    """Count what a text takes on the wire; surrogates are octets that are not UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def _last_date(texts: list[str], longest: int) -> float | None:
    # One that is no date leaves an earlier one in force (5.6.1).
    for text in reversed(texts):
        value = text.strip(" \t")
        if octets(value) <= longest and (date := parse_cookie_date(value)) is not None:
            return date
    return None


def _parse_attributes(text: str, longest: int) -> _Attributes:
    domain: str | None = None
    path: str | None = None
    max_age: int | None = None
    max_age_text = ""
    same_site: SameSite = ""
    flags = {"secure": False, "httponly": False, "partitioned": False}
    for attribute in text.split(";"):
        key, _, value = attribute.partition("=")
        key, value = key.strip(" \t").lower(), value.strip(" \t")
        if octets(value) > longest:
            continue
        if key in flags:
            flags[key] = True
        elif key == "path":
            path = value if value.startswith("/") else None
        elif key == "domain":
            domain = parse_domain(value)
        elif key == "max-age":
            # One that is no number leaves an earlier one in force (5.6.2).
            seconds = parse_max_age(value)
            if seconds is not None:
                max_age, max_age_text = seconds, value
        elif key == "samesite":
            same_site = parse_same_site(value)
    secure, http_only, partitioned = flags.values()
    return domain, path, max_age, max_age_text, secure, http_only, partitioned, same_site


# The same attributes come with cookie after cookie, and hold no secrets.
_remembered = lru_cache(maxsize=256)(_parse_attributes)
