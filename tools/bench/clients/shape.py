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

    cookies: bool = False
    """The server sets cookies, and its host is an address."""
    traced: bool = False
    """Receivers count the beginnings, the ends and the connections that are used again."""

    def context(self) -> ssl.SSLContext | None:
        """The context that trusts the authority, if there is one."""
        return ssl.create_default_context(cafile=self.authority) if self.authority else None

    def certificates(self) -> bytes:
        """The certificates of the authority, for clients that take no context."""
        return Path(self.authority).read_bytes() if self.authority else b""


@dataclass(frozen=True)
class FilePart:
    """A file in a form."""

    name: str
    filename: str
    content_type: str
    content: bytes


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


class BodyClient(Client, Protocol):
    """A client for the scenarios of bodies and parameters, too, if it is not left out of them."""

    async def post_file(self, urls: Iterator[str], path: str) -> int:
        """POST a file, opened anew for each, to every URL."""

    async def post_form(self, urls: Iterator[str], fields: dict[str, str]) -> int:
        """POST fields, urlencoded, to every URL."""

    async def post_parts(self, urls: Iterator[str], fields: dict[str, str], file: FilePart) -> int:
        """POST fields and a file as multipart/form-data to every URL."""

    async def get_json(
        self, urls: Iterator[str], params: dict[str, str | int], headers: dict[str, str]
    ) -> int:
        """GET every URL with parameters and headers, by json(); the members of all objects."""

    async def chunks(self, urls: Iterator[str]) -> int:
        """GET every URL by the chunks that its server sent."""


class SocketClient(Protocol):
    """A client for the WebSocket scenarios; the loops are in it here too."""

    async def open(self, plan: Plan) -> None:
        """Make the session."""

    async def close(self) -> None:
        """Close the session and its sockets."""

    async def connect(self, url: str, *, compress: bool) -> None:
        """Open the socket of `echo`."""

    async def echo(self, messages: Iterator[str | bytes], flying: int, *, text: bool) -> int:
        """Have messages sent back, with so many at once; the length of all.

        Raises if the last that came back is another one.
        """

    async def rest(self, url: str, count: int, at_once: int) -> None:
        """Open sockets, so many at once, and keep them; nobody waits for what they receive."""
