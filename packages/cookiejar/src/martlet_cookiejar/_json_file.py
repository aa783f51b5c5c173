"""The file of a jar: JSON that is written in exactly one way, with a checksum.

    {"format": "martlet-cookies", "version": 1, "sha256": "…", "cookies": [
    {"name": "sid", "value": "…", "domain": "example.org", …},
    …
    ]}

The checksum is that of the lines of the cookies. A file is read only if writing what was read gives
the same file, so that a change anywhere is noticed.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from math import inf
from typing import Final

import attrs

from ._check_cookie import check_cookie
from ._cookie import Cookie
from ._errors import CookieLoadError

FORMAT: Final = "martlet-cookies"
VERSION: Final = 1
MOST_BYTES: Final = 16 * 1024 * 1024
"""Of a file, of whatever format."""

# What stands before and after the cookies has fewer bytes.
_AROUND: Final = 200
_ENCODER: Final = json.JSONEncoder(check_circular=False, allow_nan=False)
_SAME_SITE: Final = ("Strict", "Lax", "None", "")
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "name": (str,),
    "value": (str,),
    "domain": (str,),
    "path": (str,),
    "host_only": (bool,),
    "secure": (bool,),
    "http_only": (bool,),
    "same_site": (str,),
    "partitioned": (bool,),
    "expires": (int, float, type(None)),
    "created": (int, float),
    "max_age": (str,),
}


def dump_json(cookies: Iterable[Cookie]) -> bytes:
    """Write cookies, in their order, as the content of a file; it is ASCII.

    If they take more than `MOST_BYTES`, the first ones are left out: a jar lists the least recently
    used first, and a file that is too large would not be loaded at all.
    """
    lines = [_ENCODER.encode(attrs.asdict(cookie, recurse=False)) for cookie in cookies]
    content = ",\n".join(lines[_first_that_fits(lines) :])
    checksum = sha256(content.encode("ascii")).hexdigest()
    opening = f'{{"format": "{FORMAT}", "version": {VERSION}, "sha256": "{checksum}"'
    return f'{opening}, "cookies": [\n{content}\n]}}\n'.encode("ascii")


def _first_that_fits(lines: list[str]) -> int:
    room = MOST_BYTES - _AROUND - sum(map(len, lines)) - 2 * len(lines)
    first = 0
    while room < 0:
        room += len(lines[first]) + 2
        first += 1
    return first


def load_json(data: bytes, content: dict[str, object]) -> list[Cookie]:
    """Read the cookies of a file back.

    Args:
        data: The file.
        content: The same after `json.loads`: a dict whose "format" is `FORMAT`.

    Raises:
        CookieLoadError: It is not what `dump_json` writes, or has a newer version.
    """
    version = content.get("version")
    if isinstance(version, int) and version > VERSION:
        raise CookieLoadError(
            f"the file is of version {str(version)[:20]}; this release reads version {VERSION}"
        )
    entries = content.get("cookies")
    if not isinstance(entries, list):
        raise CookieLoadError("the file holds no list of cookies")
    cookies = [_cookie(number, entry) for number, entry in enumerate(entries)]
    if dump_json(cookies) != data:
        raise CookieLoadError("the file is damaged: its checksum is not that of its cookies")
    if len({(c.domain, c.path, c.name, c.host_only) for c in cookies}) < len(cookies):
        raise CookieLoadError("the file holds a cookie twice")
    return cookies


def _cookie(number: int, entry: object) -> Cookie:
    if not isinstance(entry, dict) or entry.keys() != _TYPES.keys():
        raise CookieLoadError(f"cookie {number} has not the fields of one")
    for key, types in _TYPES.items():
        if type(entry[key]) not in types:
            raise CookieLoadError(f"the field {key!r} of cookie {number} is of a wrong type")
    # What json makes of a number that is too large for a float.
    if any(entry[key] in (inf, -inf) for key in ("created", "expires")):
        raise CookieLoadError(f"a time of cookie {number} is out of range")
    if entry["same_site"] not in _SAME_SITE:
        raise CookieLoadError(f"the field 'same_site' of cookie {number} has no such value")
    cookie = Cookie(**entry)
    try:
        check_cookie(cookie)
    except ValueError as exc:
        raise CookieLoadError(f"cookie {number} is none: {exc}") from None
    return cookie
