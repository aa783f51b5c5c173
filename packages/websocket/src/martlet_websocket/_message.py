"""One message, as it is given to the user."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from ._message_type import WSMsgType


class WSMessage(NamedTuple):
    """A message or an event; a tuple of ``type``, ``data`` and ``extra``.

    ============  ==================================================  ====================
    type          data                                                extra
    ============  ==================================================  ====================
    TEXT          ``str`` (``bytes`` if text is not decoded)          ``""``
    BINARY        ``bytes``                                           ``""``
    PING, PONG    ``bytes``                                           ``""``
    CLOSE         the code, an ``int``; 0 if the frame has none       the reason, a ``str``
    ERROR         the exception                                       ``None``
    CLOSING       ``None``                                            ``None``
    CLOSED        ``None``                                            ``None``
    ============  ==================================================  ====================
    """

    type: WSMsgType
    data: Any  # depends on the type
    extra: str | None

    def json(self, *, loads: Callable[[Any], Any] = json.loads) -> Any:
        """Parse the data as JSON.

        Args:
            loads: The parser, called with the data.

        Raises:
            ValueError: By the default parser, if it is no JSON.
            TypeError: By the default parser, if the message is not text or binary.
        """
        return loads(self.data)
