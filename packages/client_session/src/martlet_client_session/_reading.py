"""How the body of a response is read, as a session or a request has it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._response import CharsetResolver

__all__ = ["READING", "Reading"]


class Reading:
    """What a response has to know to read its body. It is not changed.

    *auto_decompress*: content codings are removed. *read_limit*: bytes that are kept while
    nobody reads. *until_eof*: a body that does not say where it ends is read to the end of the
    connection. *resolver*: names the encoding of a text that does not.
    """

    __slots__ = ("auto_decompress", "read_limit", "resolver", "until_eof")

    def __init__(
        self,
        auto_decompress: bool = True,
        read_limit: int = 262144,
        until_eof: bool = True,
        resolver: "CharsetResolver | None" = None,
    ) -> None:
        if read_limit < 0:
            raise ValueError(f"read_bufsize must not be negative: {read_limit}")
        self.auto_decompress: bool = auto_decompress
        self.read_limit: int = read_limit
        self.until_eof: bool = until_eof
        self.resolver: CharsetResolver | None = resolver

    def but(
        self, auto_decompress: bool | None, read_limit: int | None, until_eof: bool
    ) -> "Reading":
        """Give what a request wants in its place; ``None``: as here."""
        return Reading(
            self.auto_decompress if auto_decompress is None else auto_decompress,
            self.read_limit if read_limit is None else read_limit,
            until_eof,
            self.resolver,
        )


READING = Reading()
"""What a session begins with."""
