"""httpx, its AsyncClient."""

import importlib
from collections.abc import Iterator
from typing import Any

from .shape import BadAnswerError, Client, FilePart, Plan


class Httpx:
    """httpx as a client of the benchmark."""

    def __init__(self) -> None:
        self._module: Any = importlib.import_module("httpx")
        self._client: Any = None

    async def open(self, plan: Plan) -> None:
        """Make the session."""
        limits = self._module.Limits(
            max_connections=plan.limit or None,
            max_keepalive_connections=0 if plan.fresh else None,
            # 1,000 requests at once take it longer than its default of 5 s.
            keepalive_expiry=None,
        )
        # Its default of 5 s covers the wait for a connection too: too short for 1,000 at once.
        self._client = self._module.AsyncClient(
            limits=limits, verify=plan.context() or True, timeout=300
        )

    async def close(self) -> None:
        """Close the session and its connections."""
        await self._client.aclose()

    async def get(self, urls: Iterator[str]) -> int:
        """GET every URL."""
        client, size = self._client, 0
        for url in urls:
            response = await client.get(url)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size

    async def post(self, urls: Iterator[str], payload: dict[str, Any]) -> int:
        """POST a payload as JSON to every URL."""
        client, size = self._client, 0
        for url in urls:
            response = await client.post(url, json=payload)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size

    async def stream(self, urls: Iterator[str], chunk: int) -> int:
        """GET every URL by chunks."""
        client, size = self._client, 0
        for url in urls:
            async with client.stream("GET", url) as response:
                async for part in response.aiter_bytes(chunk):
                    size += len(part)
                if response.status_code != 200:
                    raise BadAnswerError(response.status_code)
        return size

    async def post_form(self, urls: Iterator[str], fields: dict[str, str]) -> int:
        """POST fields, urlencoded, to every URL."""
        client, size = self._client, 0
        for url in urls:
            response = await client.post(url, data=fields)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size

    async def post_parts(self, urls: Iterator[str], fields: dict[str, str], file: FilePart) -> int:
        """POST fields and a file as multipart/form-data to every URL."""
        client, size = self._client, 0
        files = {file.name: (file.filename, file.content, file.content_type)}
        for url in urls:
            response = await client.post(url, data=fields, files=files)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size


def create() -> Client:
    """Build the client."""
    return Httpx()
