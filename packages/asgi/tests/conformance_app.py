"""The origin of the conformance suite, as an ASGI application."""

from martlet_asgi import Receive, Scope, Send
from martlet_interfaces.testing import Then, conformance_origin

from .applications import body_of

__all__ = ["conformance_app"]


async def conformance_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Do what `conformance_origin` says; what it calls early before the body has been read."""
    target = scope["raw_path"].decode()
    if scope["query_string"]:
        target += f"?{scope['query_string'].decode()}"
    if scope["path"] == "/early":
        await receive()
        body = b""
    else:
        body = await body_of(receive)
    fields = [
        (name.decode(), value.decode("utf-8", "surrogateescape"))
        for name, value in scope["headers"]
    ]
    answer = conformance_origin(scope["method"], target, fields, body)
    if not answer.silent:
        headers = [
            (name.encode(), value.encode("utf-8", "surrogateescape"))
            for name, value in answer.headers
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        for chunk in answer.chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    if answer.then is Then.HANG:
        while (await receive())["type"] != "http.disconnect":
            pass
    elif answer.then is Then.END:
        await send({"type": "http.response.body"})
