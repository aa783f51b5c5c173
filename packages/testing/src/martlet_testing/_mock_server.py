"""The routes of a mock behind a real socket on the loopback interface."""

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, Self

from yarl import URL

from ._router import Router
from ._server_connection import ServerConnection

if TYPE_CHECKING:
    from ssl import SSLContext

__all__ = ["MockServer"]


class MockServer(Router):
    """An HTTP/1.1 server on 127.0.0.1, with routes and answers as `MockConnector` has them.

    Handlers run in the event loop that it was started in. Routes are best given as paths. A request
    without a route is answered with 404 and a text that says what the nearest routes are; what a
    handler raises is in `failures`, and answered with 500. A `Fault` REFUSED is the same as
    DISCONNECT here.

    Args:
        ssl: A server's context; with it, `url` is https.

    Used in ``async with``, it is started and closed.
    """

    def __init__(self, *, ssl: "SSLContext | None" = None) -> None:
        super().__init__()
        self._ssl = ssl
        self._server: asyncio.Server | None = None
        self._url: URL | None = None
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def __repr__(self) -> str:
        state = "not started" if self._url is None else self._url
        return f"<{type(self).__name__} {state}>"

    @property
    def url(self) -> URL:
        """Where it is, without a path. Raises `RuntimeError` before `start`."""
        if self._url is None:
            raise RuntimeError("The server has not been started: use it in `async with`")
        return self._url

    async def start(self) -> None:
        """Listen, on a port that the system chooses. Raises `RuntimeError` the second time."""
        if self._url is not None:
            raise RuntimeError("The server has been started already")
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._ssl)
        port = self._server.sockets[0].getsockname()[1]
        scheme = "http" if self._ssl is None else "https"
        self._url = URL.build(scheme=scheme, host="127.0.0.1", port=port)

    async def close(self) -> None:
        """Stop listening, and cut all connections. It may be repeated."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        tasks = list(self._tasks)
        for task, writer in self._tasks.items():
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = ServerConnection(reader, writer, self.url, self.outcome, self.failures.append)
        task = asyncio.get_running_loop().create_task(connection.serve())
        self._tasks[task] = writer
        task.add_done_callback(self._tasks.pop)
