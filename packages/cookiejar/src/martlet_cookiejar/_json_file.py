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

from ._check_cookie import FIELD_TYPES, check_cookie
from ._cookie import Cookie
from ._errors import CookieLoadError
from ._file_size import last_that_fit

FORMAT: Final = "martlet-cookies"
VERSION: Final = 1
# What stands before and after the cookies has fewer bytes.
_AROUND: Final = 200
_ENCODER: Final = json.JSONEncoder(check_circular=False, allow_nan=False)


def dump_json(cookies: Iterable[Cookie]) -> bytes:
    """Write cookies, in their order, as the content of a file; it is ASCII.

    If they take more than `MOST_BYTES`, the first ones are left out: a jar lists the least recently
    used first, and a file that is too large would not be loaded at all.
    """
    lines = [_ENCODER.encode(attrs.asdict(cookie, recurse=False)) for cookie in cookies]
    content = ",\n".join(last_that_fit(lines, _AROUND, 2))
    checksum = sha256(content.encode("ascii")).hexdigest()
    opening = f'{{"format": "{FORMAT}", "version": {VERSION}, "sha256": "{checksum}"'
    return f'{opening}, "cookies": [\n{content}\n]}}\n'.encode("ascii")


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
    if not isinstance(entry, dict) or entry.keys() != FIELD_TYPES.keys():
        raise CookieLoadError(f"cookie {number} has not the fields of one")
    # What json makes of a number that is too large for a float.
    if entry["expires"] in (inf, -inf):
        raise CookieLoadError(f"a time of cookie {number} is out of range")
    cookie = Cookie(**entry)
    try:
        check_cookie(cookie)
    except (TypeError, ValueError) as exc:
        raise CookieLoadError(f"cookie {number} is none: {exc}") from None
    return cookie
