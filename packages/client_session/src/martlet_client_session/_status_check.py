"""Raising for statuses that a session or a request does not want."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ._response import ClientResponse

__all__ = ["StatusCheck", "check_status"]

StatusCheck: TypeAlias = "bool | Callable[[ClientResponse], Awaitable[None]]"
"""Whether a status of 400 and above is raised; or what is asked about each response."""


async def check_status(response: "ClientResponse", check: StatusCheck) -> None:
    """Raise what *check* has to say of *response*, which is given up then."""
    if not callable(check):
        if check and response.status >= 400:
            try:
                response.raise_for_status()
            finally:
                response.release()
        return
    try:
        await check(response)
    except BaseException:
        response.close()
        raise
