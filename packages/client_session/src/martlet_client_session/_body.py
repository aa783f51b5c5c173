"""From ``data=`` and ``json=`` to a body and its media type."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from multidict import MultiMapping

from ._text import JSON
from ._typedefs import JSONBytesEncoder, JSONEncoder
from ._urlencoded import urlencoded

if TYPE_CHECKING:
    from ._payload import Payload

__all__ = ["make_body"]

_FORM: Final = "application/x-www-form-urlencoded"
_BYTES: Final = "application/octet-stream"
_TEXT: Final = "text/plain; charset=utf-8"


def make_body(
    data: object,
    json: object,
    serialize: JSONEncoder,
    serialize_bytes: JSONBytesEncoder | None = None,
) -> "tuple[bytes | Payload, str]":
    """Give the body and its Content-Type; one of *data* and *json* is not ``None``.

    What is in memory and needs no framing of its own becomes bytes, all else a `Payload`.
    Raises `ValueError` if both are given, `TypeError` for *data* of an unknown kind.
    """
    if json is not None:
        if data is not None:
            raise ValueError("data and json cannot both be given")
        if serialize_bytes is not None:
            return serialize_bytes(json), JSON
        return serialize(json).encode("utf-8"), JSON
    if isinstance(data, bytes):
        return data, _BYTES
    if isinstance(data, bytearray | memoryview):
        return bytes(data), _BYTES
    if isinstance(data, str):
        return data.encode("utf-8"), _TEXT
    if isinstance(data, Mapping | MultiMapping):
        return _form(list(data.items()))
    if isinstance(data, Sequence) and all(isinstance(p, tuple) and len(p) == 2 for p in data):
        return _form(data)
    return _other(data)


def _form(pairs: Sequence[tuple[str, object]]) -> "tuple[bytes | Payload, str]":
    try:
        return urlencoded(pairs), _FORM
    except TypeError:
        pass  # it may be a file, or what has a payload
    from ._form_data import FormData

    form = FormData()
    for name, value in pairs:
        # As in a query, a list stands for several fields of the same name.
        for item in value if isinstance(value, list | tuple) else (value,):
            form.add_field(name, item)
    return _given(form())


def _other(data: object) -> "tuple[bytes | Payload, str]":
    from ._form_data import FormData
    from ._payload import Payload
    from ._payload_registry import LookupError as NoPayload
    from ._payload_registry import get_payload

    if isinstance(data, FormData):
        return _given(data())
    if isinstance(data, Payload):
        return data, data.content_type
    try:
        # A body by itself is nothing to be saved under a name.
        payload = get_payload(data, disposition=None)
    except NoPayload:
        raise TypeError(
            f"data cannot be {type(data).__name__}: give bytes, str, a file, a mapping or"
            " (name, value) pairs, FormData, an async iterable of bytes, or a Payload"
        ) from None
    return payload, payload.content_type


def _given(payload: "Payload") -> "tuple[bytes | Payload, str]":
    """Give the payload of a form: as bytes, if it is small and in memory."""
    from ._bytes_payload import BytesPayload
    from ._multipart_writer import MultipartWriter

    if isinstance(payload, MultipartWriter):
        joined = payload.joined()
        if joined is not None:
            return joined, payload.content_type
    elif type(payload) is BytesPayload and isinstance(payload.data, bytes):
        return payload.data, payload.content_type
    return payload, payload.content_type
