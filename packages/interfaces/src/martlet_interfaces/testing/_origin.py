"""The origin that `check_connector` expects at the other end.

Sans I/O: a connector that needs no network calls it; for the others `serve_origin`
listens on a socket. What a path answers is part of the suite; change both together.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Final

from attrs import evolve

from ._application import OriginResponse, Then

__all__ = [
    "COOKIES",
    "EARLY",
    "FIELDS",
    "GZIPPED",
    "LARGE_SIZE",
    "PARTIAL",
    "conformance_origin",
    "large_body",
]

EARLY: Final = "/early"
"""The target that is answered before the request's body is read, by servers that can."""
COOKIES: Final = ("one=1; Path=/", "two=2; Path=/; HttpOnly")
FIELDS: Final = (("X-Twice", "first"), ("x-twice", "second"), ("X-Bytes", "caf\xe9 \udcff"))
GZIPPED: Final = gzip.compress(b"coded " * 100, mtime=0)
PARTIAL: Final = b"the first part"

_CHUNK: Final = 64 * 1024
_CHUNKS: Final = 32
LARGE_SIZE: Final = _CHUNK * _CHUNKS

Fields = Sequence[tuple[str, str]]


def large_body() -> Iterator[bytes]:
    """Yield the chunks of ``/large``; no two are equal, so that their order shows."""
    for number in range(_CHUNKS):
        yield number.to_bytes(4, "big") * (_CHUNK // 4)


def conformance_origin(method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
    """Answer a request of `check_connector`; it is an `Application`."""
    path = target.partition("?")[0]
    if path == "/echo":
        response = _echo(method, target, headers, body)
    elif path == "/digest":
        response = _json({"length": len(body), "sha256": hashlib.sha256(body).hexdigest()})
    elif path.startswith("/status/"):
        response = _status(int(path.removeprefix("/status/")))
    else:
        response = _PAGES.get(path, _not_found)()
    return evolve(response, chunks=()) if method == "HEAD" else response


def _json(value: object) -> OriginResponse:
    return OriginResponse(
        headers=[("Content-Type", "application/json")], chunks=[json.dumps(value).encode()]
    )


def _echo(method: str, target: str, headers: Fields, body: bytes) -> OriginResponse:
    fields = [list(field) for field in headers]
    return _json(
        {"method": method, "target": target, "headers": fields, "body": body.decode("latin-1")}
    )


def _status(status: int) -> OriginResponse:
    return OriginResponse(status, reason=HTTPStatus(status).phrase)


def _not_found() -> OriginResponse:
    return _status(404)


def _redirect() -> OriginResponse:
    return OriginResponse(302, [("Location", "/echo"), ("Content-Length", "5")], [b"moved"])


def _set_cookie() -> OriginResponse:
    return OriginResponse(headers=[("Set-Cookie", cookie) for cookie in COOKIES])


def _fields() -> OriginResponse:
    return OriginResponse(headers=FIELDS)


def _gzip() -> OriginResponse:
    return OriginResponse(headers=[("Content-Encoding", "gzip")], chunks=[GZIPPED])


def _large() -> OriginResponse:
    return OriginResponse(headers=[("Content-Length", str(LARGE_SIZE))], chunks=large_body())


def _early() -> OriginResponse:
    return evolve(_hang_in_body(), status=413)


def _hang() -> OriginResponse:
    return OriginResponse(silent=True, then=Then.HANG)


def _break() -> OriginResponse:
    return OriginResponse(silent=True, then=Then.BREAK)


def _hang_in_body() -> OriginResponse:
    return OriginResponse(headers=[("Content-Length", "99")], chunks=[PARTIAL], then=Then.HANG)


def _break_in_body() -> OriginResponse:
    return OriginResponse(headers=[("Content-Length", "99")], chunks=[PARTIAL], then=Then.BREAK)


_PAGES: Final[dict[str, Callable[[], OriginResponse]]] = {
    "/break-before-head": _break,
    "/break-in-body": _break_in_body,
    "/fields": _fields,
    "/gzip": _gzip,
    "/hang": _hang,
    "/hang-in-body": _hang_in_body,
    "/large": _large,
    "/redirect": _redirect,
    "/set-cookie": _set_cookie,
    EARLY: _early,
}
