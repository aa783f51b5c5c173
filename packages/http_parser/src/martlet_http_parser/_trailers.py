"""The trailer section of a chunked body (RFC 9112 section 7.1.2), read line by line.

Nothing is accepted that is not well-formed: a reader of another opinion would see the
message end elsewhere. What is waiting is looked at once, however slowly it comes.
"""

from typing import Final

from martlet_exceptions import InvalidHeader, TransferEncodingError

from ._field_lines import read_field_line
from ._limits import Limits

__all__ = ["FRAMING_FIELDS", "TrailerSection"]

FRAMING_FIELDS: Final = frozenset({"content-length", "transfer-encoding", "host", "trailer"})
"""What has no place in a trailer section, lower-cased (RFC 9110 section 6.5.1)."""


class TrailerSection:
    """Takes the bytes after the last chunk, and gives `fields`.

    *offset* is where in its message the section begins.
    """

    __slots__ = ("_limits", "_line", "_offset", "_size", "fields")

    def __init__(self, limits: Limits, *, offset: int = 0) -> None:
        self._limits = limits
        self._offset = offset
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
            if self._size + len(line) > self._limits.trailers:
                raise TransferEncodingError(
                    f"The trailer section exceeds {self._limits.trailers} bytes",
                    offset=self._offset,
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
        if not line.endswith(b"\r\n") or line.startswith((b" ", b"\t")):
            raise self._error("The trailer section has a lone LF or a folded line", line)
        if len(line) - 2 > self._limits.field:
            raise self._error(
                f"A field line of the trailer section is longer than {self._limits.field} bytes",
                line,
            )
        if len(self.fields) >= self._limits.fields:
            raise self._error(f"More than {self._limits.fields} fields in the trailer section", b"")
        try:
            name, value = read_field_line(line[:-2], 0)
        except InvalidHeader as exc:
            raise self._error(f"In the trailer section: {exc.message}", line) from exc
        if name.lower() in FRAMING_FIELDS:
            raise self._error(f"{name} is not allowed in a trailer section", b"")
        self.fields.append((name, value))

    def _error(self, what: str, line: bytes) -> TransferEncodingError:
        return TransferEncodingError(what, offset=self._offset + self._size, excerpt=line[:100])
