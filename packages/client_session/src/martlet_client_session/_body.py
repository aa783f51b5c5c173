"""From ``data=`` and ``json=`` to the bytes of a body and its media type."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from multidict import MultiMapping

from ._typedefs import JSONEncoder

__all__ = ["make_body"]

_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_BYTES: Final = "application/octet-stream"
_TEXT: Final = "text/plain; charset=utf-8"


def make_body(data: object, json: object, serialize: JSONEncoder) -> tuple[bytes, str]:
    """Give the body and its Content-Type; one of *data* and *json* is not ``None``.

    Raises `ValueError` if both are given, `TypeError` for *data* of an unknown kind.
    """
    if json is not None:
        if data is not None:
            raise ValueError("data and json cannot both be given")
        return serialize(json).encode("utf-8"), _JSON
    if isinstance(data, bytes):
        return data, _BYTES
    if isinstance(data, bytearray | memoryview):
        return bytes(data), _BYTES
    if isinstance(data, str):
        return data.encode("utf-8"), _TEXT
    if isinstance(data, Mapping | MultiMapping):
        return _form(list(data.items())), _FORM
    if isinstance(data, Sequence) and all(isinstance(p, tuple) and len(p) == 2 for p in data):
        return _form(data), _FORM
    raise TypeError(
        f"data cannot be {type(data).__name__}: give bytes, str, a mapping, or (name, value) pairs"
    )


def _form(pairs: Sequence[tuple[str, object]]) -> bytes:
    for name, value in pairs:
        for item in value if isinstance(value, list | tuple) else (value,):
            # Anything has a str(), but a file's or None's is not what was meant.
            if not isinstance(item, str | bytes | int | float):
                raise TypeError(
                    f"The form field {name!r:.100} cannot be {type(item).__name__}: give str,"
                    " bytes, int or float, and leave out what is None"
                )
    return urlencode(pairs, doseq=True).encode("ascii")
