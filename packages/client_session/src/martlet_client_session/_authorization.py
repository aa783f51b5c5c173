"""Which credentials go with a request (RFC 9110 section 11.6.2)."""

from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict, CIMultiDictProxy, istr

from ._origin import Origin, origin

if TYPE_CHECKING:
    from yarl import URL

    from ._basic_auth import AuthLike, BasicAuth
    from ._typedefs import LooseHeaders

__all__ = ["BOTH_AUTHORIZATIONS", "NetrcHosts", "chosen_auth", "with_authorization"]

BOTH_AUTHORIZATIONS: Final = (
    "An Authorization field and auth= (or credentials in the URL) cannot both be given"
)
_AUTHORIZATION: Final = istr("Authorization")


def chosen_auth(
    url: "URL",
    auth: "AuthLike | None",
    headers: "LooseHeaders | None",
    section: CIMultiDictProxy[str],
    default: "BasicAuth | None",
) -> "BasicAuth | None":
    """Choose the credentials of a request: *auth*, or *url*'s, else the session's *default*.

    A field Authorization of *section* is better than the default. Raises `ValueError` where the
    caller gave two of them, `TypeError` for an *auth* of another type.
    """
    in_url = url.raw_user is not None or url.raw_password is not None
    if auth is None and not in_url:
        return None if default is None or _AUTHORIZATION in section else default
    from ._basic_auth import BasicAuth, given_auth

    given = given_auth(auth)
    if in_url:
        if given is not None:
            raise ValueError("auth= and credentials in the URL cannot both be given")
        given = BasicAuth.from_url(url, encoding="utf-8")
    if headers is not None and _AUTHORIZATION in CIMultiDict(headers):
        raise ValueError(BOTH_AUTHORIZATIONS)
    return given


def with_authorization(section: CIMultiDictProxy[str], auth: "BasicAuth") -> CIMultiDictProxy[str]:
    """Give *section* with the credentials, in place of those that are there."""
    fields = CIMultiDict(section)
    fields[_AUTHORIZATION] = auth.encode()
    return CIMultiDictProxy(fields)


class NetrcHosts:
    """Which hosts of one chain of redirects get what ``.netrc`` has for them.

    The file names machines, not origins. So that a redirect cannot lure a password to another
    port, or out of TLS, a host has it at the first origin only; and the entry for all other hosts
    is for the one that the caller has asked.
    """

    __slots__ = ("_asked", "_origins", "_secure")

    def __init__(self) -> None:
        self._secure = False
        self._asked: str | None = None
        self._origins: dict[str, Origin] = {}

    def visit(self, url: "URL") -> "BasicAuth | None":
        """Go on to *url*; give the credentials for it, if there are any."""
        from ._netrc import netrc_auth

        here = origin(url)
        host = (here[1] or "").removesuffix(".")
        if self._asked is None:
            self._asked = host
        secure = url.scheme in {"https", "wss"}
        self._secure = self._secure or secure
        if self._origins.setdefault(host, here) != here or (self._secure and not secure):
            return None
        return netrc_auth(host, default=host == self._asked)
