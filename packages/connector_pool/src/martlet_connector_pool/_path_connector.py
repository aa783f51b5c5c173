"""What connectors to one place of this machine have in common."""

import asyncio
import os
from typing import TYPE_CHECKING, ClassVar

from martlet_interfaces import UNSET, Unset

from ._base_connector import BaseConnector

if TYPE_CHECKING:
    from martlet_interfaces import ConnectionKey

__all__ = ["PathConnector"]


class PathConnector(BaseConnector):
    """Sends every request to what is at *path*, whatever host its URL names.

    There is no way through a proxy: a request that asks for one is a `ValueError`; a session does
    not ask for those of the environment. The other parameters are `BaseConnector`'s.
    """

    uses_proxies = False

    _place: ClassVar[str]
    """What is at the path, for errors."""

    def __init__(
        self,
        path: "str | os.PathLike[str]",
        force_close: bool = False,
        keepalive_timeout: float | Unset | None = UNSET,
        limit: int | None = 100,
        limit_per_host: int | None = 0,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(
            force_close=force_close,
            keepalive_timeout=keepalive_timeout,
            limit=limit,
            limit_per_host=limit_per_host,
            loop=loop,
        )
        self._path = os.fspath(path)

    @property
    def path(self) -> str:
        """Where it is."""
        return self._path

    def _default_key(self, key: "ConnectionKey") -> "ConnectionKey":
        if key.proxy is not None:
            raise ValueError(f"{self._place} is not reached through a proxy")
        return key
