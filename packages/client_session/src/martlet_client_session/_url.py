"""From what the caller gave to the URL that is asked for (RFC 3986, RFC 9110 section 4)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias, cast

from yarl import URL

from martlet_exceptions import InvalidURL, InvalidUrlClientError, NonHttpUrlClientError

from ._typedefs import Query, StrOrURL

__all__ = ["KnownURLs", "build_url", "check_host", "parsed_url", "with_params"]

_QueryVariable: TypeAlias = str | int | float

# A host that some resolver, proxy or log could read as another one. yarl refuses most of
# these; URLs that are built from parts, or given as already encoded, pass it by.
_BAD_HOST: Final = re.compile(
    r"[^!-~]|[\\/?#@\"<>^`{|}]|%(?![0-9a-zA-Z])|%(?:00|2f|5c|40)"
    r"|^[^:]*%"  # escapes are for the zone of an IPv6 address only
    r"|^\.|\.\.",  # empty labels
    re.IGNORECASE,
)
# Some versions of yarl pass it over.
_AFTER_ADDRESS: Final = re.compile(r"[^/?#]*//[^/?#]*\][^:/?#]")
_FEW: Final = 16
# Browsers take it for a slash; others, older yarls among them, for a part of the userinfo.
_BACKSLASH: Final = re.compile(r"(?:[^/?#:]*:)?//[^/?#]*\\")
_HALVES: Final = re.compile(r"[\ud800-\udfff]")
# yarl, as browsers do, drops these without a word, or (surrogates) cannot encode them.
_DROPPED: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def build_url(value: StrOrURL, schemes: frozenset[str], base: URL | None = None) -> URL:
    """Parse *value*; raise `InvalidURL` if it is no URL that can be asked for.

    It is resolved against *base*, if there is one (RFC 3986 section 5.2). Userinfo stays in it.

    `NonHttpUrlClientError` for a scheme that is not in *schemes*, `TypeError` for
    anything but a string or a URL.
    """
    url = parsed_url(value)
    if base is not None and not url.scheme:
        if isinstance(value, str) and value.startswith("//") and not url.raw_host:
            raise InvalidUrlClientError(value, "it has no host")  # yarl takes it for a path
        url = base.join(url)
    if url.scheme not in schemes:
        if not url.scheme:
            relative = isinstance(value, str) and value.startswith(("/", "?", "#"))
            raise InvalidUrlClientError(
                url,
                "it is relative, and the session has no base_url"
                if relative and not url.raw_host
                else "it has no scheme; write http:// or https:// before it",
            )
        reason = f"its scheme is none of {', '.join(sorted(schemes))}"
        if not url.raw_host:  # "localhost:8080/" is a path with the scheme "localhost"
            reason += "; if it begins with a host, write http:// or https:// before it"
        raise NonHttpUrlClientError(url, reason)
    return url


def parsed_url(value: StrOrURL) -> URL:
    """Parse *value*, which may be relative; raise `InvalidURL` if it is malformed.

    `TypeError` for anything but a string or a URL.
    """
    if isinstance(value, URL):
        return value
    if not isinstance(value, str):
        raise TypeError(f"A URL must be a str or a yarl.URL, not {type(value).__name__}")
    if not value.isprintable() and _DROPPED.search(value):
        raise InvalidURL(value, "it has control characters, or half of a character")
    if "]" in value and _AFTER_ADDRESS.match(value):
        raise InvalidURL(value, "there is something after its IPv6 address")
    if "\\" in value and _BACKSLASH.match(value):
        raise InvalidURL(value, "there is a backslash in its authority")
    try:
        return URL(value)
    except (ValueError, IndexError) as exc:  # yarl has the latter for some brackets
        raise InvalidURL(value, str(exc)) from exc


class KnownURLs:
    """The URLs that a session was asked for last, parsed: many are asked for again and again."""

    __slots__ = ("_base", "_schemes", "_urls")

    _MAX = 64
    _MAX_LENGTH = 200

    def __init__(self, schemes: frozenset[str], base: URL | None) -> None:
        self._schemes = schemes
        self._base = base
        self._urls: dict[str, URL] = {}

    def relative_to(self, base: URL | None) -> "KnownURLs":
        """Give others, of the same schemes, that are relative to *base*."""
        return KnownURLs(self._schemes, base)

    def get(self, value: StrOrURL) -> URL:
        """Give what `build_url` gives, and raise what it raises."""
        if type(value) is not str:
            return build_url(value, self._schemes, self._base)
        url = self._urls.get(value)
        if url is None:
            url = build_url(value, self._schemes, self._base)
            # Those with credentials are not kept.
            if len(value) <= self._MAX_LENGTH and "@" not in value:
                if len(self._urls) >= self._MAX:
                    self._urls.clear()
                self._urls[value] = url
        return url


def check_host(url: URL) -> None:
    """Raise `InvalidUrlClientError` unless *url* has a host that can only be read one way."""
    host = url.raw_host
    if not host:
        raise InvalidUrlClientError(url, "it has no host")
    if _BAD_HOST.search(host):
        raise InvalidUrlClientError(url, "its host has characters that no host has")


def with_params(url: URL, params: Query) -> URL:
    """Add *params* to the query of *url*; a string goes in as it is.

    Raises `TypeError` for values that a query has no form for, `ValueError` for strings
    that would not all go into the query.
    """
    if isinstance(params, str):
        if "#" in params or _DROPPED.search(params):
            raise ValueError(
                "params, as a string, is sent as it is: '#' and control characters in it have"
                " to be percent-encoded"
            )
        query = "&".join(part for part in (url.raw_query_string, params.lstrip("?")) if part)
        bare = url.with_query(None).with_fragment(None)
        return URL(f"{bare}?{query}", encoded=True) if query else bare
    if not params:
        return url
    try:
        if type(params) is dict and len(params) <= _FEW:
            return _extended(url, *chain.from_iterable(params.items()))
    except TypeError:
        pass  # lists cannot be remembered; what cannot be sent is refused below
    try:
        extended = url.extend_query(params)
    except TypeError as exc:
        raise TypeError(
            f"{exc}. Query values are str, int or float: pass 'true' or 1 for True, and leave"
            " out what is None"
        ) from exc
    _check_whole(_flattened(params))
    return extended


def _flattened(
    params: Mapping[str, object] | Sequence[tuple[str, object]],
) -> Iterator[object]:
    pairs = params.items() if isinstance(params, Mapping) else params
    for name, value in pairs:
        yield name
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value


def _check_whole(values: Iterable[object]) -> None:
    for value in values:
        # yarl drops these without a word.
        if isinstance(value, str) and not value.isprintable() and _HALVES.search(value):
            raise ValueError(f"params have half of a character: {value!r:.80}")


# Many programs ask the same again and again. By type, as 1 and 1.0 are not sent alike.
@lru_cache(maxsize=128, typed=True)
def _extended(url: URL, *flat: _QueryVariable) -> URL:
    _check_whole(flat)
    names = cast("tuple[str, ...]", flat[::2])
    return url.extend_query(dict(zip(names, flat[1::2], strict=True)))
