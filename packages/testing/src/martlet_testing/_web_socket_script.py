"""Conversations over a WebSocket that are written down beforehand."""

import json
from collections.abc import Awaitable, Callable, Iterable

from attrs import frozen

from martlet_interfaces import UNSET
from martlet_websocket import WSCloseCode, WSMessage, WSMsgType

from ._web_socket import MockWebSocket

__all__ = ["Conversation", "Step", "WSClose", "WSDrop", "WSReceive", "WSSend", "conversation_of"]

Conversation = Callable[[MockWebSocket], Awaitable[object]]
"""What the server's end of a WebSocket does."""


@frozen
class WSReceive:
    """The client has to send *data* next: a text as str, a binary message as bytes.

    Any other value is compared with a text that is JSON. Without *data* every message will do.
    """

    data: object = UNSET


@frozen
class WSSend:
    """The server sends *data*: a str as text, bytes as a binary message, the rest as JSON."""

    data: object


@frozen
class WSClose:
    """The server closes with *code* and *message*; the script ends there."""

    code: int = WSCloseCode.OK
    message: str = ""


@frozen
class WSDrop:
    """The connection is cut, without a close frame; the script ends there."""


Step = WSReceive | WSSend | WSClose | WSDrop


def conversation_of(source: Conversation | Iterable[Step]) -> Conversation:
    """Give the conversation that *source* is, or whose script it is.

    Raises `TypeError` for a step that is none.
    """
    if callable(source):
        return source
    steps = list(source)
    for step in steps:
        if not isinstance(step, Step):
            raise TypeError(f"A script consists of WSReceive, WSSend, …: {step!r} is none of them")

    async def play(ws: MockWebSocket) -> None:
        for number, step in enumerate(steps, 1):
            await _take(step, number, ws)

    return play


async def _take(step: Step, number: int, ws: MockWebSocket) -> None:
    if isinstance(step, WSReceive):
        message = await ws.receive()
        if not _is_wanted(message, step.data):
            wanted = "a message" if step.data is UNSET else repr(step.data)
            got = f"{message.type.name} {message.data!r}"
            raise AssertionError(f"Step {number} of the script: {wanted} was to come, not {got}")
    elif isinstance(step, WSSend):
        data = step.data
        if isinstance(data, bytes):
            await ws.send_bytes(data)
        else:
            await ws.send_str(data if isinstance(data, str) else json.dumps(data))
    elif isinstance(step, WSClose):
        await ws.close(step.code, step.message)
    else:
        await ws.drop()


def _is_wanted(message: WSMessage, wanted: object) -> bool:
    if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
        return False
    if wanted is UNSET:
        return True
    if isinstance(wanted, str | bytes):
        return bool(message.data == wanted)
    try:
        return bool(json.loads(message.data) == wanted)
    except ValueError:
        return False
