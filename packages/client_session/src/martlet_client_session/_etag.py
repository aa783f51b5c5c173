"""The value of an ETag field."""

from attrs import frozen

__all__ = ["ETag"]


@frozen
class ETag:
    """An entity tag (RFC 9110 section 8.8.3).

    The weak one and the strong one of the same value are not equal.
    """

    value: str
    """What stands between the quotes."""
    is_weak: bool = False
    """Whether ``W/`` stands before them."""
