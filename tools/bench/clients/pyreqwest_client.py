"""pyreqwest, an asyncio client over Rust's reqwest."""

import importlib
from collections.abc import Iterator
from typing import Any

from .shape import BadAnswerError, Client, FilePart, Plan


class Pyreqwest:
    """pyreqwest as a client of the benchmark; its threads' CPU time is counted too."""

    def __init__(self) -> None:
        self._module: Any = importlib.import_module("pyreqwest.client")
        self._client: Any = None

    async def open(self, plan: Plan) -> None:
        """Make the session."""
        builder = self._module.ClientBuilder().http1_only()
        if plan.limit:
            builder = builder.max_connections(plan.limit)
        if plan.fresh:
            builder = builder.pool_max_idle_per_host(0)
        if plan.authority is not None:
            builder = builder.add_root_certificate_pem(plan.certificates())
        self._client = builder.build()

    async def close(self) -> None:
        """Close the session and its connections."""
        await self._client.close()

    async def get(self, urls: Iterator[str]) -> int:
        """GET every URL."""
        client, size = self._client, 0
        for url in urls:
            response = await client.get(url).build().send()
            size += len(await response.bytes())
            if response.status != 200:
                raise BadAnswerError(response.status)
        return size

    async def post(self, urls: Iterator[str], payload: dict[str, Any]) -> int:
        """POST a payload as JSON to every URL."""
        client, size = self._client, 0
        for url in urls:
            response = await client.post(url).body_json(payload).build().send()
            size += len(await response.bytes())
            if response.status != 200:
                raise BadAnswerError(response.status)
        return size

    async def stream(self, urls: Iterator[str], chunk: int) -> int:
        """GET every URL by chunks."""
        client, size = self._client, 0
        for url in urls:
            async with client.get(url).build_streamed() as response:
                reader = response.body_reader
                while part := await reader.read(chunk):
                    size += len(part)
                if response.status != 200:
                    raise BadAnswerError(response.status)
        return size

    async def post_form(self, urls: Iterator[str], fields: dict[str, str]) -> int:
        """POST fields, urlencoded, to every URL."""
        client, size = self._client, 0
        for url in urls:
            response = await client.post(url).form(fields).build().send()
            size += len(await response.bytes())
            if response.status != 200:
                raise BadAnswerError(response.status)
        return size

    async def post_parts(self, urls: Iterator[str], fields: dict[str, str], file: FilePart) -> int:
        """POST fields and a file as multipart/form-data to every URL."""
        multipart: Any = importlib.import_module("pyreqwest.multipart")
        client, size = self._client, 0
        for url in urls:
            part = multipart.PartBuilder.from_bytes(file.content)
            part = part.file_name(file.filename).mime(file.content_type)
            form = multipart.FormBuilder()
            for name, value in fields.items():
                form = form.text(name, value)
            response = await client.post(url).multipart(form.part(file.name, part)).build().send()
            size += len(await response.bytes())
            if response.status != 200:
                raise BadAnswerError(response.status)
        return size


def create() -> Client:
    """Build the client."""
    return Pyreqwest()
