"""Payloads of JSON."""

import json
from collections.abc import Callable
from typing import Any

from ._bytes_payload import BytesPayload
from ._known_codec import known_codec

__all__ = ["JsonBytesPayload", "JsonPayload"]


class JsonPayload(BytesPayload):
    """A JSON document: what *dumps* makes of *value*, here and now.

    *encoding*: RFC 8259 section 8.1 knows no other one than UTF-8. Raises what *dumps*
    raises, `TypeError` if it gives no `str`, and `ValueError` for an unknown encoding. The
    other parameters are those of `Payload`.
    """

    def __init__(
        self,
        value: object,
        encoding: str = "utf-8",
        content_type: str = "application/json",
        dumps: Callable[[Any], str] = json.dumps,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        text = dumps(value)
        if not isinstance(text, str):
            raise TypeError(
                f"dumps has to give a str, not {type(text).__name__}: for bytes, make a"
                " JsonBytesPayload"
            )
        if known_codec(encoding) is None:
            raise ValueError(f"Text cannot be sent in the encoding {encoding!a:.80}: give utf-8")
        super().__init__(
            text.encode(encoding), *args, content_type=content_type, encoding=encoding, **kwargs
        )


class JsonBytesPayload(BytesPayload):
    """A JSON document: what *dumps* makes of *value*, here and now, as bytes.

    Raises what *dumps* raises, and `TypeError` if it gives no bytes. The other parameters
    are those of `Payload`.
    """

    def __init__(
        self,
        value: object,
        dumps: Callable[[Any], bytes],
        content_type: str = "application/json",
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(dumps(value), *args, content_type=content_type, **kwargs)
