"""What a verb returns: to be awaited, or entered."""

from collections.abc import Coroutine
from typing import Any

from ._call_context import CallContext
from ._response import ClientResponse

__all__ = ["RequestContext"]


class RequestContext(CallContext[ClientResponse]):
    """A request that has not begun: ``await`` it, or ``async with`` it to have the
    response released at the end. It can be used once, and be made a task of.
    """

    __slots__ = ()

    def __aexit__(self, *_exc: object) -> Coroutine[Any, Any, None]:
        # At once, so there is no coroutine to make.
        return self._result.release()
