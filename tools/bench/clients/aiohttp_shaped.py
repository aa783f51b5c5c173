"""A client with aiohttp's client API: aiohttp itself and martlet."""

import asyncio
import importlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from .shape import BadAnswerError, FilePart, Plan


class AiohttpShaped:
    """The client of one module with aiohttp's names."""

    def __init__(self, module: str) -> None:
        self._module: Any = importlib.import_module(module)
        self._session: Any = None
        self._traced: Counter[str] | None = None
        self._sockets: list[Any] = []

    async def open(self, plan: Plan) -> None:
        """Make the session."""
        options: dict[str, Any] = {"limit": plan.limit, "force_close": plan.fresh}
        if plan.authority is not None:
            options["ssl"] = plan.context()
        connector = self._module.TCPConnector(**options)
        given: dict[str, Any] = {}
        if plan.cookies:
            given["cookie_jar"] = self._module.CookieJar(unsafe=True)
        if plan.traced:
            given["trace_configs"] = [self._trace_config()]
        self._session = self._module.ClientSession(connector=connector, **given)

    def _trace_config(self) -> Any:
        counted = self._traced = Counter[str]()
        config = self._module.TraceConfig()

        async def on_request_start(session: Any, context: Any, params: Any) -> None:
            counted["begun"] += 1

        async def on_request_end(session: Any, context: Any, params: Any) -> None:
            counted["ended"] += 1

        async def on_connection_reuseconn(session: Any, context: Any, params: Any) -> None:
            counted["reused"] += 1

        config.on_request_start.append(on_request_start)
        config.on_request_end.append(on_request_end)
        config.on_connection_reuseconn.append(on_connection_reuseconn)
        return config

    async def close(self) -> None:
        """Close the session and its connections."""
        await asyncio.gather(*(socket.close() for socket in self._sockets))
        await self._session.close()
        counted = self._traced
        if counted is not None and not 0 < counted["reused"] < counted["begun"] == counted["ended"]:
            raise BadAnswerError(f"the signals were sent so often: {dict(counted)}")

    async def get(self, urls: Iterator[str]) -> int:
        """GET every URL."""
        session, size = self._session, 0
        for url in urls:
            async with session.get(url) as response:
                size += len(await response.read())
                if response.status != 200:
                    raise BadAnswerError(response.status)
        return size

    async def get_json(
        self, urls: Iterator[str], params: dict[str, str | int], headers: dict[str, str]
    ) -> int:
        """GET every URL with parameters and headers, by json(); the members of all objects."""
        session, size = self._session, 0
        for url in urls:
            async with session.get(url, params=params, headers=headers) as response:
                if response.status != 200:
                    raise BadAnswerError(response.status)
                size += len(await response.json())
        return size

    async def post(self, urls: Iterator[str], payload: dict[str, Any]) -> int:
        """POST a payload as JSON to every URL."""
        session, size = self._session, 0
        for url in urls:
            async with session.post(url, json=payload) as response:
                size += len(await response.read())
                if response.status != 200:
                    raise BadAnswerError(response.status)
        return size

    async def stream(self, urls: Iterator[str], chunk: int) -> int:
        """GET every URL by chunks."""
        session, size = self._session, 0
        for url in urls:
            async with session.get(url) as response:
                async for part in response.content.iter_chunked(chunk):
                    size += len(part)
                if response.status != 200:
                    raise BadAnswerError(response.status)
        return size

    async def post_file(self, urls: Iterator[str], path: str) -> int:
        """POST a file, opened anew for each, to every URL."""
        session, size = self._session, 0
        for url in urls:
            with Path(path).open("rb") as file:  # noqa: ASYNC230 - as every manual does it
                async with session.post(url, data=file) as response:
                    size += len(await response.read())
                    if response.status != 200:
                        raise BadAnswerError(response.status)
        return size

    async def post_form(self, urls: Iterator[str], fields: dict[str, str]) -> int:
        """POST fields, urlencoded, to every URL."""
        session, size = self._session, 0
        for url in urls:
            async with session.post(url, data=fields) as response:
                size += len(await response.read())
                if response.status != 200:
                    raise BadAnswerError(response.status)
        return size

    async def post_parts(self, urls: Iterator[str], fields: dict[str, str], file: FilePart) -> int:
        """POST fields and a file as multipart/form-data to every URL."""
        session, form_data, size = self._session, self._module.FormData, 0
        for url in urls:
            form = form_data()
            for name, value in fields.items():
                form.add_field(name, value)
            form.add_field(
                file.name, file.content, filename=file.filename, content_type=file.content_type
            )
            async with session.post(url, data=form) as response:
                size += len(await response.read())
                if response.status != 200:
                    raise BadAnswerError(response.status)
        return size

    async def chunks(self, urls: Iterator[str]) -> int:
        """GET every URL by the chunks that its server sent."""
        session, size = self._session, 0
        for url in urls:
            async with session.get(url) as response:
                async for part, _ in response.content.iter_chunks():
                    size += len(part)
                if response.status != 200:
                    raise BadAnswerError(response.status)
        return size

    async def connect(self, url: str, *, compress: bool) -> None:
        """Open the socket of `echo`."""
        options = {"compress": 15} if compress else {}
        self._sockets.append(await self._session.ws_connect(url, **options))

    async def echo(self, messages: Iterator[str | bytes], flying: int, *, text: bool) -> int:
        """Have messages sent back, with so many at once; the length of all."""
        socket, size, got, message = self._sockets[0], 0, None, None
        send = socket.send_str if text else socket.send_bytes
        receive = socket.receive_str if text else socket.receive_bytes
        first = list(islice(messages, flying))
        for message in first:
            await send(message)
        for message in messages:
            got = await receive()
            size += len(got)
            await send(message)
        for _ in first:
            got = await receive()
            size += len(got)
        if got != message:
            raise BadAnswerError(got)
        return size

    async def rest(self, url: str, count: int, at_once: int) -> None:
        """Open sockets and keep them."""
        numbers = iter(range(count))

        async def some() -> None:
            for _ in numbers:
                await self.connect(url, compress=False)

        await asyncio.gather(*(some() for _ in range(at_once)))
