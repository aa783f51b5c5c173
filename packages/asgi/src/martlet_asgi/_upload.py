"""A `RequestBody` that writes itself at the pace at which an application takes it."""

import asyncio

from martlet_exceptions import ClientPayloadError
from martlet_interfaces import RequestBody

__all__ = ["Upload"]


class Upload:
    """Holds one piece of *body*, the `BodyWriter` of which it is; *changed* is set at each step."""

    __slots__ = ("_body", "_changed", "_left", "_over", "_piece", "_taken")

    def __init__(self, body: RequestBody, changed: asyncio.Event) -> None:
        self._body = body
        self._changed = changed
        self._left = body.length
        self._over = False
        self._piece: bytes | None = None
        self._taken = asyncio.Event()

    async def run(self) -> None:
        """Write the body, and see to it that it is as long as it has announced."""
        await self._body.write_to(self)
        if self._left:
            raise ClientPayloadError(
                f"The request's body is {self._left} bytes shorter than its Content-Length"
            )
        self._over = True
        self._changed.set()

    async def write(self, data: bytes | bytearray | memoryview, /) -> None:
        """Offer *data*; return when the application has taken it."""
        piece = bytes(data)
        if self._left is not None:
            self._left -= len(piece)
            if self._left < 0:
                raise ClientPayloadError(
                    f"The request's body is {-self._left} bytes longer than its Content-Length"
                )
        if not piece:
            return
        self._piece = piece
        self._taken.clear()
        self._changed.set()
        await self._taken.wait()

    def take(self) -> tuple[bytes, bool] | None:
        """Give a piece and whether others follow; ``None`` if there is nothing yet."""
        piece, self._piece = self._piece, None
        if piece is not None:
            self._taken.set()
            return piece, self._left != 0
        return (b"", False) if self._over else None
