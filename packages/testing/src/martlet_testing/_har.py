"""HAR 1.2 files, as browsers and proxies write them.

A HAR holds bodies without their content codings, while a connector gives them as they were sent.
So codings that can be removed are, with the field that names them; one that cannot be stays, and
the entry says so in ``_coded``, a field of our own as the format allows it. A request's body that
is no text is base64 with ``encoding`` as responses have it.
"""

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Final

from multidict import CIMultiDict

from martlet_exceptions import ClientError
from martlet_http_parser import content_decoder

from . import __version__
from ._json_node import JSONNode
from ._json_recording import json_document, read_status, read_url
from ._recorded_exchange import Fields, RecordedExchange, RecordedRequest, RecordedResponse

__all__ = ["dump_har", "parse_har"]

_VERSION: Final = "1.2"
_CREATOR: Final = {"name": "martlet-testing", "version": __version__}
_HTTP: Final = "HTTP/1.1"
_PIECE: Final = 65536


def dump_har(exchanges: Iterable[RecordedExchange]) -> bytes:
    """Write a HAR."""
    entries = [_dumped(exchange) for exchange in exchanges]
    return json_document({"log": {"version": _VERSION, "creator": _CREATOR, "entries": entries}})


def parse_har(document: JSONNode) -> list[RecordedExchange]:
    """Read a HAR; entries without a response are left out. Raises `RecordingFormatError`."""
    entries = document["log"]["entries"]
    # What browsers have blocked, and what has failed, has status 0; what was upgraded, 101.
    return [_parsed(one) for one in entries if one["response"]["status"].integer() >= 200]


# Writing


def _dumped(exchange: RecordedExchange) -> dict[str, object]:
    request, response = exchange.request, exchange.response
    milliseconds = exchange.seconds * 1000
    began = datetime.fromtimestamp(exchange.began, UTC)
    return {
        "startedDateTime": began.isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _dumped_request(request),
        "response": _dumped_response(response),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }


def _dumped_request(request: RecordedRequest) -> dict[str, object]:
    dumped: dict[str, object] = {
        "method": request.method,
        "url": str(request.url),
        "httpVersion": _HTTP,
        "cookies": _dumped_cookies(request.headers, "cookie"),
        "headers": _dumped_pairs(request.headers),
        "queryString": _dumped_pairs(request.url.query.items()),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        mime = CIMultiDict(request.headers).get("Content-Type", "application/octet-stream")
        dumped["postData"] = {"mimeType": mime, "params": [], **_dumped_body(request.body)}
    return dumped


def _dumped_response(response: RecordedResponse) -> dict[str, object]:
    fields = CIMultiDict(response.headers)
    plain = _decoded(response, fields)
    body = response.body if plain is None else plain
    content: dict[str, object] = {
        "size": len(body),
        "mimeType": fields.get("Content-Type", "application/octet-stream"),
        **_dumped_body(body),
    }
    if plain is None:
        content["_coded"] = True
    elif len(plain) != len(response.body):
        content["compression"] = len(plain) - len(response.body)
    dumped: dict[str, object] = {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": _HTTP,
        "cookies": _dumped_cookies(response.headers, "set-cookie"),
        "headers": _dumped_pairs(response.headers),
        "content": content,
        "redirectURL": fields.get("Location", ""),
        "headersSize": -1,
        "bodySize": len(response.body),
    }
    if response.trailers:
        dumped["_trailers"] = _dumped_pairs(response.trailers)
    if not response.complete:
        dumped["_complete"] = False
    return dumped


def _dumped_pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _dumped_cookies(fields: Fields, name: str) -> list[dict[str, str]]:
    cookies: list[dict[str, str]] = []
    for other, value in fields:
        if other.lower() == name:
            try:
                parsed = SimpleCookie(value)
            except CookieError:
                continue
            cookies += [{"name": key, "value": one.value} for key, one in parsed.items()]
    return cookies


def _dumped_body(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": b64encode(body).decode("ascii"), "encoding": "base64"}


def _decoded(response: RecordedResponse, fields: CIMultiDict[str]) -> bytes | None:
    """Give the body without its content codings; None if they cannot be removed."""
    coding = ", ".join(fields.getall("Content-Encoding", []))
    if not coding or not response.body:
        return response.body
    if not response.complete:
        return None
    try:
        decoder = content_decoder(coding)
        if decoder is None:
            return None
        decoder.feed(response.body)
        plain = b"".join(iter(lambda: decoder.read(_PIECE), b""))
        decoder.finish()
    except ClientError:
        return None
    return plain


# Reading


def _parsed(entry: JSONNode) -> RecordedExchange:
    sent, received = entry["request"], entry["response"]
    request = RecordedRequest(
        sent["method"].text(),
        read_url(sent["url"]),
        _parsed_pairs(sent["headers"]),
        _parsed_body(sent["postData"]) if "postData" in sent else b"",
    )
    content = received["content"]
    body = _parsed_body(content)
    headers = _parsed_pairs(received["headers"])
    if "_coded" not in content:
        headers = _without_coding(headers)
    response = RecordedResponse(
        read_status(received["status"]),
        received["statusText"].text() if "statusText" in received else "",
        _with_length(headers, body, sent["method"].text()),
        body,
        _parsed_pairs(received["_trailers"]) if "_trailers" in received else (),
        "_complete" not in received or received["_complete"].value is not False,
    )
    seconds = entry["time"].number() / 1000 if "time" in entry else 0.0
    return RecordedExchange(request, response, _parsed_time(entry), seconds)


def _parsed_time(entry: JSONNode) -> float:
    if "startedDateTime" not in entry:
        return 0.0
    text = entry["startedDateTime"].text()
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError as exc:
        raise entry["startedDateTime"].error("is no date and time of ISO 8601") from exc


def _parsed_pairs(node: JSONNode) -> Fields:
    pairs = ((pair["name"].text(), pair["value"].text()) for pair in node)
    # Those with a colon are HTTP/2's, and no fields.
    return tuple((name, value) for name, value in pairs if not name.startswith(":"))


def _parsed_body(node: JSONNode) -> bytes:
    if "text" not in node:
        return b""
    if "encoding" in node and node["encoding"].text() == "base64":
        return node["text"].base64()
    try:
        return node["text"].text().encode("utf-8")
    except UnicodeEncodeError as exc:
        raise node["text"].error("has a lone surrogate") from exc


def _without_coding(fields: Fields) -> Fields:
    return tuple(field for field in fields if field[0].lower() != "content-encoding")


def _with_length(fields: Fields, body: bytes, method: str) -> Fields:
    """Let Content-Length be that of *body*; how the message was framed is not told."""
    if method == "HEAD":
        return fields
    return tuple(
        (name, str(len(body)) if name.lower() == "content-length" else value)
        for name, value in fields
        if name.lower() != "transfer-encoding"
    )
