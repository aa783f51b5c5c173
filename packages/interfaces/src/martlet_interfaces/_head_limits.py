"""How large the head of a response may be."""

from attrs import frozen

__all__ = ["HeadLimits"]


@frozen
class HeadLimits:
    """Caps on the head of one response, where a request wants others than the connector's.

    ``None``: the connector's own. What exceeds one is a `ClientResponseError`.
    """

    line: int | None = None
    """Bytes of the status line."""
    field: int | None = None
    """Bytes of one field line."""
    fields: int | None = None
    """How many field lines."""
