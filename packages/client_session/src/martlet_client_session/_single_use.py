"""A session for one call, and the connector that goes with it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from martlet_interfaces import Connector, HttpVersion, HttpVersion11

from ._session import ClientSession

__all__ = ["asked_once"]

T = TypeVar("T")


async def asked_once(
    ask: Callable[[ClientSession], Awaitable[T]],
    connector: Connector | None,
    loop: asyncio.AbstractEventLoop | None,
    version: HttpVersion = HttpVersion11,
) -> tuple[T, Connector | None]:
    """Have *ask* use a session that nobody else has; give what it gives.

    With it comes the connector, if none was given. It has to live as long as what was asked for:
    dropped earlier, it would close the connection of that.
    """
    own = None
    if connector is None:
        from ._defaults import single_use_connector

        connector = own = single_use_connector()
    session = ClientSession(
        connector=connector, connector_owner=own is not None, version=version, loop=loop
    )
    try:
        answer = await ask(session)
    except BaseException:
        await session.close()
        raise
    session.detach()
    return answer, own
