from martlet_asgi import ASGIConnector
from martlet_asgi._handshake_refusal import refusal
from martlet_websocket import HandshakeError

from .applications import fetch


async def test_it_answers_as_the_error_says() -> None:
    error = HandshakeError("caf\xe9 is no version", 426, (("Sec-WebSocket-Version", "13"),))
    async with ASGIConnector(refusal(error), lifespan="off") as connector:
        answer = await fetch(connector)
    assert (answer.status, answer.body.decode()) == (426, "caf\xe9 is no version")
    assert answer.headers["Sec-WebSocket-Version"] == "13"
    assert answer.headers["Content-Length"] == str(len(answer.body))
