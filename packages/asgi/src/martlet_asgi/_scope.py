"""From the head of a request to the scope of an application's call (ASGI HTTP, WebSocket)."""

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from martlet_interfaces import RequestBody, RequestHead

from ._framing import framing_fields
from ._header_fields import request_fields

if TYPE_CHECKING:
    from ._application import Scope

__all__ = ["ASGI", "Surroundings", "http_scope", "websocket_scope"]

ASGI: Final = {"version": "3.0", "spec_version": "2.4"}

_METHOD: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_SECURE: Final = frozenset({"https", "wss"})


class Surroundings(NamedTuple):
    """What all calls of an application have in common."""

    root_path: str
    client: tuple[str, int] | None


def http_scope(
    request: RequestHead,
    body: bytes | RequestBody | None,
    surroundings: Surroundings,
) -> "Scope":
    """Make the scope of a request with *body*; `ValueError` for what cannot be sent."""
    if _METHOD.fullmatch(request.method) is None:
        raise ValueError(f"The method is not a token: {request.method!r:.100}")
    scope = _scope(request, surroundings)
    scope["type"] = "http"
    scope["method"] = request.method.upper()
    scope["scheme"] = "https" if request.url.scheme in _SECURE else "http"
    scope["headers"] += framing_fields(request, body)
    scope["extensions"] = {"http.response.trailers": {}}
    return scope


def websocket_scope(request: RequestHead, surroundings: Surroundings) -> "Scope":
    """Make the scope of an opening handshake; `ValueError` for what cannot be sent."""
    scope = _scope(request, surroundings)
    asked = ",".join(request.headers.getall("Sec-WebSocket-Protocol", ())).split(",")
    scope["type"] = "websocket"
    scope["scheme"] = "wss" if request.url.scheme in _SECURE else "ws"
    scope["subprotocols"] = [name.strip() for name in asked if name.strip()]
    scope["extensions"] = {"websocket.http.response": {}}
    return scope


def _scope(request: RequestHead, surroundings: Surroundings) -> "Scope":
    url = request.url
    path = url.raw_path or "/"
    return {
        "asgi": dict(ASGI),
        "http_version": "{}.{}".format(*request.version),
        "path": unquote(path),
        "raw_path": path.encode("ascii"),
        "query_string": url.raw_query_string.encode("ascii"),
        "root_path": surroundings.root_path,
        "headers": request_fields(request.headers.items()),
        "client": surroundings.client,
        "server": (url.host, url.port),
    }
