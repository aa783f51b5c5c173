"""The header of a part of a multipart body (RFC 2046 section 5.1, RFC 7578 section 4.8)."""

import re
from collections.abc import Mapping
from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy, istr

from martlet_exceptions import PayloadEncodingError

__all__ = ["parse_part_headers", "part_length"]

_CONTENT_LENGTH: Final = istr("Content-Length")
_NAME: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]++")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH: Final = re.compile("[0-9]{1,19}")
_EXCERPT: Final = 100


def parse_part_headers(
    block: bytes, *, max_field_size: int, max_headers: int
) -> CIMultiDictProxy[str]:
    """Take *block*, the header of a part without its blank line, apart.

    A field may go on in lines that begin with a blank; they are joined with one space. Bytes
    that are not UTF-8 become surrogates, as elsewhere in header fields.

    Raises `PayloadEncodingError` for what is malformed, for more than *max_headers* fields
    and for a field, folds included, of more than *max_field_size* bytes.
    """
    fields: list[tuple[istr, list[bytes]]] = []
    size = 0
    for ended in block.split(b"\n")[:-1]:
        line = ended.removesuffix(b"\r")
        folded = line[:1] in (b" ", b"\t")
        size = size + len(line) if folded else len(line)
        if size > max_field_size:
            raise _refused(f"A field of a part is longer than {max_field_size} bytes", line)
        if _CONTROLS.search(line):
            raise _refused("A field of a part has a control character", line)
        if not folded:
            if len(fields) >= max_headers:
                raise PayloadEncodingError(f"A part has more than {max_headers} header fields")
            fields.append(_field(line))
        elif fields:
            fields[-1][1].append(line.strip(b" \t"))
        else:
            raise _refused("The first field of a part is folded", line)
    return CIMultiDictProxy(
        CIMultiDict(
            (name, b" ".join(filter(None, lines)).decode("utf-8", "surrogateescape"))
            for name, lines in fields
        )
    )


def _field(line: bytes) -> tuple[istr, list[bytes]]:
    name, colon, value = line.partition(b":")
    if not colon:
        raise _refused("A field of a part has no colon", line)
    if _NAME.fullmatch(name) is None:
        raise _refused("The name of a field of a part is no token", line)
    return istr(name.decode()), [value.strip(b" \t")]


def part_length(headers: Mapping[str, str], subtype: str) -> int | None:
    """Tell what Content-Length says, which is none of a form's business (RFC 7578 section 4.8).

    Raises `PayloadEncodingError` if it is no number.
    """
    given = None if subtype == "form-data" else headers.get(_CONTENT_LENGTH)
    if given is None:
        return None
    if _LENGTH.fullmatch(given) is None:
        excerpt = given.encode("utf-8", "surrogateescape")
        raise _refused("The Content-Length of a part is no number", excerpt)
    return int(given)


def _refused(message: str, line: bytes) -> PayloadEncodingError:
    return PayloadEncodingError(message, excerpt=line[:_EXCERPT])
