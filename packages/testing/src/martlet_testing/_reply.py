"""What a route may be given to answer with, and how it becomes an answer."""

import inspect
from collections.abc import Awaitable, Callable

from ._answer import Answer
from ._fault import Fault
from ._seen_request import SeenRequest

__all__ = ["Handler", "Outcome", "Reply", "checked_reply", "outcome_of"]

Outcome = Answer | Fault
"""What comes of a request."""
Result = Answer | Fault | Exception
"""What a handler may return; an exception is raised."""
Handler = Callable[[SeenRequest], Result | Awaitable[Result]]
"""A function or a coroutine function, from the request to what comes of it."""
Reply = Answer | Fault | Exception | type[Exception] | Handler
"""An answer, a fault, an exception to raise, or who says which."""


def checked_reply(reply: Reply) -> Reply:
    """Give *reply*. Raises `TypeError` for what is none."""
    if isinstance(reply, type) and not issubclass(reply, Exception):
        raise TypeError(f"{reply.__name__} is no answer: give an instance")
    if not isinstance(reply, Answer | Fault | Exception) and not callable(reply):
        raise TypeError(
            "A route answers with an Answer, a Fault, an exception or a function,"
            f" not with a {type(reply).__name__}"
        )
    return reply


async def outcome_of(reply: Reply, request: SeenRequest) -> Outcome:
    """Give what comes of *request*.

    Raises the exception that *reply* is, or that its function returns or raises; `TypeError` for a
    function that gives something else.
    """
    if isinstance(reply, Answer | Fault):
        return reply
    if isinstance(reply, Exception | type):
        raise reply
    result = reply(request)
    if inspect.isawaitable(result):
        result = await result
    if isinstance(result, Exception):
        raise result
    if isinstance(result, Answer | Fault):
        return result
    raise TypeError(
        f"The handler of {request} returned a {type(result).__name__}: return an Answer, a Fault"
        " or an exception"
    )
