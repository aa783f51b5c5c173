"""The connector for named pipes of Windows."""

import asyncio
from typing import TYPE_CHECKING

from martlet_interfaces import UNSET, Unset

from ._base_connector import BaseConnector
from ._dialer import Dialer, StreamDialer
from ._pipe_opener import PipeOpener, check_pipes

if TYPE_CHECKING:
    from martlet_interfaces import ConnectionKey

__all__ = ["NamedPipeConnector"]


class NamedPipeConnector(BaseConnector):
    r"""Sends every request to the named pipe at *path* (``\\.\pipe\name``), on Windows.

    Only asyncio's proactor loop can do that; on any other the first request raises
    `RuntimeError`. The other parameters are `BaseConnector`'s.
    """

    schemes = BaseConnector.schemes | {"npipe"}
    allowed_protocol_schema_set = BaseConnector.allowed_protocol_schema_set | {"npipe"}

    def __init__(
        self,
        path: str,
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
        self._path = path

    @property
    def path(self) -> str:
        """Where the pipe is."""
        return self._path

    def _default_key(self, key: "ConnectionKey") -> "ConnectionKey":
        if key.proxy is not None:
            raise ValueError("A named pipe is not reached through a proxy")
        return key

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> Dialer:
        check_pipes(loop)
        return StreamDialer(PipeOpener(self._path), loop)
