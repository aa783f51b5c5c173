"""How much a peer may send."""

from typing import Final

# As in aiohttp.
MAX_MSG_SIZE: Final = 4 * 1024 * 1024
# Fragments below this size are counted, and more than so many are too many: they keep the receiver
# busy and bring nothing. A message of 4 MiB may come in pieces of 64 octets, and an empty last one.
SMALL_FRAGMENT: Final = 1024
MAX_SMALL_FRAGMENTS: Final = 70_000
# PINGs that come together and are each answered; of those beyond, only the last (5.5.3).
MAX_PONGS: Final = 64
