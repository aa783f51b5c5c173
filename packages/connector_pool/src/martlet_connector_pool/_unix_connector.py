"""The connector for Unix sockets."""

import asyncio
import os
from typing import TYPE_CHECKING

from martlet_interfaces import UNSET, Unset

from ._base_connector import BaseConnector
from ._dialer import Dialer, StreamDialer
from ._unix_opener import UnixOpener

if TYPE_CHECKING:
    from martlet_interfaces import ConnectionKey

__all__ = ["UnixConnector"]


class UnixConnector(BaseConnector):
    """Sends every request to the Unix socket at *path*, whatever host its URL names.

    The host still goes into Host, and with https into TLS. *conn_timeout*: how many seconds
    a new connection may take, at most. The other parameters are `BaseConnector`'s.
    """

    schemes = BaseConnector.schemes | {"unix"}
    allowed_protocol_schema_set = BaseConnector.allowed_protocol_schema_set | {"unix"}

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
        super().__init__(
            force_close=force_close,
            keepalive_timeout=keepalive_timeout,
            limit=limit,
            limit_per_host=limit_per_host,
            loop=loop,
        )
        self._path = os.fspath(path)
        self._dial_limit = conn_timeout

    @property
    def path(self) -> str:
        """Where the socket is."""
        return self._path

    def _default_key(self, key: "ConnectionKey") -> "ConnectionKey":
        if key.proxy is not None:
            raise ValueError("A Unix socket is not reached through a proxy")
        return key

    def _dialer(self, loop: asyncio.AbstractEventLoop) -> Dialer:
        return StreamDialer(UnixOpener(self._path), loop)
