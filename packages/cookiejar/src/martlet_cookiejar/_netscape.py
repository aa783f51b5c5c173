"""The file format of Netscape, curl and browsers' extensions: cookies.txt.

A cookie a line, seven fields between tabs: domain, TRUE if the hosts below it get it too, path,
TRUE if it is Secure, when it ends (seconds since 1970 UTC; 0: with the session), name, value.
"""

import re
from collections.abc import Iterable
from math import floor
from typing import Final

import attrs

from ._cookie import Cookie
from ._cookie_date import END_OF_TIME
from ._errors import CookieLoadError
from ._file_size import last_that_fit
from ._host import canonical_host, is_ip_address
from ._prefixes import prefix_kept

# The first line is what http.cookiejar knows such a file by.
_OPENING: Final = """\
# Netscape HTTP Cookie File
# https://curl.se/docs/http-cookies.html
# Written by martlet-cookiejar.

"""
_HTTP_ONLY: Final = "#HttpOnly_"
_FLAGS: Final = {"TRUE": True, "FALSE": False}
# As strtol reads it: what follows the digits counts for nothing. More of them fit in no 64 bits.
_TIME: Final = re.compile(r" *\+?0*(\d{1,19})(?!\d)", re.ASCII)
_DOMAIN: Final = re.compile(r"[^\x00-\x20\x7f/.#][^\x00-\x20\x7f/]*")
_PATH: Final = re.compile(r"[^\x00-\x1f\x7f]*")
# Nothing else can come from a Set-Cookie field and go into a Cookie field.
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f;=]*")
_VALUE: Final = re.compile(r"[^\x00-\x1f\x7f;]*")


def dump_netscape(cookies: Iterable[Cookie]) -> str:
    """Write cookies, in their order, as a cookies.txt.

    The format has no place for `same_site`, `partitioned`, `created`, `max_age` and parts of
    seconds. Cookies that cannot be read back from it are left out: those that are sent to every
    host (with no domain), and those with a tab in the value or path, which would end the field. So
    are the first ones of what would take more than 16 MiB.
    """
    lines = [line for line in map(_line, cookies) if line]
    return _OPENING + "".join(last_that_fit(lines, len(_OPENING), 0))


def load_netscape(text: str, /) -> list[Cookie]:
    """Read a cookies.txt, in the order of its lines; `created` is 0 for all.

    Comments (``#``), empty lines and lines that are no cookie are passed over, as curl does it:
    those with too few or too many fields, with no number where the time stands, with control
    characters, and those whose ``__Secure-`` or ``__Host-`` name promises what is not so; also,
    other than with curl, those whose flags are neither TRUE nor FALSE. A line may lack its last
    field, the value, or its path. An empty time, as `http.cookiejar` writes it, is that of a
    session cookie. Cookies that have expired are in the list.

    Raises:
        CookieLoadError: There are lines, and not one of them is a comment or a cookie.
    """
    cookies: list[Cookie] = []
    wrong = 0
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        cookie = _cookie(line)
        if cookie is not None:
            cookies.append(cookie)
        elif not wrong and line.strip() and not line.startswith("#"):
            wrong = number
    if wrong and not cookies:
        raise CookieLoadError(
            f"this is no cookies.txt: line {wrong} is neither a cookie nor a comment,"
            " and no other line is a cookie"
        )
    return cookies


def whole_seconds(expires: float, /) -> int:
    """Round down when a cookie ends; never to 0, which would make it a session cookie."""
    return floor(min(max(1.0, expires), END_OF_TIME))


def _line(cookie: Cookie) -> str:
    """Write a cookie; nothing if it would be read as something else."""
    host_only = cookie.host_only or is_ip_address(cookie.domain)
    expires = None if cookie.expires is None else whole_seconds(cookie.expires)
    line = "\t".join(
        (
            f"{_HTTP_ONLY * cookie.http_only}{'' if host_only else '.'}{cookie.domain}",
            "FALSE" if host_only else "TRUE",
            cookie.path,
            "TRUE" if cookie.secure else "FALSE",
            str(expires or 0),
            cookie.name,
            cookie.value,
        )
    )
    kept = attrs.evolve(
        cookie,
        host_only=host_only,
        expires=expires,
        same_site="",
        partitioned=False,
        created=0.0,
        max_age="",
    )
    return f"{line}\n" if _cookie(line) == kept else ""


def _cookie(line: str) -> Cookie | None:
    fields = line.removeprefix(_HTTP_ONLY).split("\t")
    if len(fields) > 2 and fields[2] in _FLAGS:
        fields.insert(2, "/")
    if len(fields) == 6:
        fields.append("")
    if len(fields) != 7:
        return None
    host, of_all, path, only_secure, end, name, value = fields
    below, secure = _FLAGS.get(of_all.upper()), _FLAGS.get(only_secure.upper())
    time = _TIME.match(end or "0")
    if below is None or secure is None or time is None or not (name or value):
        return None
    domain = canonical_host(host.removeprefix("."))
    grammar = ((_DOMAIN, domain), (_PATH, path), (_NAME, name), (_VALUE, value))
    if not all(pattern.fullmatch(field) for pattern, field in grammar):
        return None
    cookie = Cookie(
        name,
        value,
        domain,
        path if path.startswith("/") else "/",
        host_only=not below or is_ip_address(domain),
        secure=secure,
        http_only=line.startswith(_HTTP_ONLY),
        expires=float(min(int(time[1]), END_OF_TIME)) or None,
    )
    kept = prefix_kept(
        cookie.name,
        cookie.value,
        secure=cookie.secure,
        host_only=cookie.host_only,
        path=cookie.path,
    )
    return cookie if kept else None
