"""Finds what is not UTF-8 in a text that comes in pieces, at the piece where it is."""

from codecs import utf_8_decode


class Utf8Check:
    """Checks one text; pieces may end within a character.

    ``UnicodeDecodeError`` says that the text is none.
    """

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        self._begun = b""  # a character whose end has not come, three octets at most

    def add(self, piece: bytes) -> None:
        """Check the next piece."""
        if not self._begun and piece.isascii():
            return
        data = self._begun + piece
        self._begun = data[utf_8_decode(data, "strict", False)[1] :]

    def finish(self) -> None:
        """Check that the last character is complete, and be ready for the next text."""
        begun, self._begun = self._begun, b""
        begun.decode()
