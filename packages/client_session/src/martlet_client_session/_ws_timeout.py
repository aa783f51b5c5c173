"""How long a WebSocket may take."""

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = ["ClientWSTimeout"]


@frozen
class ClientWSTimeout:
    """The limits on a WebSocket, in seconds; ``None``: none.

    Raises `TypeError` for what is no number, `ValueError` for a negative one.
    """

    ws_receive: float | None = field(default=None)
    """Until a message has come that is waited for."""
    ws_close: float | None = field(default=10.0)
    """Until the peer has answered a close, or has closed the connection."""

    @ws_receive.validator
    @ws_close.validator
    def _is_limit(self, attribute: "Attribute[float | None]", value: float | None) -> None:
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(
                f"{attribute.name} must be a number of seconds or None, not {type(value).__name__}"
            )
        if not value >= 0:
            raise ValueError(f"{attribute.name} must not be negative: {value}")
