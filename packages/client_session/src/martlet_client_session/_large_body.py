"""Where a large body is gathered, when its length is known beforehand.

Most of what it costs to receive 100 MB is not to copy them but to fault in 25,000 small
pages to hold them. So the room is reserved in one piece, and Linux is asked to back it
with large pages. Nothing is filled before it arrives: a peer that announces more than it
sends takes no memory.
"""

import sys
from io import BytesIO
from typing import Final

__all__ = ["LARGE", "room_for"]

LARGE: Final = 8 * 1024 * 1024
"""From how many bytes on this is worth the while."""

# A length that is larger than this is more likely a lie, or will not fit anyway.
_TOO_LARGE: Final = 1024 * 1024 * 1024
_HUGE_PAGE: Final = 2 * 1024 * 1024
_MADV_HUGEPAGE: Final = 14


def room_for(size: int) -> BytesIO:
    """Make an empty buffer that can take *size* bytes without growing."""
    if size > _TOO_LARGE:
        return BytesIO()
    # Zeroed memory is mapped, not written; and as nobody else holds these bytes, the
    # buffer writes into them, and gives them away at the end, without making a copy.
    try:
        room = BytesIO(bytes(size))
    except MemoryError:
        return BytesIO()
    if sys.platform == "linux":
        _ask_for_huge_pages(room, size)
    return room


def _ask_for_huge_pages(room: BytesIO, size: int) -> None:
    try:
        import ctypes  # here, because few programs ever read so much at once

        madvise = ctypes.CDLL(None).madvise
    except (ImportError, OSError, AttributeError):
        return
    with room.getbuffer() as view:
        anchor = ctypes.c_char.from_buffer(view)
        start = ctypes.addressof(anchor)
        del anchor  # it would keep the view, and with it the buffer, locked
    first = -(-start // _HUGE_PAGE) * _HUGE_PAGE
    last = (start + size) // _HUGE_PAGE * _HUGE_PAGE
    if last > first:
        # Advice: whether it is taken makes no difference but in time.
        madvise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _MADV_HUGEPAGE)
