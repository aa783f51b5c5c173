"""What the header section of a message says of its body."""

from collections.abc import Mapping
from typing import Final

from multidict import istr

from martlet_http_parser import parse_media_type

__all__ = ["HeadersMixin"]

_CONTENT_TYPE: Final = istr("Content-Type")
_CONTENT_LENGTH: Final = istr("Content-Length")
_LONGEST: Final = 19


class HeadersMixin:
    """For classes that keep their header fields in ``_headers``, a multidict of them."""

    __slots__ = ()

    _headers: Mapping[str, str]

    @property
    def content_type(self) -> str:
        """The media type, lower-case, without parameters; ``application/octet-stream`` if
        there is none (RFC 9110 section 8.3).
        """
        media_type, _ = parse_media_type(self._headers.get(_CONTENT_TYPE, ""))
        return media_type or "application/octet-stream"

    @property
    def charset(self) -> str | None:
        """The ``charset`` parameter of the Content-Type, lower-case, if there is one."""
        _, parameters = parse_media_type(self._headers.get(_CONTENT_TYPE, ""))
        charset = parameters.get("charset")
        return charset.lower() if charset else None

    @property
    def content_length(self) -> int | None:
        """What Content-Length says, in bytes; ``None`` if it says no number."""
        length = self._headers.get(_CONTENT_LENGTH, "")
        usable = length.isascii() and length.isdecimal() and len(length) <= _LONGEST
        return int(length) if usable else None
