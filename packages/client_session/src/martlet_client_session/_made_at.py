"""Where in the program an object has been made, for the warning that it was not closed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["made_at"]


def made_at(made: object, frame: "FrameType | None") -> tuple[str, int]:
    """Give the file and the line that *made* is made in; *frame* is that of its ``__init__``.

    Methods of *made* itself, such as the ``__init__`` of a subclass, are not what made it.
    """
    while frame is not None and frame.f_back is not None and _is_method_of(made, frame):
        frame = frame.f_back
    return ("<unknown>", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def _is_method_of(made: object, frame: "FrameType") -> bool:
    code = frame.f_code
    return code.co_argcount > 0 and frame.f_locals.get(code.co_varnames[0]) is made
