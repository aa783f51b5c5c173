"""Servers that tests start for themselves: in a temporary folder, on free ports of this machine."""

import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

__all__ = ["NGINX_OPENING", "free_ports", "public_folder", "running"]

NGINX_OPENING: Final = """
daemon off;
worker_processes 1;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    keepalive_requests 100000;
    client_max_body_size 0;
"""
"""How a configuration of nginx begins, for `str.format`: all that it writes is below *root*."""

_LOOPBACK: Final = "127.0.0.1"
_PAUSE: Final = 0.005


def free_ports(count: int) -> list[int]:
    """Find *count* different ports of 127.0.0.1 that nobody uses."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for sock in sockets:
            sock.bind((_LOOPBACK, 0))
        return [sock.getsockname()[1] for sock in sockets]


@contextmanager
def public_folder() -> Iterator[Path]:
    """Make a folder until the end of the block that all users may read.

    Servers that root starts become other users. Those cannot get into the folders that pytest
    makes: it closes what is above them whenever it starts.
    """
    with TemporaryDirectory(prefix="martlet-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def running(program: Path, *arguments: str | Path, ports: Sequence[int]) -> Iterator[None]:
    """Run *program* until the end of the block, which begins when all *ports* answer.

    Raises `RuntimeError` if it ends before.
    """
    process = subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL)
    try:
        for port in ports:
            _wait_until_up(port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_until_up(port: int, process: "subprocess.Popen[bytes]") -> None:
    while not _answers(port):
        try:
            status = process.wait(_PAUSE)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(f"{process.args!r} ended with {status}")


def _answers(port: int) -> bool:
    try:
        socket.create_connection((_LOOPBACK, port)).close()
    except ConnectionRefusedError:
        return False
    return True
