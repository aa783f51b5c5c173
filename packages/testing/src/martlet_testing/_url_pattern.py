"""Which URLs a route is for.

Four kinds of pattern, each of which says what differs: that is how the nearest routes are found
and told.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import unquote

from multidict import MultiDict, MultiMapping
from yarl import URL

__all__ = ["URLPattern", "URLSpec", "url_pattern"]

URLSpec = str | URL | re.Pattern[str] | Callable[[URL], bool]
"""A template with ``{placeholders}``, a URL, a regular expression or a function."""

_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(:path)?\}")
# Survives what is done to URLs: lower case, normalisation, quoting.
_STAND_IN: Final = "martlet0{}0placeholder"
_SCHEMES: Final = frozenset({"http", "https", "ws", "wss"})
_ALIKE: Final = {"ws": "http", "wss": "https"}
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NO_QUERY: Final[MultiMapping[str]] = MultiDict()


class URLPattern(Protocol):
    """Says of URLs how they differ from what is wanted."""

    @property
    def query(self) -> MultiMapping[str]:
        """The parameters that it asks for besides."""

    def differences(self, url: URL) -> list[str]:
        """Say in words what is wrong with *url*, its query apart; an empty list if it matches."""

    def path_params(self, url: URL, /) -> Mapping[str, str]:
        """Give what stands for the placeholders in *url*, which matches."""


def url_pattern(spec: URLSpec) -> URLPattern:
    """Make the pattern that *spec* describes.

    Raises `TypeError` for what describes none, `ValueError` for a text that is neither an absolute
    URL nor a path.
    """
    if isinstance(spec, str | URL):
        return _Template(str(spec))
    if isinstance(spec, re.Pattern):
        return _Regex(spec)
    if callable(spec):
        return _Predicate(spec)
    raise TypeError(f"A URL is a str, URL, re.Pattern or function, not a {type(spec).__name__}")


class _Template:
    """Compares part by part; a placeholder takes one segment, or with ``:path`` any number."""

    def __init__(self, text: str) -> None:
        self._text = text
        names: list[re.Match[str]] = []

        def token(found: re.Match[str]) -> str:
            names.append(found)
            return _STAND_IN.format(len(names) - 1)

        url = URL(_PLACEHOLDER.sub(token, text))
        known = url.scheme in _SCHEMES if url.absolute else url.raw_path.startswith("/")
        if not known:
            raise ValueError(f"{text!r} is neither an absolute URL nor a path that begins with /")
        if len({found[1] for found in names}) < len(names):
            raise ValueError(f"{text!r} has two placeholders of the same name")
        if "martlet0" in url.raw_query_string:
            raise ValueError(f"{text!r} has a placeholder in its query: use params=")
        self.query: MultiMapping[str] = url.query
        self._scheme = _ALIKE.get(url.scheme, url.scheme)
        self._port = url.port
        self._host = _regex(url.raw_host or "", names, r"[^.]+")
        self._path = _regex(url.raw_path, names, r"[^/]+")

    def __str__(self) -> str:
        return self._text

    def differences(self, url: URL) -> list[str]:
        found = []
        if self._scheme:
            scheme = _ALIKE.get(url.scheme, url.scheme)
            if scheme != self._scheme:
                found.append(f"the scheme is {scheme}, not {self._scheme}")
            if not self._host.fullmatch(url.raw_host or ""):
                found.append(f"the host is {url.raw_host}")
            if scheme == self._scheme and url.port != self._port:
                found.append(f"the port is {url.port}, not {self._port}")
        if not self._path.fullmatch(url.raw_path):
            found.append(f"the path is {url.raw_path}")
        return found

    def path_params(self, url: URL) -> Mapping[str, str]:
        values: dict[str, str] = {}
        for pattern, part in ((self._host, url.raw_host or ""), (self._path, url.raw_path)):
            match = pattern.fullmatch(part)
            if match is not None:
                values.update(match.groupdict())
        return {name: unquote(value) for name, value in values.items()}


def _regex(text: str, names: list[re.Match[str]], one: str) -> re.Pattern[str]:
    """Make a pattern of *text*, in which tokens stand for *names*."""
    pattern = re.escape(text)
    for number, found in enumerate(names):
        name, whole = found.groups()
        group = f"(?P<{name}>{'.+' if whole else one})"
        pattern = pattern.replace(_STAND_IN.format(number), group)
    return re.compile(pattern)


class _Regex:
    """Searches in the whole URL, as `re.search` does: anchor it, where that matters."""

    query = _NO_QUERY

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern

    def __str__(self) -> str:
        return f"re.compile({self._pattern.pattern!r})"

    def differences(self, url: URL) -> list[str]:
        return [] if self._pattern.search(str(url)) else ["the pattern is not found in the URL"]

    def path_params(self, url: URL) -> Mapping[str, str]:
        found = self._pattern.search(str(url))
        groups = found.groupdict() if found else {}
        return {name: value for name, value in groups.items() if value is not None}


class _Predicate:
    """Asks a function."""

    query = _NO_QUERY

    def __init__(self, function: Callable[[URL], bool]) -> None:
        self._function = function

    def __str__(self) -> str:
        return getattr(self._function, "__name__", repr(self._function))

    def differences(self, url: URL) -> list[str]:
        return [] if self._function(url) else ["the function refuses the URL"]

    def path_params(self, _url: URL, /) -> Mapping[str, str]:
        return _NOTHING
