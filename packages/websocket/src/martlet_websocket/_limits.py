"""How much a peer may send."""

from typing import Final

# As in aiohttp.
MAX_MSG_SIZE: Final = 4 * 1024 * 1024
# Fragments below this size are counted, and this many are too many: they keep the receiver busy
# and bring nothing.
SMALL_FRAGMENT: Final = 1024
MAX_SMALL_FRAGMENTS: Final = 65_536
