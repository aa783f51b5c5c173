"""A WebSocket that is opened anew whenever it ends."""

import asyncio
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Self

from martlet_exceptions import ClientConnectionError, WSServerHandshakeError

from ._backoff import ExponentialBackoff
from ._retry_failure import is_final
from ._retry_number import given_number

if TYPE_CHECKING:
    from ._client_ws_response import ClientWebSocketResponse
    from ._ws_context import WebSocketContext

__all__ = ["WebSocketReconnect"]

_BACKOFF: Final = ExponentialBackoff(0.5, 2, 60)
_STATUSES: Final = frozenset({408, 425, 429})
# For how many seconds a connection has to hold, so that its end counts as the first failure.
_HELD: Final = 60.0


class WebSocketReconnect:
    """Iterates over the WebSockets that *connect* opens; see `ClientSession.ws_reconnect`."""

    __slots__ = ("_attempts", "_backoff", "_connect", "_failed", "_opened_at", "_random", "_ws")

    def __init__(
        self,
        connect: "Callable[[], WebSocketContext]",
        attempts: int | None = None,
        backoff: Callable[[int], float] | None = None,
        jitter: bool | random.Random = True,
    ) -> None:
        if attempts is not None:
            if isinstance(attempts, bool) or not isinstance(attempts, int):
                raise TypeError(f"attempts must be an int or None, not {type(attempts).__name__}")
            if attempts < 1:
                raise ValueError(f"attempts must be at least 1, not {attempts}")
        if backoff is not None and not callable(backoff):
            raise TypeError(
                "backoff is called with the number of an attempt and gives seconds;"
                f" {backoff!r:.80} cannot be called: give ExponentialBackoff(first=…)"
            )
        if not isinstance(jitter, bool | random.Random):
            raise TypeError(f"jitter must be a bool or a random.Random, not {jitter!r:.80}")
        self._connect = connect
        self._attempts = attempts
        self._backoff = backoff or _BACKOFF
        self._random: Callable[[], float] | None = None
        if jitter:
            self._random = jitter.random if isinstance(jitter, random.Random) else random.random
        self._failed = 0
        self._ws: ClientWebSocketResponse | None = None
        self._opened_at = 0.0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> "ClientWebSocketResponse":
        loop = asyncio.get_running_loop()
        ws, self._ws = self._ws, None
        if ws is not None:
            held = loop.time() - self._opened_at
            await ws.close()
            # A server that lets in and throws out is not to be asked without a pause.
            self._failed = 1 if held >= _HELD else self._failed + 1
            await self._wait()
        while True:
            try:
                self._ws = opened = await self._connect()
            except (ClientConnectionError, WSServerHandshakeError) as exc:
                self._failed += 1
                if not _may_pass(exc) or self._failed == self._attempts:
                    raise
                await self._wait()
            else:
                self._opened_at = loop.time()
                return opened

    async def _wait(self) -> None:
        number = self._failed
        wait = given_number(f"backoff({number})", self._backoff(number))
        if self._random is not None:
            wait *= self._random()
        await asyncio.sleep(wait)


def _may_pass(failure: ClientConnectionError | WSServerHandshakeError) -> bool:
    if isinstance(failure, WSServerHandshakeError):
        return failure.status in _STATUSES or failure.status >= 500
    return not is_final(failure)
