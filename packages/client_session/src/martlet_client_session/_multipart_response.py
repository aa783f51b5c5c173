"""A multipart body together with the response that it came in."""

from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from ._body_part_reader import BodyPartReader
    from ._multipart_reader import MultipartReader
    from ._response import ClientResponse

__all__ = ["MultipartResponseWrapper"]

_MAX_EPILOGUE: Final = 64 * 1024


class MultipartResponseWrapper:
    """Iterates over the parts of *resp*'s body, which *stream* reads, and releases it at the end.

    `MultipartReader.from_response` makes it. What follows the closing delimiter is passed
    over up to its end, or up to 64 KiB: so the connection can be used again, and a body that
    does not come whole raises `ClientPayloadError` here, too.
    """

    resp: "ClientResponse"
    """The response."""
    stream: "MultipartReader"
    """Its parts."""

    def __init__(self, resp: "ClientResponse", stream: "MultipartReader") -> None:
        self.resp = resp
        self.stream = stream
        self._drained = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.resp!r}>"

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> "MultipartReader | BodyPartReader":
        part = await self.next()
        if part is None:
            raise StopAsyncIteration
        return part

    def at_eof(self) -> bool:
        """Whether all of the response's body has been read."""
        return self.resp.content.at_eof()

    async def next(self) -> "MultipartReader | BodyPartReader | None":
        """Give the next part, as `MultipartReader.next` does; ``None`` at the end."""
        part = await self.stream.next()
        if self.stream.at_eof():
            await self._drain()
            await self.release()
        return part

    async def release(self) -> None:
        """Release the response; its connection is kept if the body has all come."""
        await self.resp.release()

    async def _drain(self) -> None:
        left = _MAX_EPILOGUE
        while not self._drained:
            passed = len(await self.resp.content.readany())
            left -= passed
            self._drained = not passed or left < 0
