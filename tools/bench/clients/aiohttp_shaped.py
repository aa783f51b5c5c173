"""A client with aiohttp's client API: aiohttp itself and martlet."""

import importlib
from collections.abc import Iterator
from typing import Any

from .shape import BadAnswerError, Plan


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
