"""A client with aiohttp's client API: aiohttp itself and martlet."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .shape import BadAnswerError, FilePart, Plan


class AiohttpShaped:
    """The client of one module with aiohttp's names."""

    def __init__(self, module: str) -> None:
        self._module: Any = importlib.import_module(module)
        self._session: Any = None

    async def open(self, plan: Plan) -> None:
        """Make the session."""
        options: dict[str, Any] = {"limit": plan.limit, "force_close": plan.fresh}
        if plan.authority is not None:
            options["ssl"] = plan.context()
        connector = self._module.TCPConnector(**options)
        self._session = self._module.ClientSession(connector=connector)

    async def close(self) -> None:
        """Close the session and its connections."""
        await self._session.close()

    async def get(self, urls: Iterator[str]) -> int:
        """GET every URL."""
        session, size = self._session, 0
        for url in urls:
            async with session.get(url) as response:
                size += len(await response.read())
                if response.status != 200:
                    raise BadAnswerError(response.status)
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
