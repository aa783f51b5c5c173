"""What a client of the benchmark must be able to do."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class BadAnswerError(Exception):
    """The client did not get what the server sends."""


@dataclass(frozen=True)
class Plan:
    """How the client shall use its connections."""

    concurrency: int
    limit: int
    """Connections at once; 0 is no limit."""
    fresh: bool
    authority: str | None
    """The file of the certificate authority to trust, when the scenario is over TLS."""

    def context(self) -> ssl.SSLContext | None:
        """The context that trusts the authority, if there is one."""
        return ssl.create_default_context(cafile=self.authority) if self.authority else None

    def certificates(self) -> bytes:
        """The certificates of the authority, for clients that take no context."""
        return Path(self.authority).read_bytes() if self.authority else b""


class Client(Protocol):
    """One client.

    The loops are in the clients, not around them, so that no call of the benchmark's own is
    counted with each request. Every loop is one worker; the workers of a scenario share the
    iterator of URLs. Each returns the bytes of all bodies and raises on a status but 200.
    """

    async def open(self, plan: Plan) -> None:
        """Make the session."""

    async def close(self) -> None:
        """Close the session and its connections."""

    async def get(self, urls: Iterator[str]) -> int:
        """GET every URL."""

    async def post(self, urls: Iterator[str], payload: dict[str, Any]) -> int:
        """POST a payload as JSON to every URL."""

    async def stream(self, urls: Iterator[str], chunk: int) -> int:
        """GET every URL by chunks."""
