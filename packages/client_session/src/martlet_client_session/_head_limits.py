"""How large the head of a response may be, from what the caller gives."""

from typing import TYPE_CHECKING

from attrs import evolve

if TYPE_CHECKING:
    from martlet_interfaces import HeadLimits

__all__ = ["head_limits"]


def head_limits(
    default: "HeadLimits | None",
    max_line_size: int | None,
    max_field_size: int | None,
    max_headers: int | None,
) -> "HeadLimits | None":
    """Give *default* with what is not ``None`` in its place; ``None``: the connector's own.

    Raises `TypeError` for what is no number, `ValueError` for a negative one.
    """
    _check("max_line_size", max_line_size)
    _check("max_field_size", max_field_size)
    _check("max_headers", max_headers)
    given = {"line": max_line_size, "field": max_field_size, "fields": max_headers}
    changes = {name: limit for name, limit in given.items() if limit is not None}
    if not changes:
        return default
    from martlet_interfaces import HeadLimits

    return HeadLimits(**changes) if default is None else evolve(default, **changes)


def _check(name: str, limit: object) -> None:
    if limit is None:
        return
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise TypeError(f"{name} must be an int, not {type(limit).__name__}")
    if limit < 0:
        raise ValueError(f"{name} must not be negative: {limit}")
