"""The answer to a handshake that is none (RFC 6455 section 4.2): no application is asked."""

from typing import TYPE_CHECKING

from martlet_websocket import HandshakeError

if TYPE_CHECKING:
    from ._application import ASGIApplication, Receive, Scope, Send

__all__ = ["refusal"]


def refusal(error: HandshakeError) -> "ASGIApplication":
    """Make an application that answers as *error* says."""
    body = str(error).encode()
    fields = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
    headers = [(name.encode(), value.encode()) for name, value in [*fields, *error.fields]]

    async def refuse(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
        start = {"type": "http.response.start", "status": error.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    return refuse
