"""In which encoding a text is sent."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from multidict import CIMultiDict

from martlet_http_parser import parse_media_type

from ._known_codec import known_codec

__all__ = ["text_encoding"]

_DEFAULT: Final = "utf-8"
# Python finds a codec under names that no header field can hold.
_CHARSET: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.:+\-]*+")


def text_encoding(
    encoding: str | None,
    content_type: str | None,
    headers: "Mapping[str, str] | Iterable[tuple[str, str]] | None",
) -> tuple[str, str, "CIMultiDict[str]"]:
    """Give encoding, media type and headers, from what the caller gave of them.

    The encoding is *encoding*, or the charset that *headers* or *content_type* say, or
    UTF-8. Raises `ValueError` for one that is unknown.
    """
    fields = CIMultiDict(headers or {})
    given = fields.get("Content-Type", content_type)
    if encoding is None:
        _, parameters = parse_media_type(given or "")
        encoding = parameters.get("charset") or _DEFAULT
    if not _CHARSET.fullmatch(encoding) or known_codec(encoding) is None:
        raise ValueError(f"Text cannot be sent in the encoding {encoding!r:.80}: give utf-8")
    return encoding, content_type or f"text/plain; charset={encoding}", fields
