"""What a redirect makes of a request (RFC 9110 section 15.4)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import frozen
from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

if TYPE_CHECKING:
    from ._response import ClientResponse

__all__ = ["Redirect", "RedirectPolicy", "moved_section", "redirected"]

_HOST: Final = istr("Host")
# What is meant for one origin.
_SECRETS: Final = tuple(map(istr, ("Authorization", "Cookie", "Proxy-Authorization")))
# What describes a body that is not sent any more (RFC 9110 section 15.4, and what frames it).
_OF_BODY: Final = tuple(
    map(
        istr,
        (
            "Content-Type",
            "Content-Length",
            "Content-Encoding",
            "Content-Language",
            "Content-Location",
            "Content-Disposition",
            "Content-MD5",
            "Content-Range",
            "Content-Digest",
            "Repr-Digest",
            "Digest",
            "Expect",
            "Trailer",
            "Transfer-Encoding",
        ),
    )
)


@frozen
class Redirect:
    """The request that a redirect leads to; a `RedirectPolicy` may give a changed one.

    ``attrs.evolve(redirect, method="GET", keeps_body=False)`` makes one. What is secret is dropped
    in any case if `url` has another origin than the request before.
    """

    response: "ClientResponse"
    """The response that redirects; its body is not read."""
    method: str
    """The method of the next request."""
    url: URL
    """Where it goes."""
    keeps_body: bool
    """Whether the body is sent again."""


RedirectPolicy: TypeAlias = Callable[[Redirect], "Redirect | bool"]
"""Decides on a redirect: true, or a `Redirect`: follow it; false: give the response it came by."""


def redirected(method: str, status: int) -> tuple[str, bool]:
    """Give the method of the next request, and whether it has the same body.

    303 asks for something to GET; of 301 and 302, after POST, everybody thinks so, and RFC 9110
    allows it.
    """
    if status == 303:
        return ("HEAD" if method == "HEAD" else "GET"), False
    if method == "POST" and status in {301, 302}:
        return "GET", False
    return method, True


def moved_section(
    section: CIMultiDictProxy[str], url: URL, *, moved: bool, keeps_body: bool
) -> CIMultiDictProxy[str]:
    """Give the header section for *url*, from that of the request before.

    *moved*: that went to another origin. It is the very same one where nothing changes.
    """
    dropped = [] if keeps_body else [name for name in _OF_BODY if name in section]
    if moved:
        dropped += [name for name in _SECRETS if name in section]
    elif not dropped:
        return section
    fields = CIMultiDict(section)
    for name in dropped:
        fields.popall(name)
    if moved:
        # In its place, which is the first.
        fields[_HOST] = url.host_port_subcomponent or ""
    return CIMultiDictProxy(fields)
