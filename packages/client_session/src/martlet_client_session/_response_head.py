"""What the head of a response says, each part read when it is asked for."""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from multidict import CIMultiDict, CIMultiDictProxy, istr

from martlet_http_parser import parse_media_type
from martlet_interfaces import HttpVersion, RequestHead, RequestInfo, ResponseHead

from ._content_length import content_length
from ._typedefs import LooseHeaders, RawHeaders

if TYPE_CHECKING:
    from http.cookies import SimpleCookie

    from yarl import URL

    from ._disposition import ContentDisposition
    from ._links import Links

__all__ = ["SET_COOKIE", "ReceivedHead"]

_CONTENT_DISPOSITION: Final = istr("Content-Disposition")
_CONTENT_TYPE: Final = istr("Content-Type")
_LINK: Final = istr("Link")
SET_COOKIE: Final = istr("Set-Cookie")
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_DEFAULT_TYPE: Final = "application/octet-stream"
_MAX_REMEMBERED: Final = 100


class ReceivedHead:
    """The part of `ClientResponse` that asks nothing of the body."""

    __slots__ = ("_cookies", "_head", "_media_type", "_request", "sets_cookies", "status")

    sets_cookies: bool
    """Whether it has a Set-Cookie field."""
    status: int
    """The status code (RFC 9110 section 15)."""
    _cookies: "SimpleCookie"
    _head: ResponseHead

    def __init__(self, request: RequestHead) -> None:
        self._request = request
        self._media_type: tuple[str, str | None] | None = None

    @property
    def version(self) -> HttpVersion:
        """The HTTP version of the response."""
        return self._head.version

    @version.setter
    def version(self, version: HttpVersion) -> None:
        self._head.version = version

    @property
    def reason(self) -> str:
        """The reason phrase, which may be empty."""
        return self._head.reason

    @reason.setter
    def reason(self, reason: str) -> None:
        self._head.reason = reason

    @property
    def ok(self) -> bool:
        """Whether `status` is below 400."""
        return self.status < 400

    @property
    def method(self) -> str:
        """The method of the request."""
        return self._request.method

    @property
    def url(self) -> "URL":
        """The URL that was asked for, without its fragment."""
        return self._request.url.with_fragment(None)

    @property
    def url_obj(self) -> "URL":
        """The same as `url`, as older code has it."""
        return self.url

    @property
    def real_url(self) -> "URL":
        """The URL that was asked for, as it was given."""
        return self._request.url

    @property
    def host(self) -> str:
        """The host that was asked."""
        return self._request.url.host or ""

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """The header fields; names in any case, repeated ones in order."""
        return CIMultiDictProxy(self._head.headers)

    @property
    def _headers(self) -> CIMultiDictProxy[str]:
        """The same as `headers`; those who make responses by hand set it."""
        return self.headers

    @_headers.setter
    def _headers(self, headers: LooseHeaders) -> None:
        self._head.headers = CIMultiDict(headers)
        self._media_type = None

    @property
    def is_redirect(self) -> bool:
        """Whether the status is one that leads elsewhere by itself (RFC 9110 section 15.4)."""
        return self.status in _REDIRECTS

    @property
    def raw_headers(self) -> RawHeaders:
        """The header fields as (name, value) pairs of bytes, as they came."""
        return tuple(
            (name.encode("ascii"), value.encode("utf-8", "surrogateescape"))
            for name, value in self._head.headers.items()
        )

    @property
    def _raw_headers(self) -> RawHeaders:
        """The same as `raw_headers`; to set it changes nothing, as `_headers` say it all."""
        return self.raw_headers

    @_raw_headers.setter
    def _raw_headers(self, raw_headers: RawHeaders) -> None:
        return

    @property
    def request_info(self) -> RequestInfo:
        """What was asked, headers included."""
        request = self._request
        return RequestInfo(self.url, request.method, request.headers, request.url)

    @property
    def content_type(self) -> str:
        """The media type, lower-case, without parameters; ``application/octet-stream`` if
        the response does not say (RFC 9110 section 8.3).
        """
        return self._parsed_media_type()[0] or _DEFAULT_TYPE

    @property
    def charset(self) -> str | None:
        """The ``charset`` parameter of the Content-Type, lower-case, if there is one."""
        return self._parsed_media_type()[1]

    @property
    def content_length(self) -> int | None:
        """What Content-Length says: bytes before a content coding is removed, of the body
        or, after HEAD, of the one that GET would bring. ``None`` if it says nothing.
        """
        return content_length(self._head.headers)

    @property
    def content_disposition(self) -> "ContentDisposition | None":
        """What Content-Disposition says (RFC 6266); ``None`` if there is none."""
        field = self._head.headers.get(_CONTENT_DISPOSITION)
        if field is None:
            return None
        from ._disposition import received_disposition

        return received_disposition(field)

    @property
    def links(self) -> "Links":
        """The links of the Link fields (RFC 8288), by ``rel``, or by URL without one.

        Each is a multidict of its parameters; ``url`` among them is where it leads.
        """
        from ._links import received_links

        return received_links(self._head.headers.getall(_LINK, []), self.url)

    @property
    def cookies(self) -> "SimpleCookie":
        """The cookies that this response set, with their attributes, kept or not."""
        try:
            return self._cookies
        except AttributeError:
            from ._defaults import received_cookies

            set_cookies = self._head.headers.getall(SET_COOKIE, [])
            self._cookies = cookies = received_cookies(set_cookies)
            return cookies

    @cookies.setter
    def cookies(self, cookies: "SimpleCookie") -> None:
        self._cookies = cookies

    def _parsed_media_type(self) -> tuple[str, str | None]:
        if self._media_type is None:
            field = self._head.headers.get(_CONTENT_TYPE, "")
            read = _remembered if len(field) <= _MAX_REMEMBERED else _read
            self._media_type = read(field)
        return self._media_type


def _read(field: str) -> tuple[str, str | None]:
    """Read a Content-Type; give the type, and the charset if there is one."""
    if not field:
        return _DEFAULT_TYPE, None
    media_type, parameters = parse_media_type(field)
    charset = parameters.get("charset")
    return media_type, charset.lower() if charset else None


# Servers repeat theirs.
_remembered = lru_cache(maxsize=64)(_read)
