"""The connector for named pipes of Windows."""

import asyncio

from ._dialer import Dialer, StreamDialer
from ._path_connector import PathConnector
from ._pipe_opener import PipeOpener, check_pipes

__all__ = ["NamedPipeConnector"]


class NamedPipeConnector(PathConnector):
    r"""Sends every request to the named pipe at *path* (``\\.\pipe\name``), on Windows.

    Only asyncio's proactor loop can do that; on any other the first request raises
    `RuntimeError`. The other parameters are `BaseConnector`'s.
    """

    schemes: frozenset[str] = PathConnector.schemes | {"npipe"}
    allowed_protocol_schema_set: frozenset[str] = schemes | {""}
    _place = "A named pipe"

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> Dialer:
        check_pipes(loop)
        return StreamDialer(PipeOpener(self._path), loop)
