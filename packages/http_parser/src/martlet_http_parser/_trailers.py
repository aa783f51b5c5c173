"""The trailer section of a chunked body (RFC 9112 section 7.1.2), read line by line.

Nothing is accepted that is not well-formed: a reader of another opinion would see the
message end elsewhere. What is waiting is looked at once, however slowly it comes.
"""

from typing import Final

from martlet_exceptions import InvalidHeader, TransferEncodingError

from ._head import read_field_line
from ._limits import Limits

__all__ = ["TrailerSection"]

_FRAMING_FIELDS: Final = frozenset({"content-length", "transfer-encoding", "host", "trailer"})


class TrailerSection:
    """Takes the bytes after the last chunk, and gives `fields`."""

    __slots__ = ("_limits", "_line", "_size", "fields")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._line = bytearray()
        self._size = 0
        self.fields: list[tuple[str, str]] = []

    def feed(self, data: bytes, at: int) -> int:
        """Read *data* from *at* on; return where in it the section ends, or -1.

        Raises `TransferEncodingError` for what is not well-formed.
        """
        line = self._line
        while True:
            end = data.find(b"\n", at) + 1
            line += data[at : end or None]
            if self._size + len(line) > self._limits.head:
                raise TransferEncodingError(
                    f"The trailer section exceeds {self._limits.head} bytes"
                )
            if not end:
                return -1
            if line == b"\r\n":
                return end
            self._add(bytes(line))
            self._size += len(line)
            line.clear()
            at = end

    def _add(self, line: bytes) -> None:
        excerpt = line[:100]
        if not line.endswith(b"\r\n") or line.startswith((b" ", b"\t")):
            raise TransferEncodingError(
                "The trailer section has a lone LF or a folded line", excerpt=excerpt
            )
        if len(line) - 2 > self._limits.line:
            raise TransferEncodingError(
                f"A field line of the trailer section is longer than {self._limits.line} bytes",
                excerpt=excerpt,
            )
        if len(self.fields) >= self._limits.fields:
            raise TransferEncodingError(
                f"More than {self._limits.fields} fields in the trailer section"
            )
        try:
            name, value = read_field_line(line[:-2], 0)
        except InvalidHeader as exc:
            raise TransferEncodingError(
                f"In the trailer section: {exc.message}", excerpt=excerpt
            ) from exc
        if name.lower() in _FRAMING_FIELDS:
            raise TransferEncodingError(f"{name} is not allowed in a trailer section")
        self.fields.append((name, value))
