"""A proxy, as it is given, and what a request that goes by it has to say to it."""

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from multidict import CIMultiDict
from yarl import URL

from martlet_exceptions import InvalidUrlClientError
from martlet_http_parser import serialize_fields

from ._basic_auth import BasicAuth
from ._url import check_host

if TYPE_CHECKING:
    from ._typedefs import LooseHeaders

__all__ = ["GivenProxy", "ProxyRoute", "given_proxy", "made_route", "names_auth", "proxy_fields"]

_Fields: TypeAlias = tuple[tuple[str, str], ...]

ProxyRoute: TypeAlias = tuple[URL, _Fields]
"""A proxy's URL without userinfo, and the fields for it, Proxy-Authorization included."""

GivenProxy: TypeAlias = tuple[URL, BasicAuth | None]
"""A proxy's URL without userinfo, and what was in that."""

_AUTHORIZATION: Final = "Proxy-Authorization"
_SCHEMES: Final = frozenset(("http", "https"))
_BEFORE_AUTHORITY: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")
# What cannot be a piece of a password that was not written as one.
_PUBLIC: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[a-z0-9_.-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,10})?/?",
    re.IGNORECASE,
)
# A proxy that has to read a request reads these as the request's own.
_OF_THE_REQUEST: Final = frozenset(("host", "content-length", "transfer-encoding"))


def given_proxy(value: object, name: str, *, bare: bool = False) -> GivenProxy | None:
    """Read the URL of a proxy; ``None`` for an empty string, which is no proxy.

    *name* is what it is called in errors. *bare*: ``host:port`` will do, as it does for curl.
    Raises `TypeError` for what is neither a string nor a URL, `InvalidUrlClientError`, which is a
    `ValueError`, for a URL that is none of a proxy. The credentials are in no text of these.
    """
    if isinstance(value, str):
        value = value.strip()
    elif not isinstance(value, URL):
        raise TypeError(f"{name} has to be a str or a yarl.URL, not {type(value).__name__}")
    text = str(value)
    if not text:
        return None
    if bare and _BEFORE_AUTHORITY.match(text) is None:
        value = text = f"http://{text}"
    fault: str | None = None
    try:
        url = _checked(value, text)
        auth = BasicAuth.from_url(url, encoding="utf-8")
        # The same proxy is to look the same, or its connections would not be shared.
        return url.origin().with_port(None if url.is_default_port() else url.port), auth
    except InvalidUrlClientError as exc:
        fault = exc.description
    except (ValueError, IndexError) as exc:  # yarl has the latter for some brackets
        fault = str(exc)
    # Not as a consequence of that error, which may hold the credentials.
    raise InvalidUrlClientError(_public(text), f"{name} cannot be used: {fault}")


def _checked(value: str | URL, text: str) -> URL:
    if _CONTROLS.search(text):
        raise InvalidUrlClientError("", "it has control characters")
    prefix = _BEFORE_AUTHORITY.match(text)
    if prefix is None:
        raise InvalidUrlClientError("", "it has no scheme; write http:// before it")
    scheme = prefix[0][:-3].lower()
    if scheme not in _SCHEMES:
        raise InvalidUrlClientError(
            "", f"its scheme is {scheme:.40}; give a proxy that is spoken to by http or https"
        )
    try:
        url = URL(value)
    except ValueError:
        url = None
    if url is None:
        raise InvalidUrlClientError("", "it is malformed; give http://host:port")
    check_host(url)
    return url


def _public(text: str) -> str:
    tail = text.rpartition("@")[2]
    return tail if _PUBLIC.fullmatch(tail) else "***"


def proxy_fields(headers: "LooseHeaders | None") -> _Fields:
    """Read the fields that a request gives for its proxy.

    Raises `ValueError` for what cannot be sent, and for fields that are not the proxy's.
    """
    if not headers:
        return ()
    fields = tuple((str(name), value) for name, value in CIMultiDict(headers).items())
    serialize_fields(fields)
    for name, _ in fields:
        if name.lower() in _OF_THE_REQUEST:
            raise ValueError(f"{name} is the request's, and cannot be among proxy_headers")
    return fields


def names_auth(fields: _Fields) -> bool:
    """Tell whether there are credentials among *fields*."""
    return any(name.lower() == "proxy-authorization" for name, _ in fields)


def made_route(url: URL, auth: BasicAuth | None, fields: _Fields = ()) -> ProxyRoute:
    """Put a route together; credentials among *fields* go before *auth*.

    Raises `ValueError` for credentials that their encoding has no form for.
    """
    if auth is None or names_auth(fields):
        return url, fields
    return url, (*fields, (_AUTHORIZATION, auth.encode()))
