"""The older way to write a body piece by piece."""

from collections.abc import Awaitable, Callable
from typing import Any

from ._payload import Payload
from ._payload_registry import payload_type
from ._stream_writer import AbstractStreamWriter

__all__ = ["StreamCall", "StreamPayload", "StreamWrapperPayload", "streamer"]


class StreamCall:
    """A call of a streamer's function that waits for where to write to."""

    __slots__ = ("_args", "_function", "_kwargs")

    def __init__(
        self,
        function: Callable[..., Awaitable[None]],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> None:
        self._function = function
        self._args = args
        self._kwargs = kwargs

    async def __call__(self, writer: AbstractStreamWriter) -> None:
        await self._function(writer, *self._args, **self._kwargs)


class streamer:  # noqa: N801  # aiohttp's name
    """Decorates a coroutine function that writes a body: it gets a writer first.

    What it is called with then, as in ``data=function(path)``, it gets besides, once the
    body is sent; ``data=function``, if there is nothing. An async generator is the better
    way.
    """

    def __init__(self, coro: Callable[..., Awaitable[None]]) -> None:
        self._function = coro

    def __call__(self, *args: object, **kwargs: object) -> StreamCall:
        """Give what can be sent as ``data=``."""
        return StreamCall(self._function, args, kwargs)


@payload_type(StreamCall)
class StreamWrapperPayload(Payload):
    """What a streamer's function writes. It can be sent once."""

    def __init__(self, value: StreamCall, *args: Any, **kwargs: Any) -> None:
        super().__init__(value, *args, **kwargs)
        self._call = value

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Raise `TypeError`: it has to be awaited."""
        raise TypeError("What a function writes has to be awaited: use as_bytes()")

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Have it written. Raises `RuntimeError` if it has been already."""
        if self._consumed:
            raise RuntimeError("The streamer has been sent already, and cannot be once more")
        self._consumed = True
        await self._call(writer)


@payload_type(streamer)
class StreamPayload(StreamWrapperPayload):
    """What a streamer's function writes that is called with nothing else."""

    def __init__(self, value: streamer, *args: Any, **kwargs: Any) -> None:
        super().__init__(value(), *args, **kwargs)
