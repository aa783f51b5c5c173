"""Forms as ``application/x-www-form-urlencoded``."""

from collections.abc import Iterable
from typing import Final, cast
from urllib.parse import urlencode

__all__ = ["urlencoded"]

_PLAIN: Final = (str, bytes, int, float)


def urlencoded(pairs: Iterable[object], charset: str = "utf-8") -> bytes:
    """Encode the fields of a form; a list or a tuple stands for several of the same name.

    *charset*: what text is encoded in before it is percent-encoded.

    Raises `TypeError` for a name or a value that is not str, bytes, int or float, and
    `UnicodeEncodeError`, a `ValueError`, for text that *charset* does not have.
    """
    fields = list(pairs)
    for pair in fields:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise TypeError(f"No (name, value) pair: {pair!r:.100}")
        name, value = pair
        if not isinstance(name, _PLAIN):
            raise TypeError(f"The name of a form field cannot be {type(name).__name__}: give str")
        if not isinstance(value, str):
            for item in value if isinstance(value, list | tuple) else (value,):
                # Anything has a str(), but a file's or None's is not what was meant.
                if not isinstance(item, _PLAIN):
                    raise TypeError(
                        f"The form field {name!r:.100} cannot be {type(item).__name__}: give"
                        " str, bytes, int or float, and leave out what is None"
                    )
    if fields and not isinstance(fields[0], tuple):
        fields[0] = tuple(cast("list[object]", fields[0]))  # urlencode looks at the first one
    plain = cast("list[tuple[str, str]]", fields)
    return urlencode(plain, doseq=True, encoding=charset).encode("ascii")
