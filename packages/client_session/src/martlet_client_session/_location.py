"""Where a redirect leads: the Location field (RFC 9110 section 10.2.2)."""

import re
from typing import Final

from multidict import MultiMapping, istr
from yarl import URL

from martlet_exceptions import (
    InvalidURL,
    InvalidUrlRedirectClientError,
    NonHttpUrlRedirectClientError,
)

from ._url import check_host, parsed_url

__all__ = ["redirect_url"]

_LOCATION: Final = istr("Location")
_URI: Final = istr("URI")
_SCHEMES: Final = frozenset({"http", "https"})
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")
_PORT: Final = re.compile(r"[^/?#]*//[^/?#]*:[0-9]+(?:[/?#]|$)")
# What a URL cannot hold, and what is half of a character.
_UNSENDABLE: Final = re.compile(r"[^!-~]")
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def redirect_url(headers: MultiMapping[str], base: URL, *, requote: bool) -> URL | None:
    """Give the URL that a response to *base* leads to, userinfo included.

    ``None`` if it does not say. A fragment is *base*'s unless the new URL has one of its own.
    *requote*: percent-encoding is brought into its normal form; else all but the host stays as it
    came.

    Raises `InvalidUrlRedirectClientError` for what is no URL that can be asked for,
    `NonHttpUrlRedirectClientError` for one with another scheme.
    """
    values: list[str] = headers.getall(_LOCATION, []) or headers.getall(_URI, [])
    location = values[0].strip(" \t") if values else ""
    if not location:
        return None
    if len(values) > 1 and len(set(values)) > 1:
        raise InvalidUrlRedirectClientError(location, "there is more than one Location")
    if not location.isprintable() and _CONTROLS.search(location):
        raise InvalidUrlRedirectClientError(location, "it has control characters")
    try:
        url = _parsed(location, requote=requote)
        if url.explicit_port is not None and not _PORT.match(location):
            raise InvalidURL(location, "its port is no number")  # int() takes more than digits
        if not url.scheme:
            if not url.raw_host and location.startswith("//"):
                raise InvalidURL(location, "it has no host")
            url = base.join(url)
        elif url.scheme not in _SCHEMES:
            raise NonHttpUrlRedirectClientError(location, "it is neither http nor https")
        if url.raw_host != base.raw_host:
            check_host(url)
        if base.raw_fragment and "#" not in location:
            url = url.with_fragment(base.fragment)
    except NonHttpUrlRedirectClientError:
        raise
    except InvalidURL as exc:
        raise InvalidUrlRedirectClientError(location, exc.description) from exc
    except (ValueError, IndexError) as exc:  # yarl has the latter for some brackets
        raise InvalidUrlRedirectClientError(location, str(exc)) from exc
    return url


def _parsed(location: str, *, requote: bool) -> URL:
    if location.isascii() and location.isprintable() and not ("]" in location or "\\" in location):
        url = URL(location)  # there is nothing in it that `parsed_url` looks at
    else:
        url = parsed_url(location if location.isascii() else _SURROGATES.sub(_escaped, location))
    # The host has one form only, whatever becomes of the rest: yarl leaves upper case in some.
    host = url.raw_host and url.raw_host.lower()
    if not requote:
        url = URL(_UNSENDABLE.sub(_escaped, location), encoded=True)
    return url if not host or url.raw_host == host else url.with_host(host)


def _escaped(match: re.Match[str]) -> str:
    octets = match[0].encode("utf-8", "surrogateescape")
    return "".join([f"%{octet:02X}" for octet in octets])
