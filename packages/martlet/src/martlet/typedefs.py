"""The types of parameters, where code that was written for aiohttp looks for them."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from martlet_client_session import (
    JSONBytesEncoder,
    JSONDecoder,
    JSONEncoder,
    LooseHeaders,
    Query,
    RawHeaders,
    StrOrURL,
)
from martlet_cookiejar import LooseCookies

__all__ = [
    "Handler",
    "JSONBytesEncoder",
    "JSONDecoder",
    "JSONEncoder",
    "LooseCookies",
    "LooseHeaders",
    "Query",
    "RawHeaders",
    "StrOrURL",
]

Handler: TypeAlias = Callable[..., Awaitable[object]]
"""What answers requests on a server. There is none here: the name is for annotations only."""
