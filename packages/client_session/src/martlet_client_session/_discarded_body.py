"""A body that nobody wants."""

__all__ = ["DiscardedBody"]


class DiscardedBody:
    """Takes what comes, and keeps nothing of it (`martlet_interfaces.BodySink`)."""

    __slots__ = ()

    def feed(self, data: bytes, /) -> None:
        """Pass over a piece."""

    def eof(self) -> None:
        """Pass over the end."""

    def fail(self, exc: BaseException, /) -> None:
        """Pass over a failure."""
