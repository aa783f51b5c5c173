"""Small things that code which was written for aiohttp imports from there."""

from martlet_client_session import BasicAuth, ETag

from ._headers_mixin import HeadersMixin
from ._strip_auth import strip_auth_from_url
from ._timer_noop import TimerNoop

__all__ = ["BasicAuth", "ETag", "HeadersMixin", "TimerNoop", "strip_auth_from_url"]
