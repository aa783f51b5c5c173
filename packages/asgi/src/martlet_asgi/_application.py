"""What an ASGI application is, for annotations."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias

__all__ = ["ASGIApplication", "Message", "Receive", "Scope", "Send"]

Scope: TypeAlias = MutableMapping[str, Any]
"""What a call of an application is about."""
Message: TypeAlias = MutableMapping[str, Any]
"""One event, to the application or from it."""
Receive: TypeAlias = Callable[[], Awaitable[Message]]
"""Gives the application its next event."""
Send: TypeAlias = Callable[[Message], Awaitable[None]]
"""Takes an event of the application's."""

# Frameworks and asgiref each have types of their own for the three, which no type but this fits.
ASGIApplication: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI 3 application: takes a scope, ``receive`` and ``send``."""
