"""The categories of two warnings that aiohttp gives, for programs that filter them."""

__all__ = ["BadContentDispositionHeader", "BadContentDispositionParam"]


class BadContentDispositionHeader(RuntimeWarning):
    """A malformed Content-Disposition: here it is read as far as it goes, without a warning."""


class BadContentDispositionParam(RuntimeWarning):
    """A malformed parameter of one: here it is passed over, without a warning."""
