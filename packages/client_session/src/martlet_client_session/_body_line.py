"""What a body is read by, when it is read line by line."""

from martlet_exceptions import ClientPayloadError, LineTooLong

__all__ = ["BodyLineTooLong", "checked_separator"]


class BodyLineTooLong(LineTooLong, ClientPayloadError, ValueError):  # noqa: N818  # as its base
    """A line of a body, or what goes up to another separator, is longer than is wanted.

    Attributes as in `BadHttpMessage`; `excerpt` holds the line's first 100 bytes.
    """


def checked_separator(separator: object) -> bytes:
    """Give *separator* as bytes; raises `TypeError`, and `ValueError` if it is empty."""
    if not isinstance(separator, bytes | bytearray | memoryview):
        raise TypeError(f"The separator cannot be {type(separator).__name__}: give bytes")
    if not separator:
        raise ValueError("The separator is empty: give at least one byte")
    return bytes(separator)
