"""The header section of a request.

Most requests of a session send the very same one, apart from Host: it is built once for
each origin and media type, and used again, so that a connector can remember what it has
made of it.
"""

import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final, cast

from multidict import CIMultiDict, CIMultiDictProxy, getversion, istr
from yarl import URL

from martlet_http_parser import available_codings
from martlet_interfaces import RequestHead

from ._typedefs import LooseHeaders
from ._url import check_host

__all__ = [
    "AUTOMATIC_NAMES",
    "HeaderSections",
    "automatic_fields",
    "version_of",
    "with_section",
]

__version__ = "0.1.0"

_HOST: Final = istr("Host")
_CONTENT_TYPE: Final = istr("Content-Type")
_ACCEPT: Final = istr("Accept")
_ACCEPT_ENCODING: Final = istr("Accept-Encoding")
_USER_AGENT: Final = istr("User-Agent")
_PRODUCT: Final = f"Python/{sys.version_info[0]}.{sys.version_info[1]} martlet/{__version__}"
_MAX_SECTIONS: Final = 64
_FEW: Final = 16
# It only looks, but its parameter is declared invariant.
version_of: Final = cast("Callable[[CIMultiDict[str]], int]", getversion)
"""Tells the version of fields, which is another one whenever they are changed."""
AUTOMATIC_NAMES: Final = (_ACCEPT, _ACCEPT_ENCODING, _USER_AGENT, _CONTENT_TYPE)
"""The fields that are added where nothing is said of them."""


@cache
def automatic_fields() -> tuple[tuple[istr, str], ...]:
    """Give what every request has, unless it is said otherwise."""
    codings = ", ".join(available_codings())
    return (_ACCEPT, "*/*"), (_ACCEPT_ENCODING, codings), (_USER_AGENT, _PRODUCT)


def with_section(head: RequestHead, section: CIMultiDictProxy[str]) -> RequestHead:
    """Give *head* with another header section."""
    return RequestHead(head.method, head.url, section, head.version, head.options, head.limits)


class HeaderSections:
    """Builds header sections from a session's own fields, the automatic ones and a request's."""

    __slots__ = ("_given", "_own", "_sections", "_skip", "_version")

    def __init__(self, own: LooseHeaders | None, skip: Iterable[str] | None) -> None:
        self._own = CIMultiDict(own) if own is not None else CIMultiDict[str]()
        self._version = version_of(self._own)
        self._skip = frozenset(name.lower() for name in skip or ())
        self._sections: dict[tuple[str, str | None], CIMultiDictProxy[str]] = {}
        # By what was given besides, and by the common section that it is added to.
        self._given: dict[tuple[object, ...], CIMultiDictProxy[str]] = {}

    @property
    def own(self) -> CIMultiDict[str]:
        """The session's own fields; they may be changed between requests."""
        return self._own

    def common(self, url: URL, content_type: str | None) -> CIMultiDictProxy[str]:
        """Give the section of a request to *url* that has no fields of its own."""
        version = version_of(self._own)
        if version != self._version:
            self._version = version
            self._forget()
        key = url.host_port_subcomponent or "", content_type
        section = self._sections.get(key)
        if section is None:
            if len(self._sections) >= _MAX_SECTIONS:
                self._forget()
            section = self._sections[key] = self.build(url, content_type, None, None)
        return section

    def with_given(
        self, url: URL, content_type: str | None, headers: LooseHeaders
    ) -> CIMultiDictProxy[str]:
        """Give the section of a request to *url* that has fields of its own.

        A field that the request gives replaces the session's, all lines of it. Raises
        `ValueError` for two Hosts.
        """
        common = self.common(url, content_type)
        key = None
        if type(headers) is dict and len(headers) <= _FEW:
            key = id(common), *headers.items()
            try:
                known = self._given.get(key)
            except TypeError:  # no text, which is refused when it is written
                return self.build(url, content_type, headers, None)
            if known is not None:
                return known
        section = CIMultiDict(common)
        try:
            section.update(headers)
        except (TypeError, ValueError) as exc:
            raise TypeError(
                "headers must be a mapping, or pairs of a name and a value, not"
                f" {type(headers).__name__}: {exc}"
            ) from exc
        hosts = section.getall(_HOST)
        if len(hosts) > 1:
            raise ValueError("Host is given twice")
        if not hosts[0]:
            section[_HOST] = common[_HOST]
        result = CIMultiDictProxy(section)
        if key is not None:
            if len(self._given) >= _MAX_SECTIONS:
                self._given.clear()
            self._given[key] = result
        return result

    def _forget(self) -> None:
        self._sections.clear()
        self._given.clear()

    def skipped(self, skip: Iterable[str] | None) -> frozenset[str]:
        """Give the names of fields, lower-case, that are not to be added by themselves."""
        return self._skip if not skip else self._skip | {name.lower() for name in skip}

    def build(
        self,
        url: URL,
        content_type: str | None,
        headers: LooseHeaders | None,
        skip: Iterable[str] | None,
    ) -> CIMultiDictProxy[str]:
        """Build the section of a request to *url*.

        A field that the request gives replaces the session's, all lines of it. Raises
        `InvalidURL` for a host that can be read in several ways, `ValueError` for two Hosts.
        """
        check_host(url)
        section = CIMultiDict[str](self._own)
        if headers is not None:
            given = CIMultiDict(headers)
            for name in dict.fromkeys(given):
                section.popall(name, None)
            section.extend(given)
        hosts = section.popall(_HOST, [])
        if len(hosts) > 1:
            raise ValueError("Host is given twice")
        host = (hosts and hosts[0]) or url.host_port_subcomponent or ""
        result = CIMultiDict[str]({_HOST: host})
        skipped = self.skipped(skip)
        for name, value in automatic_fields():
            if name not in section and name.lower() not in skipped:
                result[name] = value
        result.extend(section)
        if (
            content_type is not None
            and _CONTENT_TYPE not in section
            and _CONTENT_TYPE.lower() not in skipped
        ):
            result[_CONTENT_TYPE] = content_type
        return CIMultiDictProxy(result)
