"""How much a peer may send before a message is refused."""

from attrs import frozen

__all__ = ["DEFAULT_LIMITS", "Limits"]


@frozen
class Limits:
    """Caps on the parts of a message, in bytes unless said otherwise.

    What exceeds one is refused with `LineTooLong` or `BadHttpMessage`
    (`TransferEncodingError` inside a chunked body), never stored further.
    """

    line: int = 65536
    """A status line, or a whole field line."""
    fields: int = 256
    """Field lines in a head, and field lines in a trailer section (a count)."""
    head: int = 262144
    """A head; also all chunk extensions of a body together, and a trailer section."""
    chunk_line: int = 8192
    """The line that opens a chunk, with its extensions."""
    interim: int = 64
    """Responses with a 1xx status before the final one (a count)."""


DEFAULT_LIMITS = Limits()
