"""Reading a multipart body: the I/O around the `BoundaryScanner`."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeAlias

from martlet_exceptions import PayloadEncodingError

from ._boundary_scanner import BoundaryScanner
from ._part_decoder import PartDecoder

__all__ = ["DecodedContent", "MultipartSource", "PartContent", "Readable"]

_STEP: Final = 64 * 1024
_EVERYTHING: Final = 1 << 62

_Bytes: TypeAlias = "bytes | bytearray | memoryview"


class _ReadsAny(Protocol):
    async def readany(self) -> _Bytes: ...


class _ReadsSome(Protocol):
    async def read(self, n: int, /) -> _Bytes: ...


Readable: TypeAlias = "_ReadsAny | _ReadsSome"
"""What a multipart body is read from: ``readany()``, or ``read(n)``; ``b""`` is the end."""


class MultipartSource:
    """A multipart body, read from *content* no further than is needed.

    *in_part*: it begins with the data of a part. Raises `TypeError` for a *content* that
    cannot be read.
    """

    __slots__ = ("_read", "_scanner", "parent")

    parent: "PartContent | None"
    """The part of another multipart body that it is read from, if it is."""

    def __init__(self, content: Readable, boundary: bytes, *, in_part: bool = False) -> None:
        self._read = _reading(content)
        self._scanner = BoundaryScanner(boundary, in_part=in_part)
        if isinstance(content, DecodedContent):
            content = content.part
        self.parent = content if isinstance(content, PartContent) else None

    @property
    def in_part(self) -> bool:
        """Whether the data of the current part is not over yet."""
        return self._scanner.in_part

    async def next_head(self) -> bytes | None:
        """Pass over the rest of the part; give the next one's header, ``None`` at the end."""
        scanner = self._scanner
        while True:
            head = scanner.take_head()
            if head is not None or scanner.closed:
                return head
            await self._fill()

    async def read(self, size: int) -> bytes:
        """Read up to *size* bytes of the part's data; ``b""`` at its end."""
        scanner = self._scanner
        while True:
            data = scanner.take_data(size)
            if data or not scanner.in_part:
                return data
            await self._fill()

    async def _fill(self) -> None:
        data = await self._read()
        if data:
            self._scanner.feed(data if isinstance(data, bytes) else bytes(data))
        else:
            self._scanner.feed_eof()


def _reading(content: Readable) -> Callable[[], Awaitable[_Bytes]]:
    readany: Callable[[], Awaitable[_Bytes]] | None = getattr(content, "readany", None)
    if readany is not None:
        return readany
    read: Callable[[int], Awaitable[_Bytes]] | None = getattr(content, "read", None)
    if read is None:
        raise TypeError(
            f"A multipart body cannot be read from {type(content).__name__}: give a stream"
            " with async readany() or async read(n)"
        )
    return lambda: read(_STEP)


class PartContent:
    """The data of one part, as it was sent.

    *length*: how much it has to be, if that was said. Reading raises what the source raises, and
    `PayloadEncodingError` if it is more or less.
    """

    __slots__ = ("_ended", "_left", "_skipped", "_source", "depth")

    depth: int
    """In how many multipart bodies it is."""

    def __init__(self, source: MultipartSource, length: int | None) -> None:
        self._source = source
        self._left = length
        self._ended = False
        self._skipped = False
        self.depth = 1 if source.parent is None else source.parent.depth + 1

    @property
    def passed_over(self) -> bool:
        """Whether it has been ended by `skip`, or what it is part of has been."""
        parent = self._source.parent
        return self._skipped or (parent is not None and parent.passed_over)

    def at_eof(self) -> bool:
        """Whether all of it has been read."""
        return self._ended or self.passed_over

    async def readany(self) -> bytes:
        """Read what is there, at least one byte; ``b""`` at the end."""
        return await self.read(_EVERYTHING)

    async def read(self, size: int) -> bytes:
        """Read up to *size* bytes, at least one; ``b""`` at the end."""
        if self._ended or self.passed_over:
            return b""
        data = await self._source.read(size)
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0 or (self._left and not self._source.in_part):
                raise PayloadEncodingError(
                    "The Content-Length of a part is not where its delimiter is"
                )
        self._ended = not self._source.in_part
        return data

    async def skip(self) -> None:
        """Pass over what has not been read."""
        while await self.readany():
            pass
        self._skipped = True


class DecodedContent:
    """What *part* gives, or *read* in its stead, decoded by *decoder* in steps of *step* bytes."""

    __slots__ = ("_decoder", "_failure", "_read", "_started", "_step", "part")

    part: PartContent
    """What is decoded."""

    def __init__(
        self,
        part: PartContent,
        decoder: PartDecoder,
        step: int = _STEP,
        *,
        read: Callable[[], Awaitable[bytes]] | None = None,
    ) -> None:
        self.part = part
        self._read = read or part.readany
        self._decoder = decoder
        self._step = step
        self._failure: PayloadEncodingError | None = None
        # Nothing at all is no broken coding.
        self._started = False

    async def readany(self) -> bytes:
        """Read some of it, at least one byte; ``b""`` at the end."""
        if self._failure is not None:
            # A decoder that has failed is not to be asked again.
            raise self._failure
        try:
            return await self._decoded()
        except PayloadEncodingError as exc:
            self._failure = exc
            raise

    async def _decoded(self) -> bytes:
        decoder = self._decoder
        while True:
            data = decoder.read(self._step)
            if data:
                return data
            coded = await self._read()
            if not coded:
                if self._started:
                    self._started = False
                    decoder.finish()
                return b""
            self._started = True
            decoder.feed(coded)
