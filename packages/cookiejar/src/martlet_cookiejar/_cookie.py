"""A stored cookie (RFC 6265bis section 5.7)."""

from typing import Literal, TypeAlias

import attrs

SameSite: TypeAlias = Literal["Strict", "Lax", "None", ""]
"""What the attribute said; the empty string if it was absent or said something else."""


@attrs.frozen(slots=True, eq=True)
class Cookie:
    """One cookie as a jar keeps it.

    Args:
        name: May be empty: browsers keep ``Set-Cookie: value`` so, and send the value alone.
        value: As it goes on the wire, quotes and all. Octets that are not UTF-8 are surrogates
            (``surrogateescape``), as in all header fields.
        domain: Lower case, A-labels (``xn--``), no leading dot. Empty for a cookie that the user
            gave without any URL: such a shared cookie is sent to every host.
        path: Begins with a slash.
        host_only: Sent to `domain` itself but not to the hosts below it. False for a shared cookie.
        secure: Sent over https and wss only.
        http_only: Kept, not used: there are no scripts here that it could be hidden from.
        same_site: Kept, not enforced: an HTTP client visits no sites that could embed others.
        partitioned: Kept, not enforced, for the same reason.
        expires: Seconds since 1970 UTC from which on the cookie is not sent any more; None for a
            cookie that lasts as long as the jar.
        created: Seconds since 1970 UTC; no two cookies of a jar have the same. An update of a
            cookie keeps it.
        max_age: The Max-Age attribute as received, for who wants to look at it; `expires` is what
            counts.
    """

    name: str
    value: str
    domain: str = ""
    path: str = "/"
    host_only: bool = False
    secure: bool = False
    http_only: bool = False
    same_site: SameSite = ""
    partitioned: bool = False
    expires: float | None = None
    created: float = 0.0
    max_age: str = ""

    @property
    def pair(self) -> str:
        """What stands in a Cookie field: ``name=value``, or the value alone if there is no name."""
        return f"{self.name}={self.value}" if self.name else self.value
