"""What HTTP fixes, where code that was written for aiohttp looks for it."""

import sys
from http import HTTPStatus
from typing import Final

from martlet_exceptions import HttpProcessingError
from martlet_interfaces import HttpVersion, HttpVersion10, HttpVersion11
from martlet_websocket import WebSocketError, WSCloseCode, WSMessage, WSMsgType

from . import __version__ as _version

__all__ = [
    "RESPONSES",
    "SERVER_SOFTWARE",
    "HttpProcessingError",
    "HttpVersion",
    "HttpVersion10",
    "HttpVersion11",
    "WSCloseCode",
    "WSMessage",
    "WSMsgType",
    "WebSocketError",
]

RESPONSES: Final = {int(status): (status.phrase, status.description) for status in HTTPStatus}
"""What Python says of each status: its phrase, and a longer text."""

SERVER_SOFTWARE: Final = f"Python/{sys.version_info[0]}.{sys.version_info[1]} martlet/{_version}"
"""What this is called on the wire."""
