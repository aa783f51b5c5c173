"""How much a peer may send before a message is refused."""

import attrs
from attrs import Attribute, frozen

__all__ = ["DEFAULT_LIMITS", "Limits", "check_limits"]


def _check(_limits: "Limits", attribute: "Attribute[int]", value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"Limits.{attribute.name} is not an int: {value!r:.100}")
    if value < 0:
        raise ValueError(f"Limits.{attribute.name} is negative: {value}")


@frozen(kw_only=True)
class Limits:
    """Caps on the parts of a message, in bytes unless said otherwise.

    What exceeds one is refused with `LineTooLong` or `BadHttpMessage`
    (`TransferEncodingError` inside a chunked body), never stored further. A cap that is
    no integer is a `TypeError`, a negative one a `ValueError`.
    """

    line: int = attrs.field(default=65536, validator=_check)
    """A status line or a request line."""
    field: int = attrs.field(default=65536, validator=_check)
    """A field line, also of a trailer section; a field with all its folds."""
    fields: int = attrs.field(default=256, validator=_check)
    """Field lines in a head, and field lines in a trailer section (a count)."""
    head: int = attrs.field(default=262144, validator=_check)
    """A head; also all size lines with extensions of one chunked body together."""
    chunk_line: int = attrs.field(default=8192, validator=_check)
    """The line that opens a chunk, with its extensions and its end."""
    trailers: int = attrs.field(default=262144, validator=_check)
    """A trailer section."""
    interim: int = attrs.field(default=64, validator=_check)
    """Responses with a 1xx status before the final one (a count)."""


DEFAULT_LIMITS = Limits()


def check_limits(limits: object) -> None:
    """Raise `TypeError` for what is no `Limits`."""
    if not isinstance(limits, Limits):
        raise TypeError(f"limits is no Limits: {limits!r:.100}")
