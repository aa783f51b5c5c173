"""Reading a Link field (RFC 8288 section 3, appendix B)."""

import re
from typing import Final

from attrs import frozen

from ._field_parameters import (
    MAX_PARAMETERS,
    QUOTED_CONTENT,
    QUOTED_END,
    decode_ext_value,
    decode_raw_bytes,
    lower_ascii,
    unescape,
)
from ._late_pattern import late_pattern

__all__ = ["LinkValue", "parse_links"]

_MAX_LINKS: Final = 1000

# Appendix B.2, steps 2.1 to 2.6, with the empty elements of RFC 9110 section 5.6.1.2.
_TARGET: Final = late_pattern(r"[ \t,]*+<([^>]*+)>")
# Appendix B.3, one turn of its loop.
_PARAMETER: Final = late_pattern(
    rf"""[ \t]*+;[ \t]*+([^ \t=;,]*+)[ \t]*+
    (?: =[ \t]*+ (?: "({QUOTED_CONTENT}){QUOTED_END} | ([^;,]*+) ) )?+""",
    re.VERBOSE,
)


@frozen
class LinkValue:
    """A link: where it leads, and what is said of it.

    *target* is as it was sent: perhaps relative to the URL of the response, and not
    checked to be a URL. *parameters* are names, lower-cased, and values, in the order
    sent; those of names that end in ``*`` are decoded (RFC 8187).
    """

    target: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def rel(self) -> tuple[str, ...]:
        """The relation types, lower-cased, of the first ``rel`` (RFC 8288 section 3.3)."""
        relations = (self.get("rel") or "").replace("\t", " ").split(" ")
        return tuple([lower_ascii(relation) for relation in relations if relation])

    @property
    def anchor(self) -> str | None:
        """What the link leads from, as it was sent; ``None``: from what was asked for."""
        return self.get("anchor")

    @property
    def title(self) -> str | None:
        """``title*`` if there is one, otherwise ``title`` (RFC 8288 section 3.4.1).

        If it is not UTF-8, it is read as ISO-8859-1.
        """
        title = self.get("title*")
        if title is None:
            title = self.get("title")
        return None if title is None else decode_raw_bytes(title)

    def get(self, name: str) -> str | None:
        """Give the value of the first parameter called *name*, in any case."""
        wanted = lower_ascii(name)
        return next((value for given, value in self.parameters if given == wanted), None)


def parse_links(field: str) -> list[LinkValue]:
    """Take *field* apart into its links, at most 1,000 of them.

    Several field lines have to be joined with ``", "``. A parameter without a value has
    an empty one; one without a name is passed over, as is one whose name ends in ``*``
    and whose value cannot be decoded, and what follows 256 of them. Where *field* is
    malformed, reading stops: what came before is given.
    """
    links: list[LinkValue] = []
    match = _TARGET().match(field)
    while match is not None and len(links) < _MAX_LINKS:
        target = match[1]
        parameters, position = _read_parameters(field, match.end())
        links.append(LinkValue(target, parameters))
        match = _TARGET().match(field, position)
    return links


def _read_parameters(field: str, position: int) -> tuple[tuple[tuple[str, str], ...], int]:
    parameters: list[tuple[str, str]] = []
    while match := _PARAMETER().match(field, position):
        position = match.end()
        name, quoted, plain = match.groups()
        if not name or len(parameters) == MAX_PARAMETERS:
            continue
        value = unescape(quoted) if quoted is not None else (plain or "").rstrip(" \t")
        if name.endswith("*"):
            decoded = decode_ext_value(value)
            if decoded is None:
                continue
            value = decoded
        parameters.append((lower_ascii(name), value))
    return tuple(parameters), position
