"""The uvicorn of the tests' own: one process for HTTP, one for HTTPS, on free ports."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import pytest

import martlet
from daemons import free_ports, public_folder, running

from .world import LoopFactory, authority, client_context

__all__ = ["SCHEMES", "AsgiServer", "in_session", "serve_asgi"]

T = TypeVar("T")

SCHEMES: Final = pytest.mark.parametrize("scheme", ["http", "https"])

_OPTIONS: Final = (
    "client.asgi_app:app",
    *("--app-dir", str(Path(__file__).parents[1])),
    *("--http", "httptools"),
    *("--lifespan", "off"),
    *("--log-level", "error"),
    *("--timeout-keep-alive", "60"),
)


class AsgiServer(NamedTuple):
    http: str
    https: str
    authority_file: Path

    def base(self, scheme: str) -> str:
        return self.https if scheme == "https" else self.http


def in_session(
    loop_factory: LoopFactory,
    scenario: Callable[[martlet.ClientSession], Awaitable[T]],
    **options: Any,
) -> T:
    """Run *scenario* with a session that trusts the servers; the loop may not complain."""
    complaints: list[dict[str, Any]] = []

    async def main() -> T:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: complaints.append(context)
        )
        connector = martlet.TCPConnector(ssl=client_context())
        async with martlet.ClientSession(connector=connector, **options) as session:
            return await scenario(session)

    with asyncio.Runner(loop_factory=loop_factory) as runner:
        result = runner.run(main())
    assert complaints == []
    return result


@contextmanager
def serve_asgi() -> Iterator[AsgiServer]:
    """Run the servers until the end of the block."""
    with public_folder() as root:
        key, chain = root / "key.pem", root / "chain.pem"
        certificate = authority().issue_cert("127.0.0.1", "localhost")
        certificate.private_key_pem.write_to_path(str(key))
        for blob in certificate.cert_chain_pems:
            blob.write_to_path(str(chain), append=True)
        authority().cert_pem.write_to_path(str(root / "ca.pem"))
        port, tls_port = free_ports(2)
        tls = ("--ssl-keyfile", key, "--ssl-certfile", chain)
        with _uvicorn(port), _uvicorn(tls_port, *tls):
            yield AsgiServer(
                f"http://127.0.0.1:{port}", f"https://127.0.0.1:{tls_port}", root / "ca.pem"
            )


@contextmanager
def _uvicorn(port: int, *arguments: str | Path) -> Iterator[None]:
    options = ("-m", "uvicorn", *_OPTIONS, "--host", "127.0.0.1", "--port", str(port))
    with running(Path(sys.executable), *options, *arguments, ports=[port]):
        yield
