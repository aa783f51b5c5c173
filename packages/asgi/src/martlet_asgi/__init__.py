"""A connector that calls an ASGI application in the same process."""

from ._application import ASGIApplication, Message, Receive, Scope, Send
from ._connector import ASGIConnector
from ._errors import ApplicationError, LifespanError

__all__ = [
    "ASGIApplication",
    "ASGIConnector",
    "ApplicationError",
    "LifespanError",
    "Message",
    "Receive",
    "Scope",
    "Send",
]

__version__ = "0.1.0"
