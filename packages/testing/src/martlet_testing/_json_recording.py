"""martlet's own format of recordings: JSON that is pleasant to read and to compare.

::

    {
      "format": "martlet-recording",
      "version": 1,
      "exchanges": [
        {
          "began": 1764201600.0,
          "seconds": 0.25,
          "request": {"method": …, "url": …, "headers": ["Name: value", …], "text": …},
          "response": {"status": …, "reason": …, "headers": …, "text": …}
        }
      ]
    }

A body is in ``text`` if it is UTF-8, else in ``base64``; an empty one is left out, and so are
``trailers`` without fields, and ``complete`` if it is true.
"""

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from yarl import URL

from ._json_node import JSONNode
from ._recorded_exchange import Fields, RecordedExchange, RecordedRequest, RecordedResponse

__all__ = ["dump_json", "json_document", "parse_json", "read_status", "read_url"]

_FORMAT: Final = "martlet-recording"
_VERSION: Final = 1


def dump_json(exchanges: Iterable[RecordedExchange]) -> bytes:
    """Write a recording."""
    return json_document(
        {"format": _FORMAT, "version": _VERSION, "exchanges": [_dumped(one) for one in exchanges]}
    )


def json_document(value: object) -> bytes:
    """Write *value* as JSON in UTF-8, with the lone surrogates of header fields as escapes."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def parse_json(document: JSONNode) -> list[RecordedExchange]:
    """Read a recording. Raises `RecordingFormatError`."""
    if document["format"].text() != _FORMAT:
        raise document["format"].error(f"is not {_FORMAT!r}")
    if document["version"].integer() != _VERSION:
        raise document["version"].error(f"is not {_VERSION}, the one that is known here")
    return [_parsed(node) for node in document["exchanges"]]


def _dumped(exchange: RecordedExchange) -> dict[str, object]:
    request, response = exchange.request, exchange.response
    sent: dict[str, object] = {
        "method": request.method,
        "url": str(request.url),
        "headers": _dumped_fields(request.headers),
    }
    received: dict[str, object] = {
        "status": response.status,
        "reason": response.reason,
        "headers": _dumped_fields(response.headers),
    }
    sent.update(_dumped_body(request.body))
    received.update(_dumped_body(response.body))
    if response.trailers:
        received["trailers"] = _dumped_fields(response.trailers)
    if not response.complete:
        received["complete"] = False
    return {
        "began": exchange.began,
        "seconds": exchange.seconds,
        "request": sent,
        "response": received,
    }


def _dumped_fields(fields: Fields) -> list[str]:
    return [f"{name}: {value}" for name, value in fields]


def _dumped_body(body: bytes) -> dict[str, str]:
    if not body:
        return {}
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode("ascii")}


def _parsed(node: JSONNode) -> RecordedExchange:
    sent, received = node["request"], node["response"]
    request = RecordedRequest(
        sent["method"].text(),
        read_url(sent["url"]),
        _parsed_fields(sent["headers"]),
        _parsed_body(sent),
    )
    response = RecordedResponse(
        read_status(received["status"]),
        received["reason"].text(),
        _parsed_fields(received["headers"]),
        _parsed_body(received),
        _parsed_fields(received["trailers"]) if "trailers" in received else (),
        "complete" not in received or received["complete"].value is not False,
    )
    began = node["began"].number() if "began" in node else 0.0
    seconds = node["seconds"].number() if "seconds" in node else 0.0
    return RecordedExchange(request, response, began, seconds)


def read_url(node: JSONNode) -> URL:
    """Read an absolute URL."""
    text = node.text()
    try:
        url = URL(text)
    except ValueError as exc:
        raise node.error("is no URL") from exc
    if not url.absolute:
        raise node.error("is no absolute URL")
    return url.with_fragment(None)


def read_status(node: JSONNode) -> int:
    """Read the status of a final response."""
    status = node.integer()
    if not 200 <= status <= 999:
        raise node.error(f"is {status}, not 200 to 999")
    return status


def _parsed_fields(node: JSONNode) -> Fields:
    fields = []
    for field in node:
        name, colon, value = field.text().partition(":")
        if not (name and colon):
            raise field.error("is not a name, a colon and a value")
        fields.append((name, value.removeprefix(" ")))
    return tuple(fields)


def _parsed_body(node: JSONNode) -> bytes:
    if "base64" in node:
        return node["base64"].base64()
    if "text" not in node:
        return b""
    try:
        return node["text"].text().encode("utf-8")
    except UnicodeEncodeError as exc:
        raise node["text"].error("has a lone surrogate") from exc
