"""What content codings are made of (RFC 9110 section 8.4): their names, and the two duties."""

from typing import Final, Protocol

__all__ = ["MAX_CODINGS", "ContentDecoder", "ContentEncoder", "named_codings"]

MAX_CODINGS: Final = 5
"""How many codings may be applied to one body."""


class ContentDecoder(Protocol):
    """Removes one content coding, or a chain of them, a bounded step at a time.

    A few bytes can inflate to gigabytes, so a decoder never gives more than it is asked
    for: it keeps what it has not looked at yet, and the caller comes back for more. Call
    `feed`, then `read` until it gives ``b""``, and so on; then `finish`. After an error
    nothing more is to be called.
    """

    def feed(self, data: bytes, /) -> None:
        """Add *data*, which is not empty, to what is to be decoded."""
        ...

    def read(self, size: int, /) -> bytes:
        """Decode up to *size* bytes, at least 1; ``b""`` when more has to be fed first.

        Raises `ContentEncodingError` for what is not in the coding.
        """
        ...

    def finish(self) -> None:
        """Learn that nothing more will be fed, after `read` gave ``b""``.

        Raises `ContentEncodingError` if the coding has not come to its end.
        """
        ...


class ContentEncoder(Protocol):
    """Applies one content coding, or a chain of them, to a body that comes in pieces.

    After `finish` nothing more is to be called: each method raises `RuntimeError` then.
    """

    def encode(self, data: bytes | bytearray | memoryview, /) -> bytes:
        """Encode *data*, and give what is ready: perhaps nothing yet.

        *data* is taken as its bytes; that of a memoryview has to be contiguous (`TypeError`).
        """
        ...

    def flush(self) -> bytes:
        """Give all that is needed for the peer to decode what has been encoded so far.

        It costs some bytes each time.
        """
        ...

    def finish(self) -> bytes:
        """Give what is left, and the end of the coding."""
        ...


def named_codings(field: str) -> list[str]:
    """Take a Content-Encoding *field* apart: lower-case names, in the order applied.

    ``identity``, which is no coding, and empty elements are left out (RFC 9110
    sections 5.6.1.2 and 8.4.1).
    """
    codings = [coding.strip(" \t").lower() for coding in field.split(",")]
    return [coding for coding in codings if coding not in ("", "identity")]
