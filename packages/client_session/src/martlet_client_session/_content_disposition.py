"""Writing a Content-Disposition field (RFC 6266, RFC 7578 section 4.2)."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from ._known_codec import known_codec

__all__ = ["content_disposition"]

# Without the asterisk, which has a meaning at the end of a name (RFC 8187 section 3.2).
_TOKEN: Final = re.compile(r"[!#$%&'+\-.^_`|~0-9A-Za-z]++")
_PLAIN: Final = re.compile(r"[ !#-\[\]-~]*+")
_ENCODED_IN_NAMES: Final = re.compile(r'["\x00-\x1f\x7f-\x9f]')
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")


def content_disposition(
    disptype: str,
    params: Mapping[str, str],
    *,
    quote_fields: bool = True,
    charset: str = "utf-8",
) -> str:
    r"""Give the value of the field: the type *disptype*, and *params* in their order.

    With *quote_fields*:

    - quotes and control characters are percent-encoded, as browsers do it in a form, a
      backslash is doubled, and all else is sent as it is, in UTF-8;
    - but a ``filename`` outside of forms that is not printable ASCII without quotes and
      backslashes is percent-encoded in *charset*, as aiohttp does it, and stands once more,
      in UTF-8, in a ``filename*``, from which it can be read back (RFC 6266 section 4.3).
      In forms there is none (RFC 7578 section 4.2).

    Without, quotes and backslashes are escaped by a backslash, and all else is sent as it
    is: then a control character other than HTAB raises `ValueError`.

    `ValueError` is raised, too, for a type or a name that is no token, for a lone surrogate,
    and for a *charset* that is unknown or cannot hold the filename. `TypeError` for a value
    that is no string.
    """
    if not _TOKEN.fullmatch(disptype):
        raise ValueError(f"The type of a Content-Disposition is a token, not {disptype!r:.80}")
    if known_codec(charset) is None:
        raise ValueError(f"There is no charset {charset!r:.80}: give utf-8")
    parts = [disptype]
    is_form = disptype.lower() == "form-data"
    for name, value in params.items():
        _check(name, value)
        if not quote_fields:
            parts.append(f'{name}="{_escaped(value)}"')
        elif is_form or name.lower() != "filename":
            encoded = _ENCODED_IN_NAMES.sub(lambda found: quote(found[0], safe=""), value)
            parts.append('{}="{}"'.format(name, encoded.replace("\\", r"\\")))
        elif _PLAIN.fullmatch(value):
            parts.append(f'{name}="{value}"')
        else:
            encoded = quote(value, safe="", encoding=charset, errors="strict")
            parts.append(f'{name}="{encoded}"')
            parts.append(f"{name}*=utf-8''{quote(value, safe='')}")
    return "; ".join(parts)


def _check(name: str, value: object) -> None:
    if not _TOKEN.fullmatch(name):
        raise ValueError(
            f"The name of a parameter is a token without an asterisk, not {name!r:.80}"
        )
    if not isinstance(value, str):
        raise TypeError(f"The value of {name} has to be a str, not {type(value).__name__}")
    if _SURROGATES.search(value):
        raise ValueError(f"The value of {name} has a lone surrogate: {value!r:.80}")


def _escaped(value: str) -> str:
    if _CONTROLS.search(value):
        raise ValueError(f"A control character cannot be sent without quote_fields: {value!r:.80}")
    return value.replace("\\", r"\\").replace('"', r"\"")
