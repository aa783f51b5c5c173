"""The connector for Unix sockets."""

import asyncio
import os

from martlet_interfaces import UNSET, Unset

from ._dialer import Dialer, StreamDialer
from ._path_connector import PathConnector
from ._unix_opener import UnixOpener

__all__ = ["UnixConnector"]


class UnixConnector(PathConnector):
    """Sends every request to the Unix socket at *path*, whatever host its URL names.

    The host still goes into Host, and with https into TLS. *conn_timeout*: how many seconds
    a new connection may take, at most. The other parameters are `BaseConnector`'s.
    """

    schemes: frozenset[str] = PathConnector.schemes | {"unix"}
    allowed_protocol_schema_set: frozenset[str] = schemes | {""}
    _place = "A Unix socket"

    def __init__(
        self,
        path: "str | os.PathLike[str]",
        force_close: bool = False,
        keepalive_timeout: float | Unset | None = UNSET,
        limit: int | None = 100,
        limit_per_host: int | None = 0,
        loop: asyncio.AbstractEventLoop | None = None,
        *,
        conn_timeout: float | None = None,
    ) -> None:
        super().__init__(path, force_close, keepalive_timeout, limit, limit_per_host, loop)
        self._dial_limit = conn_timeout

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> Dialer:
        return StreamDialer(UnixOpener(self._path), loop)
