"""niquests, its AsyncSession."""

import importlib
from collections.abc import Iterator
from typing import Any

from .shape import BadAnswerError, Client, FilePart, Plan


class Niquests:
    """niquests as a client of the benchmark."""

    def __init__(self) -> None:
        self._module: Any = importlib.import_module("niquests")
        self._session: Any = None

    async def open(self, plan: Plan) -> None:
        """Make the session."""
        self._session = self._module.AsyncSession(
            # It has no unlimited pool: as large as the scenario needs.
            pool_maxsize=plan.limit or plan.concurrency,
            # The authority of the benchmark has nobody to ask about revocation.
            revocation_configuration=None,
            disable_http2=True,
            disable_http3=True,
            headers={"Connection": "close"} if plan.fresh else None,
        )
        if plan.authority is not None:
            self._session.verify = plan.authority

    async def close(self) -> None:
        """Close the session and its connections."""
        await self._session.close()

    async def get(self, urls: Iterator[str]) -> int:
        """GET every URL."""
        session, size = self._session, 0
        for url in urls:
            response = await session.get(url)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size

    async def post(self, urls: Iterator[str], payload: dict[str, Any]) -> int:
        """POST a payload as JSON to every URL."""
        session, size = self._session, 0
        for url in urls:
            response = await session.post(url, json=payload)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size

    async def stream(self, urls: Iterator[str], chunk: int) -> int:
        """GET every URL by chunks."""
        session, size = self._session, 0
        for url in urls:
            response = await session.get(url, stream=True)
            async for part in await response.iter_content(chunk):
                size += len(part)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
            await response.close()
        return size

    async def post_form(self, urls: Iterator[str], fields: dict[str, str]) -> int:
        """POST fields, urlencoded, to every URL."""
        session, size = self._session, 0
        for url in urls:
            response = await session.post(url, data=fields)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size

    async def post_parts(self, urls: Iterator[str], fields: dict[str, str], file: FilePart) -> int:
        """POST fields and a file as multipart/form-data to every URL."""
        session, size = self._session, 0
        files = {file.name: (file.filename, file.content, file.content_type)}
        for url in urls:
            response = await session.post(url, data=fields, files=files)
            size += len(response.content)
            if response.status_code != 200:
                raise BadAnswerError(response.status_code)
        return size


def create() -> Client:
    """Build the client."""
    return Niquests()
