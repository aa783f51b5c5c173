"""A request of HTTP to an application (the HTTP protocol of ASGI)."""

import asyncio
from typing import TYPE_CHECKING

from martlet_interfaces import RequestBody

from ._exchange import Call, Exchange
from ._request_events import RequestEvents
from ._response_events import ResponseEvents

if TYPE_CHECKING:
    from ._application import Message

__all__ = ["HTTPExchange"]


class HTTPExchange(Exchange):
    """An `Exchange` in which the application reads a body and sends a response."""

    def __init__(self, call: Call, body: bytes | RequestBody | None) -> None:
        request = call.request
        super().__init__(call, ResponseEvents(request.method, request.version))
        self._body = RequestEvents(body, call.tasks, self.fail, call.observer)

    async def receive(self) -> "Message":
        """Give the next piece of the body; after it, wait for the end of the exchange."""
        if self._live:
            if not self._body.ended:
                self._rest()  # here the application waits for the client
            event = await self._body.next()
            self._watch()
            if event is not None:
                return event
        else:
            await asyncio.sleep(0)  # one that asks again and again must not keep others waiting
        return {"type": "http.disconnect"}

    def _on_end(self) -> None:
        self._body.stop()
