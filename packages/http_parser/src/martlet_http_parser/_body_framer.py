"""Holding a body that is written piece by piece to what its head has announced."""

from martlet_exceptions import ClientPayloadError

from ._serialize_chunked import serialize_chunk, serialize_last_chunk
from ._serialize_fields import Fields, pairs_of

__all__ = ["BodyFramer"]


class BodyFramer:
    """Frames the body of one message (RFC 9112 section 6): `frame` each piece, then `finish`.

    *length* is what its Content-Length says, in bytes, and 0 where a message has no body;
    ``None``: its Transfer-Encoding is ``chunked``. What `until_close` makes is for a
    response that has neither. Raises `ValueError` for a negative length, `TypeError` for
    what is no integer.

    A body that is longer or shorter than was announced raises `ClientPayloadError`: the
    connection has to be aborted then, for its peer waits for the rest, or would take what
    is too much for the next message.
    """

    __slots__ = ("_chunked", "_finished", "_length", "_taken")

    def __init__(self, length: int | None) -> None:
        if length is not None:
            if isinstance(length, bool) or not isinstance(length, int):
                raise TypeError(f"The length is not an integer: {type(length).__name__}")
            if length < 0:
                raise ValueError("The length is negative")
        self._length = length
        self._chunked = length is None
        self._finished = False
        self._taken = 0

    @classmethod
    def until_close(cls) -> "BodyFramer":
        """Give one for the body of a response that ends with the connection (section 6.3)."""
        framer = cls(None)
        framer._chunked = False
        return framer

    @property
    def left(self) -> int | None:
        """How many bytes are still to come; ``None`` if only `finish` will tell."""
        return None if self._length is None else max(0, self._length - self._taken)

    @property
    def complete(self) -> bool:
        """Whether the body has come whole: it is as long as was announced, or finished."""
        return self._finished or self._taken == self._length

    def frame(self, data: "bytes | bytearray | memoryview") -> bytes:
        """Give what to write for the next piece of the body: nothing, if *data* is empty.

        Outside of chunks that is *data* itself if it is `bytes`, or else a copy, which does
        not change with it. Raises `ClientPayloadError` for more than was announced,
        `TypeError` for what is not bytes-like, `RuntimeError` after `finish`.
        """
        if self._finished:
            raise RuntimeError("The body is finished already")
        if self._chunked:
            return serialize_chunk(data)
        if type(data) is not bytes:
            data = memoryview(data).tobytes()
        if self._length is not None:
            self._taken += len(data)
            if self._taken > self._length:
                raise ClientPayloadError(
                    f"The body has at least {self._taken} bytes,"
                    f" but its Content-Length is {self._length}"
                )
        return data

    def finish(self, trailers: Fields = ()) -> bytes:
        """Give what to write at the end of the body.

        *trailers* are for a chunked body (see `serialize_last_chunk`, whose errors are
        raised); a `ValueError` for another. Raises `ClientPayloadError` if the body is not
        as long as was announced, `RuntimeError` if it is finished already.
        """
        if self._finished:
            raise RuntimeError("The body is finished already")
        if self._chunked:
            end = serialize_last_chunk(trailers)
        else:
            if pairs_of(trailers):
                raise ValueError("Only a chunked body may have trailers")
            if self._length is not None and self._taken != self._length:
                raise ClientPayloadError(
                    f"The body has {self._taken} bytes, but its Content-Length is {self._length}"
                )
            end = b""
        self._finished = True
        return end
